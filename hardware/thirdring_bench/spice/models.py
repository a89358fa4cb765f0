"""SPICE lines for each kind of part, at a corner."""

from collections.abc import Callable
from types import MappingProxyType

from thirdring_bench.circuit import Part
from thirdring_bench.spice.corner import Corner
from thirdring_bench.units import quantity

MODELS = (
    ".model rectifier D(is=8n n=1.75 rs=0.015 cjo=100p tt=2u bv=1000)",
    ".model led D(is=6e-17 n=1.55 rs=1.5 cjo=25p)",
    ".model signal D(is=2.5n n=1.75 rs=0.6 cjo=2p tt=4n bv=100)",
)
CTR_KNEE_A = 0.2e-3  # the current transfer ratio is given at 1 mA and falls below that
DARK_A, DARK_HOT_A = 1e-8, 5e-7  # collector-emitter leakage of the optocoupler
SATURATION_OHM = 100  # of the comparator's open collector
# The comparator's positive feedback has two solutions: unless it switches this softly and slowly, the solver jumps
# from one to the other at a step of its own choice.
SOFT_V, LAG_S = 0.04, 0.002
VARISTOR_EXPONENT = 21.6  # 470 V at 1 mA, 775 V at 50 A
CAPACITOR_LEAK_S = 5000  # ohm-farads: the least insulation of film capacitors; ceramic ones are used at low voltage


def _net(name: str) -> str:
    return "0" if name == "GND" else name.lower()


def _nets(part: Part) -> list[str]:
    return [_net(name) if name else f"open_{part.ref.lower()}_{pin}" for pin, name in enumerate(part.nets, 1)]


def _value(part: Part, corner: Corner) -> float:
    return quantity(part.item.value) * corner.factor(part.item)


def _resistor(part: Part, corner: Corner) -> list[str]:
    return [f"R{part.ref} {' '.join(_nets(part))} {_value(part, corner):.6g}"]


def _capacitor(part: Part, corner: Corner) -> list[str]:
    farad = _value(part, corner)
    nets = " ".join(_nets(part))
    return [f"C{part.ref} {nets} {farad:.6g}", f"R{part.ref}leak {nets} {CAPACITOR_LEAK_S / farad:.6g}"]


def _varistor(part: Part, corner: Corner) -> list[str]:
    one, other = _nets(part)
    volts = _value(part, corner)
    v = f"v({one},{other})"
    return [
        f"B{part.ref} {one} {other} I=1e-3*sgn({v})*pow(abs({v})/{volts:.6g},{VARISTOR_EXPONENT})",
        f"C{part.ref} {one} {other} 400p",
        f"R{part.ref}leak {one} {other} 100meg",
    ]


def _diode(part: Part, _corner: Corner) -> list[str]:
    cathode, anode = _nets(part)
    return [f"D{part.ref} {anode} {cathode} rectifier"]


def _zener(part: Part, corner: Corner) -> list[str]:
    cathode, anode = _nets(part)
    volts = _value(part, corner)
    return [
        f"D{part.ref} {anode} {cathode} zener_{part.ref}",
        f".model zener_{part.ref} D(is=1n n=1.6 rs=2 cjo=80p bv={volts:.6g} ibv=5m)",
    ]


def _diode_pair(part: Part, _corner: Corner) -> list[str]:
    anode, cathode, middle = _nets(part)
    return [f"D{part.ref}a {anode} {middle} signal", f"D{part.ref}b {middle} {cathode} signal"]


def _opto(part: Part, corner: Corner) -> list[str]:
    anode, cathode, emitter, collector = _nets(part)
    limits = part.item.limits
    ctr = corner.between(limits["ctr_pct"], corner.gain) / 100 * (limits["ctr_aged"] if corner.gain < 0 else 1)
    inside, sense = f"{part.ref}_led", f"V{part.ref}led"
    led_a = f"i({sense})"
    light = f"{1 + CTR_KNEE_A / 1e-3:.6g}*{led_a}*{led_a}/(abs({led_a})+{CTR_KNEE_A})"
    across = f"v({collector},{emitter})"
    return [
        f"{sense} {anode} {inside} 0",
        f"D{part.ref}a {inside} {cathode} led",
        f"D{part.ref}b {cathode} {inside} led",
        f"B{part.ref} {collector} {emitter} I={ctr:.6g}*{light}*tanh({across}/0.12)",
        f"I{part.ref} {collector} {emitter} {DARK_HOT_A if corner.hot else DARK_A}",
        f"C{part.ref} {collector} {emitter} 10p",
    ]


def _transformer(part: Part, corner: Corner) -> list[str]:
    one, two, three, four = _nets(part)
    limits = part.item.limits
    henry = corner.between(limits["primary_h"], corner.drive)
    ohm = corner.between(limits["winding_ohm"], -corner.drive)
    coupling = (1 - limits["leakage_h"] / henry) ** 0.5
    ref = part.ref
    return [
        f"R{ref}p {one} {ref}_p {ohm:.6g}",
        f"L{ref}p {ref}_p {two} {henry:.6g}",
        f"R{ref}s {three} {ref}_s {ohm:.6g}",
        f"L{ref}s {ref}_s {four} {henry:.6g}",
        f"K{ref} L{ref}p L{ref}s {coupling:.8g}",
    ]


def _comparator(part: Part, corner: Corner) -> list[str]:
    out1, minus1, plus1, _, plus2, minus2, out2, _ = _nets(part)
    offset_v, bias_a = part.item.limits["offset_v"] * corner.gain, part.item.limits["bias_a"] * corner.hot
    lines = []
    for unit, out, minus, plus in (("a", out1, minus1, plus1), ("b", out2, minus2, plus2)):
        state = f"{part.ref}{unit}_on"
        lines += [
            f"B{part.ref}{unit}in {state}_at_once 0 V=(1+tanh((v({minus},{plus})-({offset_v}))/{SOFT_V}))/2",
            f"R{part.ref}{unit}lag {state}_at_once {state} 1k",
            f"C{part.ref}{unit}lag {state} 0 {LAG_S / 1000}",
            f"B{part.ref}{unit}out {state}_out 0 V=v(3v3)*(1-v({state}))",
            f"R{part.ref}{unit}out {state}_out {out} {SATURATION_OHM}",
            f"I{part.ref}{unit} 0 {plus} {bias_a}",
        ]
    return lines


_LINES: MappingProxyType[str, Callable[[Part, Corner], list[str]]] = MappingProxyType(
    {
        "resistor": _resistor,
        "ptc": _resistor,
        "capacitor": _capacitor,
        "varistor": _varistor,
        "diode": _diode,
        "zener": _zener,
        "diode_pair": _diode_pair,
        "opto": _opto,
        "transformer": _transformer,
        "dual_comparator": _comparator,
    }
)
_NOTHING = frozenset({"plug_2", "jack"})  # connectors are only names of nets


def spice_lines(part: Part, corner: Corner) -> list[str]:
    """The SPICE elements of `part` at `corner`; connectors have none."""
    return [] if part.item.kind in _NOTHING else _LINES[part.item.kind](part, corner)
