"""The schematic by schemdraw, on four A4 sheets; references and values come from the board's tables."""

from collections.abc import Iterator

import schemdraw.elements as elm

from thirdring_bench.circuit import Circuit
from thirdring_bench.draw.connectivity import Point
from thirdring_bench.draw.draft import Draft
from thirdring_bench.draw.svg import LINE_SIDE, QUIET, Sheet, framed
from thirdring_bench.pins import load_pins
from thirdring_bench.targets import PI


def _comparator(draft: Draft, node: Point, unit: str, refs: tuple[str, str, str, str], net: str) -> None:
    """One half of U3 behind `node`: `refs` are step, hysteresis, pull-up and series resistor."""
    step, hysteresis, pull_up, series = refs
    x, y = node
    plus, out = (x + 3.5, y), (x + 8, y - 0.625)
    draft.part(step, node, plus)
    draft.wire(plus, (x + 5, y), dots=(plus,))
    draft.add(elm.Opamp(sign=False).theta(0).anchor("in1").at((x + 5, y)))
    draft.words((x + 5.15, y - 0.12), "+", "black", 11)
    draft.words((x + 5.15, y - 1.38), "–", "black", 11)
    draft.words((x + 5.5, y - 2.2), f"U3{unit}  {draft.circuit['U3'].item.value}", "black")
    numbers = {"A": (3, 2, 1), "B": (5, 6, 7)}[unit]
    for number, point in zip(numbers, ((x + 5, y), (x + 5, y - 1.25), (x + 7.165, y - 0.625)), strict=True):
        draft.pin("U3", number, point)
    draft.wire(plus, (x + 3.5, y + 2))
    draft.part(hysteresis, (x + 3.5, y + 2), (x + 8, y + 2))
    draft.wire((x + 8, y + 2), out, (x + 7.165, y - 0.625), dots=(out,))
    draft.wire(out, (x + 9.5, y - 0.625), dots=((x + 9.5, y - 0.625),))
    draft.part(pull_up, (x + 9.5, y + 3), (x + 9.5, y - 0.625), "bottom")
    draft.supply((x + 9.5, y + 3))
    draft.part(series, (x + 9.5, y - 0.625), (x + 12.5, y - 0.625))
    draft.net((x + 12.5, y - 0.625), net)
    draft.wire((x + 5, y - 1.25), (x + 4.2, y - 1.25), (x + 4.2, y - 2.6))


def _ring(draft: Draft) -> str:
    draft.net((0, 10), "J1.1  line A", "left")
    draft.net((0, 0), "J1.2  line B", "left")
    draft.part("F1", (0, 10), (3, 10))
    draft.wire((3, 10), (11, 10), dots=((4.5, 10), (8, 10)))
    draft.net((11, 10), "A  (sheets 2, 3)")
    draft.wire((0, 0), (15, 0), dots=((4.5, 0), (13.5, 0)))
    draft.net((15, 0), "LINE_B")
    draft.part("RV1", (4.5, 10), (4.5, 0), "bottom")
    draft.part("C1", (8, 10), (8, 8.2))
    draft.part("R1", (8, 8.2), (8, 6))
    draft.part("D1", (8, 6), (10.5, 6), reverse=True)
    draft.part("D2", (10.5, 6), (13, 6))
    draft.wire((13, 6), (16, 6), dots=((13.5, 6), (13.5, 4)))
    draft.part("R3", (13.5, 6), (13.5, 4))
    draft.wire((13.5, 4), (16, 4))
    draft.part("R2", (13.5, 4), (13.5, 0))
    draft.opto("U1", (16, 6), (20.5, 6))
    draft.barrier(18.25, 10.8, -0.8)
    draft.words((15.2, 11.1), "telephone line", LINE_SIDE)
    draft.words((18.8, 11.1), "safe side")
    draft.wire((20.5, 4), (20.5, 3.2))
    draft.ground((20.5, 3.2))
    draft.part("R4", (20.5, 6), (23.5, 6))
    draft.part("R5", (23.5, 9), (23.5, 6), "bottom")
    draft.supply((23.5, 9))
    draft.part("C2", (23.5, 6), (23.5, 3.2))
    draft.ground((23.5, 3.2))
    draft.wire((23.5, 6), (24, 6), dots=((23.5, 6),))
    _comparator(draft, (24, 6), "A", ("R10", "R12", "R14", "R16"), "RING")
    draft.net((28.2, 3.4), "REF  (sheet 2)")
    draft.words(
        (0, -1.8),
        "RING is low while it rings: AC of more than about 30 V peak lights U1. Speech, tones, pulses do not.",
    )
    return "ring detector"


