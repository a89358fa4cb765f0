"""The board as data: parts.toml (what each part is) and board.toml (what it is connected to)."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Any

from thirdring_bench.errors import BenchError
from thirdring_bench.kinds import KINDS, Kind
from thirdring_bench.pins import Pins, load_pins
from thirdring_bench.targets import PI
from thirdring_bench.units import quantity

_ITEM_KEYS = {"kind", "value", "order", "footprint", "usd", "why"}
_SOURCES = 2


@dataclass(frozen=True, slots=True)
class Item:
    """One line of parts.toml: a value, its spread, and where to buy it.

    `limits` are the further numbers of its kind, as its data sheet guarantees them.
    """

    name: str
    kind: str
    value: str
    tol_pct: float
    order: tuple[str, ...]
    footprint: str
    usd: float
    why: str
    limits: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """A part on the board; `nets[0]` is the net of pin 1, "" is an open pin."""

    ref: str
    block: str
    item: Item
    nets: tuple[str, ...]

    @property
    def kind(self) -> Kind:
        """The pins of the part and what its insulation separates."""
        return KINDS[self.item.kind]


@dataclass(frozen=True, slots=True)
class Circuit:
    """All parts; the nets that something outside drives; and the nets that begin on either side of the barrier."""

    parts: tuple[Part, ...]
    supplies: tuple[str, ...]
    line_side: tuple[str, ...]
    safe_side: tuple[str, ...]

    def __getitem__(self, ref: str) -> Part:
        for part in self.parts:
            if part.ref == ref:
                return part
        raise BenchError(f"board.toml: there is no part {ref}")

    def block(self, *names: str) -> Iterator[Part]:
        """The parts of the named blocks, in the order of the file."""
        return (part for part in self.parts if part.block in names)

    def with_value(self, item: str, value: str) -> "Circuit":
        """The same board with another value for one item of parts.toml: what if it were 100 nF?"""
        if item not in {part.item.name for part in self.parts}:
            raise BenchError(f"parts.toml: no part of the board is a {item!r}")
        quantity(value)
        parts = (
            replace(part, item=replace(part.item, value=value)) if part.item.name == item else part
            for part in self.parts
        )
        return replace(self, parts=tuple(parts))

    def with_part(self, ref: str, item: str, *nets: str) -> "Circuit":
        """The same board with one more part: what if someone bridged these nets?"""
        kind_of = next((part.item for part in self.parts if part.item.name == item), None)
        if kind_of is None:
            raise BenchError(f"parts.toml: no part of the board is a {item!r}")
        return replace(self, parts=(*self.parts, _checked_part(ref, "extra", kind_of, list(nets))))


def load_circuit(pins: Pins | None = None) -> Circuit:
    """Read parts.toml and board.toml; raises BenchError with one line for anything that does not fit together."""
    data = files("thirdring_bench") / "data"
    return parse_circuit(
        tomllib.loads((data / "parts.toml").read_text(encoding="utf-8")),
        tomllib.loads((data / "board.toml").read_text(encoding="utf-8")),
        pins or load_pins(),
    )


def parse_circuit(items: Mapping[str, Any], board: Mapping[str, Any], pins: Pins) -> Circuit:
    """Put the items of parts.toml where board.toml says; raises BenchError."""
    known = {name: _item(name, row) for name, row in items.items()}
    parts: dict[str, Part] = {}
    for block, rows in board.items():
        if block in {"supplies", "sides"}:
            continue
        for ref, (item, *nets) in rows.items():
            if ref in parts:
                raise BenchError(f"board.toml: {ref} stands in [{parts[ref].block}] and in [{block}]")
            if item not in known:
                raise BenchError(f"board.toml: {ref}: parts.toml has no item {item!r}")
            parts[ref] = _checked_part(ref, block, known[item], pi_header(pins) if nets == ["@pi"] else nets)
    if unused := sorted(known.keys() - {part.item.name for part in parts.values()}):
        raise BenchError(f"parts.toml: {unused[0]} is on no board; remove it")
    sides = board["sides"]
    return Circuit(tuple(parts.values()), tuple(board["supplies"]["nets"]), tuple(sides["line"]), tuple(sides["safe"]))


def _checked_part(ref: str, block: str, item: Item, nets: list[str]) -> Part:
    wanted = len(KINDS[item.kind].pins)
    if len(nets) != wanted:
        raise BenchError(f"board.toml: {ref}: a {item.kind} has {wanted} pins, {len(nets)} nets are given")
    return Part(ref, block, item, tuple(nets))


def _item(name: str, row: Mapping[str, Any]) -> Item:
    if missing := sorted(_ITEM_KEYS - row.keys()):
        raise BenchError(f"parts.toml: {name}: missing key `{missing[0]}`")
    if row["kind"] not in KINDS:
        raise BenchError(f"parts.toml: {name}: unknown kind {row['kind']!r}; there are {', '.join(KINDS)}")
    if len(row["order"]) != _SOURCES:
        raise BenchError(f"parts.toml: {name}: order needs a first and a second source")
    return Item(
        name=name,
        kind=row["kind"],
        value=row["value"],
        tol_pct=row.get("tol_pct", 0),
        order=tuple(row["order"]),
        footprint=row["footprint"],
        usd=row["usd"],
        why=row["why"],
        limits={key: value for key, value in row.items() if key not in {*_ITEM_KEYS, "tol_pct"}},
    )


def pi_header(pins: Pins) -> list[str]:
    """The nets of the 40 places of the Raspberry Pi's header, with the inputs and lights where pins.toml has them."""
    fixed = (
        dict.fromkeys((1, 17), "3V3")
        | dict.fromkeys((2, 4), "5V")
        | dict.fromkeys((6, 9, 14, 20, 25, 30, 34, 39), "GND")
    )
    nets = fixed | {pin.place(PI): pin.name.upper() for pin in pins}
    return [nets.get(place, "") for place in range(1, 41)]
