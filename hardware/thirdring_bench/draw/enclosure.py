"""Enclosure plates and labels, 1:1 in millimetres: print or cut the SVG at 100 %."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

from thirdring_bench.draw.svg import A4_LANDSCAPE, INK, LINE_SIDE, QUIET, Sheet, framed, wrapped
from thirdring_bench.pins import Pins

CUT, MARK = "#d40000", "#0055aa"  # what a laser cuts, and what it only marks
BARRIER_MM_MIN = 8.0  # air between anything of the line and anything of the safe side


@dataclass(frozen=True, slots=True)
class Box:
    """The parameters of the enclosure; change them for another box, and draw again.

    `board` is the board's outline, `line_mm` the width of its telephone section, `hole` the distance of the mounting
    holes from the edges; `wall` is the air around the board, `height` that of the side plates.
    """

    board: tuple[float, float] = (150.0, 100.0)
    line_mm: float = 34.0
    hole: float = 4.0
    wall: float = 12.0
    height: float = 50.0
    m3: float = 3.2
    gland: float = 8.0
    led: float = 8.0

    @property
    def outer(self) -> tuple[float, float]:
        """Length and width of the base plate."""
        return self.board[0] + 2 * self.wall, self.board[1] + 2 * self.wall


Hole = tuple[float, float, float, str]


def line_glands(box: Box) -> tuple[Hole, ...]:
    """Cable glands of the telephone on the rear plate: (x, y, diameter, what)."""
    x, y = box.wall + box.line_mm / 4, box.height * 0.35
    return ((x, y, box.gland, "J1"), (x + 14, y, box.gland, "J2"))


def safe_glands(box: Box) -> tuple[Hole, ...]:
    """Cable glands of everything else on the rear plate."""
    first, y = box.wall + box.line_mm + 22, box.height * 0.35
    return tuple(
        (first + 18 * number, y, box.gland, what) for number, what in enumerate(("J3", "J4/5", "J6", "J7", "USB"))
    )


def front_holes(box: Box) -> tuple[Hole, ...]:
    """The two LEDs on the front plate."""
    length, middle = box.outer[0], box.height / 2
    return ((length / 2 - 20, middle, box.led, "VIP"), (length / 2 + 20, middle, box.led, "PROMPT"))


def _plate(page: Sheet, x: float, y: float, size: tuple[float, float], holes: tuple[Hole, ...], name: str) -> None:
    page.box(x, y, *size, colour=CUT, stroke=0.2, radius=2)
    for at_x, at_y, diameter, what in holes:
        page.disc(x + at_x, y + at_y, diameter / 2, colour=CUT, stroke=0.2)
        page.text(x + at_x, y + at_y + diameter / 2 + 4, what, size=2.8, colour=MARK, anchor="middle")
    page.text(x + 4, y + size[1] - 3, f"{name}  {size[0]:g} × {size[1]:g} mm", size=2.8, colour=MARK)


def base_sheet(box: Box) -> Sheet:
    """The base plate with the board's mounting holes and the barrier wall."""
    page = framed(
        "Enclosure: base plate", "1:1 – check 100 mm on the scale. Red: cut. Blue: mark.", "Thirdring",
        "Flame-retardant plastic (UL 94 V-0), 3 mm. Plates join with M3 brackets. No opening above the line section.",
    )  # fmt: skip
    x, y = (A4_LANDSCAPE[0] - box.outer[0]) / 2, 36.0
    length, width = box.board
    corners = [(hx, hy) for hx in (box.hole, length - box.hole) for hy in (box.hole, width - box.hole)]
    holes = tuple((box.wall + hx, box.wall + hy, box.m3, "") for hx, hy in corners)
    _plate(page, x, y, box.outer, holes, "base")
    left, top = x + box.wall, y + box.wall
    page.box(left, top, length, width, colour=MARK, stroke=0.2, dash="2 1")
    page.text(left + length / 2 + 10, top + width / 2, "board", size=4, colour=MARK, anchor="middle")
    wall = left + box.line_mm
    page.line((wall, y), (wall, y + box.outer[1]), colour=LINE_SIDE, width=0.5, dash="4 2")
    page.text(left + box.line_mm / 2, top + width / 2, "telephone", size=4, colour=LINE_SIDE, anchor="middle")
    page.text(wall + 2, y + box.outer[1] - 4, "inner wall, 3 mm, to the lid", size=2.8, colour=LINE_SIDE)
    _scale(page)
    return page


