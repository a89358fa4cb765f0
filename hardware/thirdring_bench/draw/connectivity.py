"""Does a drawn sheet say what the board says? Geometry back to nets, compared with board.toml."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from math import dist

from thirdring_bench.circuit import Circuit

Point = tuple[float, float]
_NEAR = 0.03  # drawing units; points nearer than this are one
_UNPOLARISED = frozenset({"resistor", "capacitor", "ptc", "varistor"})


@dataclass(slots=True)
class Geometry:
    """What a sheet shows: wires, pins of parts, and points that carry the name of a net.

    `either_way` are parts of two pins that may be drawn either way round: (reference, one end, other end).
    """

    wires: list[tuple[Point, Point]] = field(default_factory=list)
    pins: list[tuple[str, int, Point]] = field(default_factory=list)
    names: list[tuple[str, Point]] = field(default_factory=list)
    either_way: list[tuple[str, Point, Point]] = field(default_factory=list)

    def wire(self, points: Iterable[Point]) -> None:
        """Remember a wire through `points`."""
        self.wires += pairwise(points)

    def two_pins(self, circuit: Circuit, ref: str, start: Point, end: Point, *, reverse: bool) -> None:
        """Remember a part of two pins; of a diode the arrow points from `start` to `end`, unless `reverse`."""
        if circuit[ref].item.kind in _UNPOLARISED:
            self.either_way.append((ref, start, end))
        else:
            cathode, anode = (start, end) if reverse else (end, start)
            self.pins += [(ref, 1, cathode), (ref, 2, anode)]


def contradictions(geometry: Geometry, circuit: Circuit) -> list[str]:
    """Where the sheet differs from the board, one line each; empty when it says the same."""
    places = _Places(geometry)
    for net, point in geometry.names:
        places.claim(point, net, f"label {net}")
    for ref, number, point in geometry.pins:
        places.claim(point, circuit[ref].nets[number - 1], f"{ref} pin {number}")
    waiting = geometry.either_way
    while waiting:  # a part that can be either way round is placed by the end whose net is known
        later = [part for part in waiting if not places.place(circuit, *part)]
        if len(later) == len(waiting):
            return [*places.found, f"{later[0][0]} is connected to nothing"]
        waiting = later
    return places.found + places.pieces(geometry)


class _Places:
    """Points that are joined by wires are one place; a wire's end on another wire is a junction."""

    def __init__(self, geometry: Geometry) -> None:
        ends = [end for _, *ends in geometry.either_way for end in ends]
        self._points = [point for wire in geometry.wires for point in wire]
        self._points += [point for *_, point in geometry.pins] + [point for _, point in geometry.names] + ends
        self._parent = list(range(len(self._points)))
        self._net: dict[int, str] = {}
        self.found: list[str] = []
        for number, point in enumerate(self._points):
            for other in range(number):
                if _apart(point, self._points[other]) < _NEAR:
                    self._join(number, other)
            for wire, (start, end) in enumerate(geometry.wires):
                if _on_the_way(point, start, end):
                    self._join(number, 2 * wire)
                    self._join(2 * wire, 2 * wire + 1)

    def _root(self, number: int) -> int:
        while self._parent[number] != number:
            number = self._parent[number]
        return number

    def _join(self, one: int, other: int) -> None:
        self._parent[self._root(one)] = self._root(other)

    def _of(self, point: Point) -> int:
        """The place of a point that was drawn."""
        return self._root(next(number for number, known in enumerate(self._points) if _apart(point, known) < _NEAR))

    def claim(self, point: Point, net: str, who: str) -> None:
        """`who` says that this place is `net`."""
        known = self._net.setdefault(self._of(point), net)
        if known != net:
            self.found.append(f"{who} belongs to {net}, and is drawn on {known}")

    def place(self, circuit: Circuit, ref: str, start: Point, end: Point) -> bool:
        """Carry the known net at one end of a part to its other end; False while neither is known."""
        one, other = (self._net.get(self._of(point)) for point in (start, end))
        known = one or other
        nets = circuit[ref].nets
        if known is None:
            return False
        if known not in nets:
            self.found.append(f"{ref} joins {' and '.join(nets)}, and is drawn on {known}")
            return True
        beyond = nets[1 - nets.index(known)]
        self.claim(end if one else start, beyond, ref)
        return True

    def pieces(self, geometry: Geometry) -> list[str]:
        """Nets that are drawn in pieces of which one carries no name."""
        named = {self._of(point) for _, point in geometry.names}
        places: dict[str, set[int]] = {}
        for place, net in self._net.items():
            places.setdefault(net, set()).add(place)
        return [f"{net} is drawn in pieces" for net, parts in places.items() if len(parts) > 1 and parts - named]


def _apart(one: Point, other: Point) -> float:
    return dist(one, other)


def _on_the_way(point: Point, start: Point, end: Point) -> bool:
    return _apart(start, point) + _apart(point, end) - _apart(start, end) < _NEAR / 10
