"""The rows of every list: calls, visits, ratings and whatever else stands behind a number, newest first.

A row's type is what the files and the API say of it, too; None is not known or not monitored.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec
import numpy as np

from thirdring_gateway.domain.columns import Columns, Integers
from thirdring_gateway.domain.lists import known_or_none, spoken
from thirdring_gateway.domain.scope import Scope
from thirdring_gateway.domain.sums import BY, STATES, VERDICTS
from thirdring_gateway.web.numbers import Material
from thirdring_gateway.web.selections import Selection


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What every row says: its desk, and when it began, by the branch's wall clock and as epoch milliseconds."""

    desk: str
    start: str
    start_ms: int


class CallRow(Row, frozen=True):
    """A call."""

    call: str
    verdict: str
    rings: int | None
    wait_ms: int | None
    talk_ms: int | None
    held_ms: int | None
    longest_hold_ms: int | None
    ended_by: str | None


class VisitRow(Row, frozen=True):
    """A VIP visit; `wait_ms` of one who still waits is the wait so far."""

    visit: str
    tier: int | None
    state: str
    wait_ms: int | None
    limit_ms: int | None


class RatingRow(Row, frozen=True):
    """A rating from 1 to 5, of a call when there was one."""

    score: int
    call: str | None


class OutcomeRow(Row, frozen=True):
    """Whether a problem was resolved; `is_revoked` when the customer had to call again."""

    resolved: bool
    is_revoked: bool
    call: str | None


class ServiceRow(Row, frozen=True):
    """Something that could have been rated: a call answered, an ordinary service begun, or a VIP customer served."""

    what: str
    call: str | None


class VoiceRow(Row, frozen=True):
    """What the ears heard of a call."""

    call: str
    talk_ms: int | None
    greeting_ms: int | None
    agent_ms: int | None
    caller_ms: int | None
    overlap_ms: int | None
    silence_max_ms: int | None
    interruptions: int | None
    loud_ms: int | None


AnyRow = TypeVar("AnyRow", bound=Row)


class Table(NamedTuple, Generic[AnyRow]):
    """A table of a scope: the moments at which its rows began, and what one row says."""

    row: type[AnyRow]
    starts_ms: Callable[[Scope], Integers]
    show: Callable[[str, Scope, int], AnyRow]


class Listed(NamedTuple):
    """Where the selected rows are: the number of the desk, and of the row in its table, newest first."""

    desks: list[str]
    places: "np.ndarray[Any, np.dtype[np.int64]]"  # one line (desk, row) for each


def listed(material: Material, selection: Selection, starts_ms: Callable[[Scope], Integers]) -> Listed:
    """Return where the rows of `selection` are."""
    desks = list(material.desks)
    parts, starts = [np.empty((0, 2), np.int64)], [np.empty(0, np.int64)]
    for place, scope in enumerate(material.desks.values()):
        rows = np.flatnonzero(selection.flags(scope))
        parts.append(np.column_stack((np.full(len(rows), place), rows)))
        starts.append(starts_ms(scope)[rows])
    order = np.argsort(-np.concatenate(starts), kind="stable")
    return Listed(desks, np.concatenate(parts)[order])


def rows_of(
    table: Table[AnyRow], material: Material, selection: Selection, first: int = 0, most: int | None = None
) -> Iterator[AnyRow]:
    """Yield at most `most` rows of a selection, from the one at place `first` on."""
    found = listed(material, selection, table.starts_ms)
    last = None if most is None else first + most
    for place, row in found.places[first:last]:
        desk = found.desks[int(place)]
        yield table.show(desk, material.desks[desk], int(row))


def count(material: Material, selection: Selection) -> int:
    """Return how many rows a selection picks."""
    return sum(int(np.count_nonzero(selection.flags(scope))) for scope in material.desks.values())


def counts(material: Material, selections: Mapping[str, Selection]) -> dict[str, int]:
    """Return how many rows each selection picks."""
    return {name: count(material, selection) for name, selection in selections.items()}


# ---- one row


def began(desk: str, scope: Scope, epoch_ms: Any) -> dict[str, Any]:
    """Return what every row says."""
    return {"desk": desk, "start": spoken(scope, int(epoch_ms)), "start_ms": int(epoch_ms)}


def numbers_of(columns: Columns, place: int, *names: str) -> dict[str, Any]:
    """Return the named numbers of a row, None where one is not known."""
    return {name: known_or_none(int(columns[name][place])) for name in names}


