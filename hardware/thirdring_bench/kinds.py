"""The kinds of parts: their pins, in the order of their numbers, and which of them an insulation keeps apart."""

from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType


class PinType(Enum):
    """What a pin does to its net, for the electrical rule check; the values are SKiDL's names."""

    PASSIVE = "PASSIVE"
    INPUT = "INPUT"
    OPEN_COLLECTOR = "OPENCOLL"
    POWER_IN = "PWRIN"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of part.

    `pins` are (name, type); `islands` are the groups of pin numbers that insulation separates: a part of several
    islands is an isolator, and may bridge the barrier. `symbol` is KiCad's symbol with the same pins ("" if none has).
    """

    pins: tuple[tuple[str, PinType], ...]
    symbol: str = ""
    islands: tuple[tuple[int, ...], ...] = ()

    def connected(self, pin: int) -> tuple[int, ...]:
        """The pin numbers (from 1) that a fault voltage on `pin` reaches inside the part."""
        for island in self.islands:
            if pin in island:
                return island
        return tuple(range(1, len(self.pins) + 1))


def _passive(*names: str) -> tuple[tuple[str, PinType], ...]:
    return tuple((name, PinType.PASSIVE) for name in names)


def _numbered(count: int) -> tuple[tuple[str, PinType], ...]:
    return _passive(*(f"Pin_{number}" for number in range(1, count + 1)))


_TWO = _passive("~", "~")
_DIODE = _passive("K", "A")
_IN, _OUT = PinType.INPUT, PinType.OPEN_COLLECTOR
_COMPARATOR = (
    ("OUT", _OUT),
    ("-", _IN),
    ("+", _IN),
    ("V-", PinType.POWER_IN),
    ("+", _IN),
    ("-", _IN),
    ("OUT", _OUT),
    ("V+", PinType.POWER_IN),
)

KINDS = MappingProxyType(
    {
        "resistor": Kind(_TWO, "Device:R"),
        "capacitor": Kind(_TWO, "Device:C"),
        "ptc": Kind(_TWO, "Device:Polyfuse"),
        "varistor": Kind(_TWO, "Device:Varistor"),
        "diode": Kind(_DIODE, "Diode:1N5408"),
        "zener": Kind(_DIODE, "Device:D_Zener"),
        "diode_pair": Kind(_passive("A", "K", "K")),
        "esd_pair": Kind(_passive("K", "K", "A")),
        "opto": Kind(_passive("A", "K", "E", "C"), "Isolator:LTV-814", islands=((1, 2), (3, 4))),
        "transformer": Kind(_passive("AA", "AB", "SA", "SB"), "Device:Transformer_1P_1S", islands=((1, 2), (3, 4))),
        "dual_comparator": Kind(_COMPARATOR, "Comparator:LM393"),
        "mosfet": Kind((("G", PinType.INPUT), *_passive("S", "D")), "Transistor_FET:AO3400A"),
        "jack": Kind(_passive("T", "S")),
        "plug_2": Kind(_numbered(2), "Connector_Generic:Conn_01x02"),
        "plug_4": Kind(_numbered(4), "Connector_Generic:Conn_01x04"),
        "plug_8": Kind(_numbered(8), "Connector_Generic:Conn_01x08"),
        "header_7": Kind(_numbered(7), "Connector_Generic:Conn_01x07"),
        "header_40": Kind(_numbered(40), "Connector_Generic:Conn_02x20_Odd_Even"),
    }
)
