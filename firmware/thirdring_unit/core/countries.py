"""What the telephone network of each country does by default: ringing cadence, flash window, tones.

Cadences and tones are those of the project's table of tones; flash windows are looked up, and weak where no standard
could be found: each of them is a setting. India's dial tone is 400 Hz modulated with 25 Hz, and stands by its carrier.
"""

# Cadences are on/off/on/off in milliseconds, a sum of frequencies is f+f in hertz, a flash is its shortest/longest
# break; alert is the longest lone burst ahead of the first ring that carries caller ID. Text, so that it can be held
# beside the table of tones.
#       ring                flash     dial     busy             congestion            alert
TABLE = """
    CN  1000/4000           50/180    450      450 350/350      450 700/700             0
    US  2000/4000           300/1000  350+440  480+620 500/500  480+620 250/250         0
    CA  2000/4000           300/1000  350+440  480+620 500/500  480+620 250/250         0
    GB  400/200/400/2000    53/103    350+440  400 375/375      400 400/350/225/525     0
    DE  1000/4000           90/120    425      425 480/480      425 240/240             0
    FR  1500/3500           90/120    440      440 500/500      440 250/250             0
    JP  1000/2000           96/768    400      400 500/500      400 500/500             0
    SG  400/200/400/2000    50/180    425      425 750/750      425 250/250             0
    IN  400/200/400/2000    50/180    400      400 750/750      400 250/250             0
    AU  400/200/400/2000    50/180    413+438  425 375/375      425 375/375           800
    BR  1000/4000           50/180    425      425 250/250      425 250/250/750/250     0
    HK  400/200/400/3000    50/180    350+440  480+620 500/500  480+620 250/250         0
"""


class Country:
    """The defaults of one country, read from its line of the table when they are asked for."""

    __slots__ = ("_line", "code")

    def __init__(self, line: str) -> None:
        self._line = line
        self.code = line.strip()[:2]

    @property
    def ring_ms(self) -> tuple[int, ...]:
        """The ringing cadence."""
        return self._numbers(1)

    @property
    def ring_cycle_ms(self) -> int:
        """Length of one ring with its silence."""
        return sum(self.ring_ms)

    @property
    def ring_on_ms(self) -> int:
        """Length of one ring from its first to its last sound."""
        return sum(self.ring_ms[:-1])

    @property
    def flash_ms(self) -> tuple[int, ...]:
        """The shortest and the longest loop break that the exchange takes for a flash."""
        return self._numbers(2)

    @property
    def dial_hz(self) -> tuple[int, ...]:
        """The frequencies of dial tone."""
        return self._numbers(3)

    @property
    def busy(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The frequencies and the cadence of busy tone."""
        return self._numbers(4), self._numbers(5)

    @property
    def congestion(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The frequencies and the cadence of congestion tone."""
        return self._numbers(6), self._numbers(7)

    @property
    def alert_max_ms(self) -> int:
        """The longest lone burst ahead of the first ring that carries caller ID; 0: there is none."""
        return self._numbers(8)[0]

    def _numbers(self, column: int) -> tuple[int, ...]:
        return tuple(int(number) for number in self._line.split()[column].replace("+", "/").split("/"))


COUNTRIES = {country.code: country for country in (Country(line) for line in TABLE.strip().split("\n"))}
