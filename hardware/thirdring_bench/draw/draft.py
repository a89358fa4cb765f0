"""A schemdraw drawing that reads references and values from the board, and remembers what it connects."""

import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import schemdraw
import schemdraw.elements as elm

from thirdring_bench.circuit import Circuit
from thirdring_bench.draw.connectivity import Geometry, Point
from thirdring_bench.draw.svg import LINE_SIDE, QUIET

schemdraw.use("svg")

_TWO_PINS = {
    "resistor": elm.ResistorIEC,
    "capacitor": elm.Capacitor,
    "ptc": elm.FuseIEC,
    "varistor": elm.ResistorVarIEC,
    "diode": elm.Diode,
    "zener": elm.Zener,
}


class Draft:
    """A drawing in progress, which remembers the parts that it shows."""

    def __init__(self, circuit: Circuit) -> None:
        self.circuit = circuit
        self.drawn: set[str] = set()
        self.geometry = Geometry()
        self._drawing = schemdraw.Drawing(show=False, fontsize=11, lw=1.4, unit=2)

    def label(self, ref: str) -> str:
        """Reference and value, as they are printed beside the part."""
        self.drawn.add(ref)
        return f"{ref}\n{self.circuit[ref].item.value}"

    def part(self, ref: str, start: Point, end: Point, side: str = "top", *, reverse: bool = False) -> None:
        """A part of two pins from `start` to `end`; `reverse` turns a diode's cathode to `start`."""
        kind = _TWO_PINS[self.circuit[ref].item.kind]
        self.geometry.two_pins(self.circuit, ref, start, end, reverse=reverse)
        element = kind().endpoints(start, end).label(self.label(ref), loc=side, fontsize=13)
        self._drawing += element.reverse() if reverse else element

    def wire(self, *points: Point, dots: tuple[Point, ...] = ()) -> None:
        """A wire through `points`, with a dot at each junction."""
        self.geometry.wire(points)
        self.stroke(*points)
        for dot in dots:
            self._drawing += elm.Dot().at(dot)

    def stroke(self, *points: Point) -> None:
        """A line that is no wire: the inside of a symbol."""
        for start, end in pairwise(points):
            self._drawing += elm.Line().endpoints(start, end)

    def pin(self, ref: str, number: int, at: Point) -> None:
        """A pin of a part stands at this point."""
        self.drawn.add(ref)
        self.geometry.pins.append((ref, number, at))

    def net(self, at: Point, name: str, side: str = "right") -> None:
        """A terminal with a name: that of its net or, as "J1.2  words", a plug and its pin."""
        if plug := re.match(r"(J\d+)\.(\d+)", name):
            self.pin(plug[1], int(plug[2]), at)
        else:
            self.geometry.names.append((name.partition("  ")[0], at))
        self._drawing += elm.Dot(open=True).at(at).theta(0).label(name, loc=side, fontsize=13)

    def ground(self, at: Point) -> None:
        """The safe side's ground."""
        self.geometry.names.append(("GND", at))
        self._drawing += elm.GroundSignal().at(at).theta(0)

    def supply(self, at: Point, name: str = "3V3") -> None:
        """A supply of the safe side."""
        self.geometry.names.append((name, at))
        self._drawing += elm.Vdd().at(at).theta(0).label(name, fontsize=13)

    def barrier(self, x: float, top: float, bottom: float) -> None:
        """The isolation barrier: only U1, U2 and T1 stand across it."""
        self._drawing += elm.Line(ls="--", color=LINE_SIDE, lw=2).endpoints((x, top), (x, bottom))

    def words(self, at: Point, text: str, colour: str = QUIET, size: int = 13) -> None:
        """A remark."""
        self._drawing += elm.Label().at(at).theta(0).label(text, fontsize=size, color=colour, halign="left")

    def add(self, element: elm.Element) -> elm.Element:
        """Any other element; returns it, for its anchors."""
        self._drawing += element
        return element

    def opto(self, ref: str, led: Point, transistor: Point) -> None:
        """An optocoupler: LED pins at `led` and two units below, transistor likewise."""
        (x, top), (right, _) = led, transistor
        self.add(elm.Rect(corner1=(0, 0.5), corner2=(right - x, -2.5), lw=1.4).at(led).theta(0))
        self.words((x + 2.4, top + 0.8), self.label(ref).replace("\n", "  "), "black")
        for number, point in ((1, led), (2, (x, top - 2)), (4, transistor), (3, (right, top - 2))):
            self.pin(ref, number, point)
        self.stroke((x, top), (x + 1.6, top), (x + 1.6, top - 2), (x, top - 2))
        self.stroke((x + 0.8, top), (x + 0.8, top - 2))
        self.add(elm.Diode().endpoints((x + 0.8, top), (x + 0.8, top - 2)))
        self.add(elm.Diode().endpoints((x + 1.6, top - 2), (x + 1.6, top)))
        base = right - 1.3
        for y in (top - 0.8, top - 1.2):
            self.add(elm.Arrow().endpoints((x + 2.3, y), (base - 0.2, y)))
        self.stroke((base, top - 0.5), (base, top - 1.5))
        self.stroke((base, top - 0.8), (right - 0.6, top - 0.4), (right - 0.6, top), (right, top))
        self.add(elm.Arrow().endpoints((base, top - 1.2), (right - 0.6, top - 1.6)))
        self.stroke((right - 0.6, top - 1.6), (right - 0.6, top - 2), (right, top - 2))

    def markup(self) -> tuple[str, tuple[float, ...]]:
        """The SVG inside of the drawing, and its viewBox."""
        # schemdraw asks for this at its import only, and any other library may have taken the empty prefix since
        ET.register_namespace("", "http://www.w3.org/2000/svg")
        text = self._drawing.get_imagedata("svg").decode("utf-8")
        view = re.search(r'viewBox="([^"]+)"', text)
        inside = re.search(r"<svg[^>]*>(.*)</svg>", text, re.DOTALL)
        if view is None or inside is None:
            raise RuntimeError("schemdraw's SVG has no viewBox")
        return inside.group(1), tuple(float(number) for number in view.group(1).split())
