"""edges.csv: what a desk's inputs did, one edge a line, read as a stream and checked line by line."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from thirdring_unit.core.events import INPUTS
from thirdring_unit.errors import UserError, reading, suggestion

HEADER = "at_ms,input,active"
_LINE_LENGTH_MAX = 200
_AT_MS_MAX = 31 * 24 * 3_600_000
_DIGITS_MAX = 15
_FIELDS = 3


class Edge(NamedTuple):
    """An input becomes active or passive, `at_ms` milliseconds after the beginning."""

    at_ms: int
    name: str
    active: bool


def read(path: Path) -> Iterator[Edge]:
    """Read the edges of a file in order; raises UserError with file, line and remedy at the first mistake."""
    with reading(path), path.open(encoding="utf-8-sig") as file:
        header = file.readline(_LINE_LENGTH_MAX).strip()
        if header != HEADER:
            found = "is empty" if not header else f"begins with {header[:40]!r}"
            raise UserError(f"{path}: {found}: its first line must be {HEADER}")
        at_ms = 0
        for number, line in enumerate(iter(lambda: file.readline(_LINE_LENGTH_MAX), ""), 2):
            if line.strip():
                edge = _edge(line, f"{path}, line {number}")
                if edge.at_ms < at_ms:
                    raise UserError(
                        f"{path}, line {number}: {edge.at_ms} ms is before {at_ms} ms: sort the lines by time"
                    )
                at_ms = edge.at_ms
                yield edge


def lines(edges: Iterable[Edge]) -> Iterator[str]:
    """Give the lines of a file that holds these edges."""
    yield f"{HEADER}\n"
    for edge in edges:
        yield f"{edge.at_ms},{edge.name},{edge.active:d}\n"


def _edge(line: str, place: str) -> Edge:
    fields = [part.strip() for part in line.split(",")]
    if len(fields) != _FIELDS:
        raise UserError(f"{place}: {line.strip()[:40]!r} has not three fields: write {HEADER}, like 5000,ring,1")
    at_ms, name, active = fields
    if not (at_ms.isascii() and at_ms.isdigit()):
        raise UserError(f"{place}: at_ms is {at_ms[:40]!r}: write whole milliseconds since the beginning")
    if len(at_ms) > _DIGITS_MAX or int(at_ms) > _AT_MS_MAX:
        raise UserError(f"{place}: {at_ms[:40]} ms is beyond 31 days: count from the beginning, or split the recording")
    if name not in INPUTS:
        raise UserError(f"{place}: {name[:40]!r} is no input; {suggestion(name, INPUTS)}")
    if active not in ("0", "1"):
        raise UserError(f"{place}: active is {active[:40]!r}: write 1 or 0")
    return Edge(int(at_ms), name, active == "1")