def plates_sheet(box: Box) -> Sheet:
    """Rear plate with the glands, front plate with the LEDs."""
    page = framed(
        "Enclosure: rear and front plate", "1:1 – check 100 mm on the scale. Red: cut. Blue: mark.", "Thirdring",
        f"Between the telephone glands and all others at least {BARRIER_MM_MIN:g} mm stay closed.",
    )  # fmt: skip
    x = (A4_LANDSCAPE[0] - box.outer[0]) / 2
    size = (box.outer[0], box.height)
    _plate(page, x, 40, size, (*line_glands(box), *safe_glands(box)), "rear")
    wall = x + box.wall + box.line_mm
    page.line((wall, 40), (wall, 40 + box.height), colour=LINE_SIDE, width=0.5, dash="4 2")
    _plate(page, x, 110, size, front_holes(box), "front")
    _scale(page)
    return page


def labels_sheet(pins: Pins) -> Sheet:
    """Type label, warning label and button strip in both languages, to print and cut out."""
    words = tomllib.loads((files("thirdring_bench") / "data/wiring.toml").read_text(encoding="utf-8"))["common"]
    page = framed(
        "Labels", "1:1 – print on polyester film; cut along the lines.", "Thirdring",
        "Type label: on the base. Warning: on the lid, over the line section. Strip: beside the buttons.",
    )  # fmt: skip
    page.box(14, 34, 90, 40, colour=CUT, stroke=0.2, radius=2)
    page.text(18, 43, "Thirdring desk unit", size=5, bold=True)
    type_lines = [
        "branch / 网点 ______________  desk / 台席 ____________",
        "12 V DC 0.5 A, 5 V DC 3 A, analog line ≤ 105 V rms",
        "Prototype, not approved for the public network",
        "样机，未获进网许可，不得接入公用电话网",
    ]
    page.paragraph(18, 49.5, type_lines, size=3)
    page.box(112, 34, 150, 62, colour=CUT, stroke=0.2, radius=2)
    page.box(115, 37, 144, 56, colour=LINE_SIDE, stroke=1.2, radius=1.5)
    y = 45.0
    for language in ("zh", "en"):
        page.text(119, y, words["danger"][language], size=5, bold=True, colour=LINE_SIDE)
        lines = [line for warning in words["warnings"][language][:3] for line in wrapped(warning, 116, 2.9)]
        y = page.paragraph(138, y, lines, size=2.9) + 6
    page.text(14, 108, "buttons / 按钮", size=3.4, bold=True)
    buttons = [pin for pin in pins.inputs if pin.debounce_ms]
    for number, pin in enumerate(buttons):
        column, row = number % 6, number // 6
        x, top = 14 + 44 * column, 112 + 26 * row
        page.box(x, top, 44, 22, colour=CUT, stroke=0.2)
        page.text(x + 22, top + 9, pin.zh, size=4, bold=True, anchor="middle")
        page.text(x + 22, top + 16, pin.en, size=2.8, anchor="middle", colour=QUIET)
    _scale(page)
    return page


def _scale(page: Sheet) -> None:
    y = page.height - 20
    page.line((183, y - 2), (183, y), (283, y), (283, y - 2), width=0.3, colour=INK)
    page.text(233, y - 1, "100 mm", size=2.8, anchor="middle")


def enclosure_sheets(pins: Pins, box: Box | None = None) -> Iterator[tuple[str, Sheet]]:
    """Base, plates and labels: file name and page."""
    box = box or Box()
    yield "enclosure-base", base_sheet(box)
    yield "enclosure-plates", plates_sheet(box)
    yield "labels", labels_sheet(pins)