def _loop(draft: Draft) -> str:
    draft.net((0, 10), "A  (sheet 1)", "left")
    draft.wire((0, 10), (11, 10), dots=((3, 10), (5.5, 10), (8, 10)))
    draft.part("R6", (3, 10), (3, 1), "bottom")
    for upper, ref in zip((10, 7, 4), ("D3", "D4", "D5"), strict=True):
        draft.part(ref, (5.5, upper), (5.5, upper - 3), "bottom")
    for upper, ref in zip((10, 7, 4), ("D8", "D7", "D6"), strict=True):
        draft.part(ref, (8, upper), (8, upper - 3), "bottom", reverse=True)
    draft.part("R7", (11, 10), (11, 7), "bottom")
    draft.wire((11, 7), (11, 6), (13, 6))
    draft.opto("U2", (13, 6), (17.5, 6))
    draft.wire((13, 4), (11, 4), (11, 1))
    draft.wire((0, 1), (11, 1), dots=((3, 1), (5.5, 1), (8, 1)))
    draft.net((0, 1), "J2.1  phone A", "left")
    draft.net((0, -0.6), "J2.2  phone B", "left")
    draft.wire((0, -0.6), (3, -0.6))
    draft.net((3, -0.6), "LINE_B  (sheet 1)")
    draft.barrier(15.25, 10.8, -0.8)
    draft.words((12.2, 11.1), "telephone line", LINE_SIDE)
    draft.words((15.8, 11.1), "safe side")
    draft.wire((17.5, 4), (17.5, 3.2))
    draft.ground((17.5, 3.2))
    draft.wire((17.5, 6), (18.5, 6), dots=((18.5, 6),))
    draft.part("R8", (18.5, 9), (18.5, 6), "bottom")
    draft.supply((18.5, 9))
    draft.part("R9", (18.5, 6), (21.5, 6))
    draft.part("C3", (21.5, 6), (21.5, 3.2))
    draft.ground((21.5, 3.2))
    draft.wire((21.5, 6), (22, 6), dots=((21.5, 6),))
    _comparator(draft, (22, 6), "B", ("R11", "R13", "R15", "R17"), "LOOP")
    draft.wire((26.2, 3.4), (26.2, 2.4), (28.4, 2.4), dots=((26.2, 2.4), (28.4, 2.4)))
    draft.net((26.2, 2.4), "REF", "left")
    draft.part("R19", (26.2, 2.4), (26.2, -0.4))
    draft.ground((26.2, -0.4))
    draft.part("C4", (28.4, 2.4), (28.4, -0.4), "bottom")
    draft.ground((28.4, -0.4))
    draft.part("R18", (28.4, 2.4), (31.4, 2.4))
    draft.supply((31.4, 2.4))
    draft.part("C5", (34, 2.4), (34, -0.4), "bottom")
    draft.supply((34, 2.4), "5V")
    draft.ground((34, -0.4))
    draft.words((30.2, -1.6), "U3: pin 8 = 5V, pin 4 = GND")
    draft.words((0, -1.9), "LOOP is low while the phone draws current (off-hook). Nothing hangs across the pair.")
    return "loop-current detector"


