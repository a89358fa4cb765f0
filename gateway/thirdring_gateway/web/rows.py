"""Lists of calls and of VIP visits: the rows that a selection of a period picks, newest first."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from thirdring_gateway.domain.columns import Columns
from thirdring_gateway.domain.scope import Scope
from thirdring_gateway.domain.sums import BY, STATES, VERDICTS
from thirdring_gateway.web.numbers import Material
from thirdring_gateway.web.selections import Selection


class CallRow(NamedTuple):
    """A call as a list shows it; None is not known or not monitored."""

    desk: str
    start_ms: int
    call: str
    verdict: str
    rings: int | None
    wait_ms: int | None
    talk_ms: int | None
    held_ms: int | None
    longest_hold_ms: int | None
    ended_by: str | None


class VisitRow(NamedTuple):
    """A VIP visit as a list shows it."""

    desk: str
    start_ms: int
    visit: str
    tier: int | None
    state: str
    wait_ms: int | None
    limit_ms: int | None


class Listed(NamedTuple):
    """Where the selected rows are: the number of the desk, and of the row in its table, newest first."""

    desks: list[str]
    places: "np.ndarray[Any, np.dtype[np.int64]]"  # one line (desk, row) for each

    def __len__(self) -> int:
        return len(self.places)


def listed(material: Material, selection: Selection, table: Callable[[Scope], Columns]) -> Listed:
    """Return where the rows of `selection` are."""
    desks = list(material.desks)
    parts, starts = [np.empty((0, 2), np.int64)], [np.empty(0, np.int64)]
    for place, scope in enumerate(material.desks.values()):
        rows = np.flatnonzero(selection.flags(scope))
        parts.append(np.column_stack((np.full(len(rows), place), rows)))
        starts.append(table(scope)["start_ms"][rows])
    order = np.argsort(-np.concatenate(starts), kind="stable")
    return Listed(desks, np.concatenate(parts)[order])


def call_rows(material: Material, selection: Selection, first: int = 0, most: int | None = None) -> Iterator[CallRow]:
    """Yield at most `most` calls of a selection, from the one at place `first` on."""
    found = listed(material, selection, lambda scope: scope.calls)
    for desk, row in window(found, first, most):
        yield call_row(found.desks[desk], material.desks[found.desks[desk]], row)


def visit_rows(material: Material, selection: Selection, first: int = 0, most: int | None = None) -> Iterator[VisitRow]:
    """Yield at most `most` visits of a selection, from the one at place `first` on."""
    found = listed(material, selection, lambda scope: scope.visits)
    for desk, row in window(found, first, most):
        yield visit_row(found.desks[desk], material.desks[found.desks[desk]], row)


def window(found: Listed, first: int, most: int | None) -> list[tuple[int, int]]:
    """Return the desk and row numbers of a part of the list."""
    last = None if most is None else first + most
    return [(int(desk), int(row)) for desk, row in found.places[first:last]]


def call_row(desk: str, scope: Scope, place: int) -> CallRow:
    """Return one call of a desk."""
    calls = scope.calls
    return CallRow(
        desk=desk,
        start_ms=int(calls["start_ms"][place]),
        call=f"{desk}/{calls['boot'][place]}/{calls['number'][place]}",
        verdict=VERDICTS[calls["verdict"][place]],
        rings=known(calls["rings"][place]),
        wait_ms=known(calls["wait_ms"][place]),
        talk_ms=known(calls["talk_ms"][place]),
        held_ms=known(calls["held_ms"][place]),
        longest_hold_ms=known(calls["longest_hold_ms"][place]),
        ended_by=BY[calls["by"][place]],
    )


def visit_row(desk: str, scope: Scope, place: int) -> VisitRow:
    """Return one visit of a desk."""
    visits = scope.visits
    return VisitRow(
        desk=desk,
        start_ms=int(visits["start_ms"][place]),
        visit=f"{desk}/{bytes(visits['ticket'][place]).decode()}",
        tier=known(visits["tier"][place]),
        state=STATES[visits["state"][place]],
        wait_ms=known(scope.waited_ms[place]),
        limit_ms=known(scope.limit_ms[place]),
    )


def known(value: Any) -> int | None:
    """Return a number of a table, None where it is not known."""
    return int(value) if value >= 0 else None


def count(material: Material, selection: Selection) -> int:
    """Return how many rows a selection picks."""
    return sum(int(np.count_nonzero(selection.flags(scope))) for scope in material.desks.values())


def counts(material: Material, selections: Mapping[str, Selection]) -> dict[str, int]:
    """Return how many rows each selection picks."""
    return {name: count(material, selection) for name, selection in selections.items()}
