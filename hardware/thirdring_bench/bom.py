"""The parts list: what to order for a number of boards, and what one costs."""

import csv
import io
from dataclasses import dataclass

from thirdring_bench.circuit import Circuit, Item, Part

BLOCKS_BY_VARIANT = {
    "full": ("line", "ring", "loop", "compare", "tap", "buttons", "lights", "computer"),
    "buttons": ("buttons", "lights", "computer"),
    "line": ("line", "ring", "loop", "compare", "lights", "computer"),
}
"""What is fitted for the installations: (a) everything, (b) no line access, (c) line board at a Pico W."""

_LEFT_OFF = {"full": {"J10"}, "buttons": {"J10"}, "line": {"J9"}}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the parts list: the same orderable part for all of `refs`."""

    refs: tuple[str, ...]
    item: Item

    @property
    def count(self) -> int:
        """How many of it are on one board."""
        return len(self.refs)

    @property
    def usd(self) -> float:
        """Estimated cost on one board."""
        return self.count * self.item.usd


def fitted(circuit: Circuit, variant: str = "full") -> list[Part]:
    """The parts that are soldered in for a variant: `full`, `buttons` or `line`."""
    return [part for part in circuit.block(*BLOCKS_BY_VARIANT[variant]) if part.ref not in _LEFT_OFF[variant]]


def parts_list(circuit: Circuit, variant: str = "full") -> list[Row]:
    """The parts of one board, grouped by what is ordered, in the order of the references."""
    groups: dict[str, list[Part]] = {}
    for part in fitted(circuit, variant):
        groups.setdefault(part.item.order[0], []).append(part)
    return sorted(
        (Row(tuple(part.ref for part in parts), parts[0].item) for parts in groups.values()),
        key=lambda row: (row.refs[0].rstrip("0123456789"), int(row.refs[0].lstrip("CDFJQRTUV"))),
    )


def total_usd(rows: list[Row]) -> float:
    """Estimated cost of one board's parts, without the bare board."""
    return sum(row.usd for row in rows)


def as_csv(rows: list[Row], boards: int = 1) -> str:
    """The parts list as CSV for a spreadsheet or a distributor's basket, with the quantity for `boards`."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["quantity", "references", "value", "order", "second source", "footprint", "usd each"])
    for row in rows:
        item = row.item
        writer.writerow(
            [row.count * boards, " ".join(row.refs), item.value, *item.order, item.footprint, f"{item.usd:.2f}"]
        )
    return out.getvalue()