def _tap_and_lights(draft: Draft) -> str:
    draft.net((0, 10), "A  (sheet 1)", "left")
    draft.net((0, 7), "LINE_B  (sheet 1)", "left")
    draft.part("C6", (0, 10), (3, 10))
    draft.part("R70", (3, 10), (6, 10))
    draft.part("C7", (0, 7), (3, 7))
    draft.part("R71", (3, 7), (6, 7))
    windings = draft.add(elm.Transformer(t1=5, t2=5).theta(0).anchor("p2").at((7.5, 7.6)))
    for number, point in enumerate((windings.p1, windings.p2, windings.s1, windings.s2), start=1):
        draft.pin("T1", number, tuple(point))
    draft.wire((6, 10), (7.5, 10), (7.5, 9.6))
    draft.wire((6, 7), (7.5, 7), (7.5, 7.6))
    draft.words((8.3, 10.6), draft.label("T1").replace("\n", "  "), "black")
    draft.barrier(8, 11.8, 5.6)
    draft.words((4.9, 12), "telephone line", LINE_SIDE)
    draft.words((8.5, 12), "safe side")
    draft.wire((8.5, 9.6), (8.5, 10), (15.5, 10), dots=((10.5, 10), (13, 10), (15, 10)))
    draft.wire((8.5, 7.6), (8.5, 7), (15, 7), dots=((10.5, 7), (13, 7)))
    draft.ground((8.5, 7))
    draft.part("R72", (10.5, 10), (10.5, 7), "bottom")
    for number, point in ((3, (13, 10)), (1, (13, 7)), (2, (15, 7)), (3, (15, 10))):
        draft.pin("D9", number, point)
    draft.add(elm.Diode().endpoints((13, 10), (13, 7)))
    draft.add(elm.Diode().endpoints((15, 7), (15, 10)).label(draft.label("D9"), loc="bottom", fontsize=13))
    draft.part("C8", (15.5, 10), (18.5, 10))
    draft.part("R73", (18.5, 10), (21.5, 10))
    draft.net((21.5, 10), "J3.1  sound, to a sound card")
    x, y = _light(draft, (0, 3.5), "VIP", ("R60", "Q1"), "R63")
    draft.wire((x, y), (x, 4.9), (13, 4.9), dots=((11, 4.9),))
    draft.net((13, 4.9), "J7.2  beacon –")
    draft.part("D11", (11, 4.9), (11, 2.4), "bottom")
    draft.wire((11, 2.4), (19, 2.4), dots=((11, 2.4), (16, 2.4)))
    draft.wire((13, 2.4), (13, 3), dots=((13, 2.4),))
    draft.net((13, 3), "J7.1  beacon +")
    draft.part("D10", (16, 0), (16, 2.4), "bottom")
    draft.ground((16, 0))
    draft.part("F2", (19, 2.4), (22, 2.4))
    draft.net((22, 2.4), "J6.1  12 V in  (J6.2 = GND)")
    x, y = _light(draft, (0, -1.5), "VIP", ("R61", "Q2"), "")
    draft.wire((x, y), (x, -0.2), (13, -0.2), dots=((11, -0.2),))
    _clamp(draft, 1, (11, -0.2))
    draft.net((13, -0.2), "J8.2  VIP LED –")
    x, y = _light(draft, (0, -5), "PROMPT", ("R62", "Q3"), "R64")
    draft.wire((x, y), (x, -3.7), (13, -3.7), dots=((11, -3.7),))
    _clamp(draft, 2, (11, -3.7))
    draft.net((13, -3.7), "J8.4  prompt LED –")
    for y, ref, pin in ((-1.5, "R65", "J8.1  VIP LED +"), (-5, "R66", "J8.3  prompt LED +")):
        draft.wire((18.5, y + 0.8), (19, y + 0.8))
        draft.supply((18.5, y + 0.8))
        draft.part(ref, (19, y + 0.8), (22, y + 0.8))
        draft.net((22, y + 0.8), pin)
    return "sound tap and lights"


def _clamp(draft: Draft, line: int, at: Point) -> None:
    """One line of D12 to ground."""
    x, y = at
    draft.add(elm.DiodeTVS().endpoints(at, (x, y - 2)).label(draft.label("D12"), loc="bottom", fontsize=13))
    draft.pin("D12", line, at)
    draft.pin("D12", 3, (x, y - 2))
    draft.ground((x, y - 2))


def _light(draft: Draft, at: Point, net: str, refs: tuple[str, str], down: str) -> Point:
    """A low-side switch: gate resistor and transistor `refs`, pull-down `down` at the net; returns its drain."""
    (x, y), (gate, switch) = at, refs
    draft.net((x, y), net, "left")
    draft.wire((x, y), (x + 1.8, y))
    if down:
        draft.wire((x + 1.8, y), (x + 1.8, y), dots=((x + 1.8, y),))
        draft.part(down, (x + 1.8, y), (x + 1.8, y - 2.2), "bottom")
        draft.ground((x + 1.8, y - 2.2))
    draft.part(gate, (x + 1.8, y), (x + 5, y))
    transistor = draft.add(elm.AnalogNFet().theta(0).reverse().anchor("gate").at((x + 5, y)))
    draft.words((x + 6.4, y - 1), draft.label(switch).replace("\n", "  "), "black")
    (source_x, source_y), (drain_x, drain_y) = transistor.source, transistor.drain
    for number, point in ((1, (x + 5, y)), (2, (source_x, source_y)), (3, (drain_x, drain_y))):
        draft.pin(switch, number, point)
    draft.wire((source_x, source_y), (source_x, y - 1.4))
    draft.ground((source_x, y - 1.4))
    return drain_x, drain_y


