"""What the telephone network of each country does by default: ringing cadence, tones, flash window.

Cadences and tones are those of the project's table of tones; flash windows are looked up, and weak where no standard
could be found: each of them is a setting.
"""


class Country:
    """The defaults of one country.

    `ring_ms` is the ringing cadence (on, off, on, off, ...), `alert_max_ms` the longest lone burst ahead of the first
    ring that carries caller ID, `flash_ms` the shortest and longest loop break that the exchange takes for a flash.
    A tone is `(hertz, cadence)`: one frequency or the sum of two; an empty cadence is a steady tone. India's dial tone
    is 400 Hz modulated with 25 Hz, and stands here by its carrier.
    """

    __slots__ = ("alert_max_ms", "busy", "code", "congestion", "dial_hz", "flash_ms", "ring_ms")

    def __init__(
        self,
        code: str,
        *,
        ring_ms: tuple[int, ...],
        flash_ms: tuple[int, int],
        dial_hz: tuple[int, ...],
        busy: tuple[tuple[int, ...], tuple[int, ...]],
        congestion: tuple[tuple[int, ...], tuple[int, ...]],
        alert_max_ms: int = 0,
    ) -> None:
        self.code = code
        self.ring_ms = ring_ms
        self.flash_ms = flash_ms
        self.dial_hz = dial_hz
        self.busy = busy
        self.congestion = congestion
        self.alert_max_ms = alert_max_ms

    @property
    def ring_cycle_ms(self) -> int:
        """Length of one ring with its silence."""
        return sum(self.ring_ms)

    @property
    def ring_on_ms(self) -> int:
        """Length of one ring from its first to its last sound."""
        return sum(self.ring_ms[:-1])


_DOUBLE_RING = (400, 200, 400, 2000)
_AMERICAN_DIAL = (350, 440)
_AMERICAN_BUSY = ((480, 620), (500, 500))
_AMERICAN_CONGESTION = ((480, 620), (250, 250))

_ALL = (
    Country(
        "CN",
        ring_ms=(1000, 4000),
        flash_ms=(50, 180),
        dial_hz=(450,),
        busy=((450,), (350, 350)),
        congestion=((450,), (700, 700)),
    ),
    Country(
        "US",
        ring_ms=(2000, 4000),
        flash_ms=(300, 1000),
        dial_hz=_AMERICAN_DIAL,
        busy=_AMERICAN_BUSY,
        congestion=_AMERICAN_CONGESTION,
    ),
    Country(
        "CA",
        ring_ms=(2000, 4000),
        flash_ms=(300, 1000),
        dial_hz=_AMERICAN_DIAL,
        busy=_AMERICAN_BUSY,
        congestion=_AMERICAN_CONGESTION,
    ),
    Country(
        "GB",
        ring_ms=_DOUBLE_RING,
        flash_ms=(53, 103),
        dial_hz=(350, 440),
        busy=((400,), (375, 375)),
        congestion=((400,), (400, 350, 225, 525)),
    ),
    Country(
        "DE",
        ring_ms=(1000, 4000),
        flash_ms=(90, 120),
        dial_hz=(425,),
        busy=((425,), (480, 480)),
        congestion=((425,), (240, 240)),
    ),
    Country(
        "FR",
        ring_ms=(1500, 3500),
        flash_ms=(90, 120),
        dial_hz=(440,),
        busy=((440,), (500, 500)),
        congestion=((440,), (250, 250)),
    ),
    Country(
        "JP",
        ring_ms=(1000, 2000),
        flash_ms=(96, 768),
        dial_hz=(400,),
        busy=((400,), (500, 500)),
        congestion=((400,), (500, 500)),
    ),
    Country(
        "SG",
        ring_ms=_DOUBLE_RING,
        flash_ms=(50, 180),
        dial_hz=(425,),
        busy=((425,), (750, 750)),
        congestion=((425,), (250, 250)),
    ),
    Country(
        "IN",
        ring_ms=_DOUBLE_RING,
        flash_ms=(50, 180),
        dial_hz=(400,),
        busy=((400,), (750, 750)),
        congestion=((400,), (250, 250)),
    ),
    Country(
        "AU",
        ring_ms=_DOUBLE_RING,
        flash_ms=(50, 180),
        dial_hz=(413, 438),
        busy=((425,), (375, 375)),
        congestion=((425,), (375, 375)),
        alert_max_ms=800,
    ),
    Country(
        "BR",
        ring_ms=(1000, 4000),
        flash_ms=(50, 180),
        dial_hz=(425,),
        busy=((425,), (250, 250)),
        congestion=((425,), (250, 250, 750, 250)),
    ),
    Country(
        "HK",
        ring_ms=(400, 200, 400, 3000),
        flash_ms=(50, 180),
        dial_hz=(350, 440),
        busy=_AMERICAN_BUSY,
        congestion=_AMERICAN_CONGESTION,
    ),
)

COUNTRIES = {country.code: country for country in _ALL}
