"""What the front end must do: one row per requirement, and how far a measurement is from its limit."""

from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Requirement:
    """A limit with a name; `low` or `high` is None where there is none."""

    text: str
    unit: str
    low: float | None = None
    high: float | None = None

    def margin(self, value: float) -> float:
        """The distance to the nearer limit in the unit of the requirement; negative when it is broken."""
        distances = [
            *([value - self.low] if self.low is not None else []),
            *([self.high - value] if self.high is not None else []),
        ]
        return min(distances)

    @property
    def limit(self) -> str:
        """The limits in words."""
        if self.low == self.high:
            return f"= {self.low:g} {self.unit}"
        if self.low is None:
            return f"≤ {self.high:g} {self.unit}"
        if self.high is None:
            return f"≥ {self.low:g} {self.unit}"
        return f"{self.low:g} … {self.high:g} {self.unit}"


@dataclass(frozen=True, slots=True)
class Measurement:
    """One number found at one corner with one stimulus."""

    requirement: str
    corner: str
    stimulus: str
    value: float

    @property
    def margin(self) -> float:
        """How far the value is on the good side of the limit."""
        return REQUIREMENTS[self.requirement].margin(self.value)


# The comparator switches at 1.45 V falling and 1.83 V rising; with the spread of its resistors, offset and bias
# current a node below LOW_V is surely low, above HIGH_V surely high, and on its way down it may switch at FALL_V.
LOW_V, FALL_V, HIGH_V = 1.35, 1.55, 1.95

REQUIREMENTS = MappingProxyType(
    {
        "RING-SEEN": Requirement("ringing of 40–105 V, 15–60 Hz is one unbroken low per burst", "lows", 1, 1),
        "RING-NODE": Requirement("… and the node stays away from the threshold all the while", "V", high=HIGH_V - 0.25),
        "RING-LATENCY": Requirement("RING follows the start of a burst", "ms", high=300),
        "RING-RELEASE": Requirement("RING follows the end of a burst", "ms", high=300),
        "DEAF-SPEECH": Requirement("loud speech, 5 V peak, does not ring (node)", "V", low=FALL_V),
        "DEAF-DTMF": Requirement("DTMF at 0 dBm a tone does not ring", "V", low=FALL_V),
        "DEAF-FSK": Requirement("caller ID by FSK at 0 dBm does not ring", "V", low=FALL_V),
        "DEAF-METERING": Requirement("metering pulses, 16 kHz, 10 V, do not ring", "V", low=FALL_V),
        "DEAF-DIAL": Requirement("dial pulses, 10 and 20 a second, do not ring", "V", low=FALL_V),
        "DEAF-HOOK": Requirement("lifting, flashing and hanging up do not ring", "V", low=FALL_V),
        "DEAF-REVERSAL": Requirement("reversals of polarity do not ring", "V", low=FALL_V),
        "LOOP-SEEN": Requirement("10–120 mA of either polarity is off-hook (node)", "V", high=LOW_V),
        "LOOP-DEAF": Requirement("100 µA of leakage is on-hook (node)", "V", low=HIGH_V),
        "LOOP-DROP-10": Requirement("voltage taken from the phone on a long line, 10 mA", "V", high=2.5),
        "LOOP-DROP-120": Requirement("voltage taken from the phone on a short line, 120 mA", "V", high=4.5),
        "LOOP-PULSES": Requirement("a dial pulse of 33 ms keeps its length on LOOP", "ms", 28, 38),
        "LINE-LEAK": Requirement("on-hook resistance at 100 V", "MΩ", low=5),
        "LINE-LOAD": Requirement("load on the ringing supply, 90 V 25 Hz", "REN", high=0.6),
        "LINE-LOSS": Requirement("speech lost between exchange and phone, 300–3400 Hz", "dB", high=1.0),
        "TAP-LEVEL": Requirement("sound input below the line at 1 kHz", "dB", -28, -14),
        "TAP-FLAT": Requirement("response of the sound input, 300–3400 Hz", "dB", high=4.0),
        "TAP-RING": Requirement("ringing at the sound input, peak", "V", high=1.2),
        "SURGE-LED": Requirement("LED current in a surge of a millisecond, peak", "A", high=0.3),
        "SURGE-VARISTOR": Requirement("varistor energy in a surge", "J", high=125),
        "SURGE-RESISTOR": Requirement("energy in one pulse-proof resistor in a surge", "J", high=2.0),
        "SURGE-CAPACITOR": Requirement("voltage across an X2 capacitor in a surge", "V", high=2500),
        "SURGE-DIODE": Requirement("current of a loop diode in a surge, phone shorted", "A", high=200),
        "HEAT-RESISTOR": Requirement("power in R1 while 105 V 60 Hz rings for ever", "W", high=0.6),
        "CORE-RINGS": Requirement("ring counts of the core that are wrong", "calls", high=0),
        "CORE-HOOK": Requirement("error of hang-up times, and of answers in a pause of the ringing", "ms", high=60),
        "CORE-TRIP": Requirement("error of answers in the midst of a burst", "ms", high=500),
    }
)
