"""What the telephone network of each country does to the core's inputs by default: ringing cadence and flash window.

Cadences are those of the project's table of tones; flash windows are looked up, and weak where no standard could be
found: each of them is a setting.
"""

# Cadences are on/off/on/off in milliseconds, a flash is its shortest/longest break; alert is the longest lone burst
# ahead of the first ring that carries caller ID. Text, because a Pico would need many times the memory for tuples, and
# is told one country only.
#   ring              flash     alert
TABLE = """
CN  1000/4000         50/180    0
US  2000/4000         300/1000  0
CA  2000/4000         300/1000  0
GB  400/200/400/2000  53/103    0
DE  1000/4000         90/120    0
FR  1500/3500         90/120    0
JP  1000/2000         96/768    0
SG  400/200/400/2000  50/180    0
IN  400/200/400/2000  50/180    0
AU  400/200/400/2000  50/180    800
BR  1000/4000         50/180    0
HK  400/200/400/3000  50/180    0
"""


class Country:
    """The defaults of one country.

    `ring_ms` is the ringing cadence, `ring_cycle_ms` the length of one ring with its silence and `ring_on_ms` from its
    first to its last sound. `flash_ms` are the shortest and the longest loop break that the exchange takes for a flash.
    `alert_max_ms` is the longest lone burst ahead of the first ring that carries caller ID; 0: there is none.
    """

    def __init__(self, code: str) -> None:
        """Look up the country `code`, one of `codes`."""
        _, ring, flash, alert = TABLE[TABLE.index("\n" + code) :].split(None, 4)[:4]
        self.code = code
        self.ring_ms = _numbers(ring)
        self.ring_cycle_ms = sum(self.ring_ms)
        self.ring_on_ms = self.ring_cycle_ms - self.ring_ms[-1]
        self.flash_ms = _numbers(flash)
        self.alert_max_ms = int(alert)


def codes() -> tuple[str, ...]:
    """Return the codes of all countries."""
    return tuple([line[:2] for line in TABLE.strip().split("\n")])


def _numbers(text: str) -> tuple[int, ...]:
    return tuple([int(number) for number in text.split("/")])
