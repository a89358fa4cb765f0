"""What a desk did in an hour or on a day, as columns that can be added: adding is putting the rows together.

Limits, targets and opening hours are not in here: they are applied when a KPI is read, so a manager who changes one
needs no new sums, and percentiles stay exact for any period. A call takes 42 bytes; a month of fifty desks is 7 MB and
is read at the speed of memory. Unknown numbers are -1. The rows of a sum are ordered, so equal sums are equal bytes.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import NamedTuple, TypeVar

import numpy as np

from thirdring_gateway.domain.calls import (
    ANSWERED,
    CUT,
    DIALLED,
    LEFT,
    MISSED,
    NOT_HEARD,
    RINGING,
    SERVED,
    WAITING,
    Call,
    Mark,
    Records,
    Visit,
    Voice,
)
from thirdring_gateway.domain.columns import Table
from thirdring_gateway.domain.facts import HANG_UPS, LONGEST_TICKET
from thirdring_gateway.domain.hours import HOUR_MS, hour_start_ms

LAYOUT = 2
"""Rows written under another number are to be made again from the records."""

TEST = "test"
VERDICTS = (RINGING, ANSWERED, MISSED, DIALLED, CUT, TEST)
BY = (None, *HANG_UPS)
STATES = (WAITING, SERVED, LEFT)
MARKS = ("rated", "outcome", "service")
MOST = 2**16 - 1
"""Counts of one call are kept in 16 bits; a line that flashes more often is broken."""

IDENTITY_COLUMNS = 3
"""The first columns of each table tell its rows apart."""
START = [("start_ms", "<i8")]
CALL = np.dtype([
    *START, ("boot", "<u4"), ("number", "<u4"), ("verdict", "u1"), ("by", "u1"), ("rings", "<i2"),
    ("wait_ms", "<i4"), ("held_ms", "<i4"), ("longest_hold_ms", "<i4"), ("talk_ms", "<i4"),
    ("holds", "<u2"), ("holds_open", "<u2"), ("flashes", "<u2"),
])  # fmt: skip
VOICE_FIELDS = tuple(field.name for field in fields(Voice))
VOICE = np.dtype([
    *START, ("boot", "<u4"), ("number", "<u4"), ("talk_ms", "<i4"), *((name, "<i4") for name in VOICE_FIELDS),
])  # fmt: skip
VISIT = np.dtype([
    *START, ("ticket", f"S{LONGEST_TICKET}"), ("tier", "<i2"), ("state", "u1"), ("wait_ms", "<i4"), ("limit_ms", "<i4"),
])  # fmt: skip
MARK = np.dtype([*START, ("boot", "<u4"), ("seq", "<i8"), ("call", "<u4"), ("kind", "u1"), ("value", "u1")])

Item = TypeVar("Item", Call, Visit, Mark)


class SumsRow(NamedTuple):
    """A ledger's row of sums: four byte strings, each a table."""

    calls: bytes
    voices: bytes
    visits: bytes
    marks: bytes


TYPES = (CALL, VOICE, VISIT, MARK)


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """The sums of one desk over an hour, or over as many hours as were added."""

    calls: Table
    voices: Table
    visits: Table
    marks: Table

    @property
    def tables(self) -> tuple[Table, Table, Table, Table]:
        """The four tables, in the order of a row."""
        return self.calls, self.voices, self.visits, self.marks

    def row(self) -> SumsRow:
        """Return the sums as bytes for the ledger."""
        return SumsRow(*(rows.tobytes() for rows in self.tables))

    def within(self, from_ms: int, to_ms: int) -> "Sums":
        """Return what began in `[from_ms, to_ms)`: a period may begin within an hour."""
        return Sums(*(cut(rows, from_ms, to_ms) for rows in self.tables))

    def with_hour(self, hour_ms: int, hour: "Sums", zone: str) -> "Sums":
        """Return the sums with `hour` in place of what they hold of the local hour that began at `hour_ms`."""
        others = (without_hour(rows, hour_ms, zone) for rows in self.tables)
        return Sums(*(ordered(np.concatenate(both)) for both in zip(others, hour.tables, strict=True)))


def sums_of(records: Records) -> Sums:
    """Return the sums of one desk's records; what has no time of day is left out.

    The calls must have been through `calls.finish`.
    """
    calls = [call for call in records.calls if call.start_ms is not None]
    heard = [call for call in calls if call.voice != NOT_HEARD]
    visits = [visit for visit in records.visits if visit.start_ms is not None]
    marks = [mark for mark in records.marks if mark.start_ms is not None and mark.kind in MARKS]
    return Sums(
        table(CALL, map(call_cells, calls)),
        table(VOICE, map(voice_cells, heard)),
        table(VISIT, map(visit_cells, visits)),
        table(MARK, map(mark_cells, marks)),
    )