def _button(draft: Draft) -> str:
    terminal = (4, 6)
    draft.net((0, 6), "J4.2", "left")
    draft.pin("D20", 2, terminal)
    draft.pin("D20", 3, (4, 3))
    draft.wire((0, 6), (9, 6), dots=(terminal, (6.5, 6), (9, 6)))
    draft.part("R21", (9, 9), (9, 6), "bottom")
    draft.supply((9, 9))
    draft.part("C21", (6.5, 6), (6.5, 3))
    draft.ground((6.5, 3))
    draft.add(elm.DiodeTVS().endpoints(terminal, (4, 3)).label(draft.label("D20"), fontsize=13))
    draft.ground((4, 3))
    draft.part("R41", (9, 6), (12.5, 6))
    draft.net((12.5, 6), "HOLD_KEY")
    draft.add(elm.Button().endpoints((-3.5, 3), (-3.5, 6)).label("button", fontsize=13))
    draft.stroke((-3.5, 6), (-2.2, 6))
    draft.wire((-3.5, 3), (-3.5, 2.4))
    draft.ground((-3.5, 2.4))
    return "buttons and hook switch, one of thirteen"


_COLUMNS = (
    (150, "terminal"),
    (168, "signal"),
    (194, "pull-up"),
    (209, "filter"),
    (223, "clamp"),
    (238, "series"),
    (254, "Pi"),
    (266, "Pico W"),
)
SHEETS = (_ring, _loop, _tap_and_lights, _button)
_NOTE = "Made by thirdring-bench draw from board.toml and parts.toml. Prototype: not approved for the public network."


def schematic_sheets(circuit: Circuit) -> Iterator[tuple[str, Sheet, Draft]]:
    """The sheets of the schematic: file name, page, and the draft that it was made from."""
    for number, make in enumerate(SHEETS, start=1):
        draft = Draft(circuit)
        subtitle = make(draft)
        page = framed("Thirdring line board", f"Schematic: {subtitle}", f"sheet {number} of {len(SHEETS)}", _NOTE)
        inside, view = draft.markup()
        if make is _button:
            page.inlay(inside, 14, 30, 130, 70, view)
            draft.drawn |= _channel_table(page, circuit)
        else:
            page.inlay(inside, 14, 30, 269, 158, view)
        yield f"schematic-{number}", page, draft


def _channel_table(page: Sheet, circuit: Circuit) -> set[str]:
    """Which parts belong to which button, and to which place of the computer; returns the references shown."""
    for x, heading in _COLUMNS:
        page.text(x, 36, heading, size=3, bold=True)
    page.line((148, 38), (283, 38))
    shown, y = {"J4", "J5", "J9", "J10"}, 43.0
    places = {pin.name.upper(): pin for pin in load_pins()}
    for plug in ("J4", "J5"):
        for number, net in enumerate(circuit[plug].nets, start=1):
            on_net = {part.item.name: part for part in circuit.block("buttons") if net in part.nets}
            cells = [f"{plug}.{number}", net.removesuffix("_T")]
            if net != "GND":
                chain = [on_net[item] for item in ("r_pull_up", "c_filter", "clamp_esd", "r_series")]
                shown |= {part.ref for part in chain}
                pin = places[chain[-1].nets[1]]
                cells += [part.ref for part in chain] + [f"{pin.place(PI)}", f"GP{pin.pico}"]
            for (x, _), words in zip(_COLUMNS, cells, strict=False):
                page.text(x, y, words, size=3)
            y += 5.2
    page.line((148, y - 3), (283, y - 3), width=0.2)
    for words in (
        "HOOK is for a hook switch where there is no line access: it joins LOOP; leave it open when U3 is fitted.",
        f"D26 also clamps the sound output. J10: {', '.join(circuit['J10'].nets)}.",
        "Plug in J9 (Raspberry Pi) or J10 (Pico W), never both: each brings its own 3.3 V.",
    ):
        y += 5
        page.text(148, y, words, size=2.7, colour=QUIET)
    shown |= {part.ref for part in circuit.block("buttons") if part.item.name == "clamp_esd"}
    return shown