def call_of(desk: str, columns: Columns, place: int, number: str = "number") -> str:
    """Return the key of the call that a row is about."""
    return f"{desk}/{columns['boot'][place]}/{columns[number][place]}"


def call_row(desk: str, scope: Scope, place: int) -> CallRow:
    """Return one call of a desk."""
    calls = scope.calls
    return CallRow(
        **began(desk, scope, calls["start_ms"][place]),
        call=call_of(desk, calls, place),
        verdict=VERDICTS[calls["verdict"][place]],
        ended_by=BY[calls["by"][place]],
        **numbers_of(calls, place, "rings", "wait_ms", "talk_ms", "held_ms", "longest_hold_ms"),
    )


def visit_row(desk: str, scope: Scope, place: int) -> VisitRow:
    """Return one visit of a desk."""
    visits = scope.visits
    return VisitRow(
        **began(desk, scope, visits["start_ms"][place]),
        visit=f"{desk}/{bytes(visits['ticket'][place]).decode()}",
        tier=known_or_none(int(visits["tier"][place])),
        state=STATES[visits["state"][place]],
        wait_ms=known_or_none(int(scope.waited_ms[place])),
        limit_ms=known_or_none(int(scope.limit_ms[place])),
    )


def rated_call(desk: str, marks: Columns, place: int) -> str | None:
    """Return the call that a rating or an outcome is of, None when it is of none."""
    return call_of(desk, marks, place, "call") if marks["call"][place] else None


def rating_row(desk: str, scope: Scope, place: int) -> RatingRow:
    """Return one rating of a desk."""
    said = began(desk, scope, scope.ratings["start_ms"][place])
    return RatingRow(**said, score=int(scope.ratings["value"][place]), call=rated_call(desk, scope.ratings, place))


def outcome_row(desk: str, scope: Scope, place: int) -> OutcomeRow:
    """Return one outcome of a desk."""
    outcomes = scope.outcomes
    return OutcomeRow(
        **began(desk, scope, outcomes["start_ms"][place]),
        resolved=bool(outcomes["value"][place]),
        is_revoked=bool(scope.is_revoked[place]),
        call=rated_call(desk, outcomes, place),
    )


def service_row(desk: str, scope: Scope, place: int) -> ServiceRow:
    """Return one service of a desk: the calls come first, then the ordinary services, then the visits."""
    calls, services = len(scope.calls), len(scope.services)
    said = began(desk, scope, service_starts_ms(scope)[place])
    if place < calls:
        return ServiceRow(**said, what="call", call=call_of(desk, scope.calls, place))
    return ServiceRow(**said, what="service" if place < calls + services else "vip", call=None)


def service_starts_ms(scope: Scope) -> Integers:
    """Return when each call, service and visit began."""
    return np.concatenate([each["start_ms"] for each in (scope.calls, scope.services, scope.visits)])


def voice_row(desk: str, scope: Scope, place: int) -> VoiceRow:
    """Return what was heard of one call of a desk."""
    names = [name for name in VoiceRow.__struct_fields__ if name not in (*Row.__struct_fields__, "call")]
    voices = scope.voices
    said = began(desk, scope, voices["start_ms"][place])
    return VoiceRow(**said, call=call_of(desk, voices, place), **numbers_of(voices, place, *names))


CALL_TABLE = Table(CallRow, lambda scope: scope.calls["start_ms"], call_row)
VISIT_TABLE = Table(VisitRow, lambda scope: scope.visits["start_ms"], visit_row)
RATING_TABLE = Table(RatingRow, lambda scope: scope.ratings["start_ms"], rating_row)
OUTCOME_TABLE = Table(OutcomeRow, lambda scope: scope.outcomes["start_ms"], outcome_row)
SERVICE_TABLE = Table(ServiceRow, service_starts_ms, service_row)
VOICE_TABLE = Table(VoiceRow, lambda scope: scope.voices["start_ms"], voice_row)


def call_rows(material: Material, selection: Selection, first: int = 0, most: int | None = None) -> Iterator[CallRow]:
    """Yield calls of a selection."""
    return rows_of(CALL_TABLE, material, selection, first, most)


def visit_rows(material: Material, selection: Selection, first: int = 0, most: int | None = None) -> Iterator[VisitRow]:
    """Yield VIP visits of a selection."""
    return rows_of(VISIT_TABLE, material, selection, first, most)