def by_hour(records: Records, zone: str) -> dict[int, Records]:
    """Return one desk's records by the moment at which their local hour began; what has no time is left out."""
    calls, visits, marks = grouped(records.calls, zone), grouped(records.visits, zone), grouped(records.marks, zone)
    return {
        start: Records(tuple(calls.get(start, ())), tuple(visits.get(start, ())), tuple(marks.get(start, ())))
        for start in sorted({*calls, *visits, *marks})
    }


def grouped(items: Iterable[Item], zone: str) -> dict[int, list[Item]]:
    """Return the items by the moment at which their local hour began."""
    hours: dict[int, list[Item]] = {}
    for item in items:
        if item.start_ms is not None:
            hours.setdefault(hour_start_ms(item.start_ms, zone), []).append(item)
    return hours


def added(rows: Iterable[SumsRow]) -> Sums:
    """Return the sums of one desk over all the rows, in whatever order they come."""
    columns = zip(*rows, strict=True)
    joined = [b"".join(column) for column in columns] or [b""] * len(TYPES)
    return Sums(*(ordered(np.frombuffer(cells, dtype)) for cells, dtype in zip(joined, TYPES, strict=True)))


def ordered(rows: Table) -> Table:
    """Return the rows by their identity, start first: as good as always they already are."""
    starts = rows["start_ms"]
    if bool(np.all(starts[1:] > starts[:-1])):
        return rows
    identity = (rows.dtype.names or ())[:IDENTITY_COLUMNS]
    return rows[np.lexsort([rows[name] for name in reversed(identity)])]


def cut(rows: Table, from_ms: int, to_ms: int) -> Table:
    """Return the rows of an ordered table that began in `[from_ms, to_ms)`."""
    first, last = np.searchsorted(rows["start_ms"], (from_ms, to_ms))
    return rows[first:last]


def without_hour(rows: Table, hour_ms: int, zone: str) -> Table:
    """Return the rows of an ordered table that are not of a local hour; where clocks change, hours may overlap."""
    first, last = np.searchsorted(rows["start_ms"], (hour_ms, hour_ms + HOUR_MS))
    stays = np.ones(len(rows), bool)
    stays[first:last] = [hour_start_ms(int(start_ms), zone) != hour_ms for start_ms in rows["start_ms"][first:last]]
    others: Table = rows[stays]
    return others


def table(dtype: np.dtype[np.void], cells: Iterable[tuple[object, ...]]) -> Table:
    """Return the ordered table of the given cells."""
    return ordered(np.array(list(cells), dtype))


# ---- one record, one row


def known(value: int | None) -> int:
    """Return the number, or -1 when it is not known."""
    return -1 if value is None else value


def call_cells(call: Call) -> tuple[object, ...]:
    """Return a call as the cells of CALL."""
    lengths = [hold.held_ms for hold in call.holds if hold.held_ms is not None]
    return (
        call.start_ms,
        call.boot,
        call.number,
        VERDICTS.index(TEST if call.is_test else call.verdict),
        BY.index(call.by),
        known(call.rings),
        known(call.wait_ms),
        known(call.held_ms),
        max(lengths, default=-1),
        known(call.talk_ms),
        min(len(call.holds), MOST),
        min(len(call.holds) - len(lengths), MOST),
        min(call.flashes, MOST),
    )


def voice_cells(call: Call) -> tuple[object, ...]:
    """Return what was heard of a call as the cells of VOICE."""
    heard = (getattr(call.voice, name) for name in VOICE_FIELDS)
    return (call.start_ms, call.boot, call.number, known(call.talk_ms), *map(known, heard))


def visit_cells(visit: Visit) -> tuple[object, ...]:
    """Return a visit as the cells of VISIT."""
    state = STATES.index(visit.state)
    ticket = visit.ticket.encode("ascii")
    return visit.start_ms, ticket, known(visit.tier), state, known(visit.wait_ms), known(visit.limit_ms)


def mark_cells(mark: Mark) -> tuple[object, ...]:
    """Return a rating, an outcome or a service as the cells of MARK; 0 stands for no call."""
    return mark.start_ms, mark.boot, mark.seq, mark.call or 0, MARKS.index(mark.kind), mark.value or 0
