"""What a KPI is computed from: one desk's sums in a period with the branch's settings applied, or several desks'."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from thirdring_gateway.domain.calls import WAITING
from thirdring_gateway.domain.columns import Columns, Flags, Integers, Table
from thirdring_gateway.domain.entered import Callback, Outcome
from thirdring_gateway.domain.hours import Period, before, covered_minutes
from thirdring_gateway.domain.settings import BranchSettings
from thirdring_gateway.domain.sums import MARKS, STATES, Sums, added


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """The material of every KPI.

    `in_hours` belongs to `calls`, `is_revoked` to `outcomes`, `waited_ms` and `limit_ms` (-1: not known) to `visits`: a
    customer who still waits has waited until the last sign of life of the unit, or `as_of_ms` if that is earlier.
    """

    settings: BranchSettings
    calls: Columns
    in_hours: Flags
    voices: Columns
    visits: Columns
    waited_ms: Integers
    limit_ms: Integers
    ratings: Columns
    outcomes: Columns
    is_revoked: Flags
    services: Columns
    covered_min: int
    open_min: int
    callbacks: tuple[Callback, ...] = ()
    as_of_ms: int = 0


def scope_of(
    sums: Sums,
    settings: BranchSettings,
    opened: Sequence[Period],
    evidence: Sequence[Period],
    *,
    as_of_ms: int,
    callbacks: Sequence[Callback] = (),
    entered: Sequence[Outcome] = (),
    revoked: Collection[tuple[int, int]] = (),
) -> Scope:
    """Return the scope of one desk, as things stood at `as_of_ms`.

    `opened` are the branch's opening periods within the period, `evidence` the spans in which the unit was known to
    be up (which may reach beyond it), both in epoch milliseconds; `entered` are outcomes of calls of the period, in
    place of what was pressed for these calls; `revoked` are boot and number of calls whose customer
    had to call again. Minutes that are still to come at `as_of_ms` are not held against the desk.
    """
    covered, open_min = covered_minutes(before(opened, as_of_ms), evidence)
    seen_until_ms = min(max((end for _, end in evidence), default=0), as_of_ms)
    outcomes = with_entered(of_kind(sums.marks, "outcome"), entered)
    visits = Columns([sums.visits])
    calls = Columns([sums.calls])
    return Scope(
        settings=settings,
        calls=calls,
        in_hours=within(calls["start_ms"], opened),
        voices=Columns([sums.voices]),
        visits=visits,
        waited_ms=waited(visits, seen_until_ms),
        limit_ms=limits(visits, settings),
        ratings=Columns([last_presses(of_kind(sums.marks, "rated"), settings.rating_pause_ms)]),
        outcomes=Columns([outcomes]),
        is_revoked=are_among(outcomes, revoked),
        services=Columns([began(sums.marks)]),
        covered_min=covered,
        open_min=open_min,
        callbacks=tuple(callbacks),
        as_of_ms=as_of_ms,
    )


def joined(scopes: Sequence[Scope], settings: BranchSettings) -> Scope:
    """Return the scope of several desks together; of none, an empty one."""
    parts = scopes or [scope_of(added([]), settings, [], [], as_of_ms=0)]
    return Scope(
        settings=settings,
        calls=Columns([part.calls for part in parts]),
        in_hours=np.concatenate([part.in_hours for part in parts]),
        voices=Columns([part.voices for part in parts]),
        visits=Columns([part.visits for part in parts]),
        waited_ms=np.concatenate([part.waited_ms for part in parts]),
        limit_ms=np.concatenate([part.limit_ms for part in parts]),
        ratings=Columns([part.ratings for part in parts]),
        outcomes=Columns([part.outcomes for part in parts]),
        is_revoked=np.concatenate([part.is_revoked for part in parts]),
        services=Columns([part.services for part in parts]),
        covered_min=sum(part.covered_min for part in parts),
        open_min=sum(part.open_min for part in parts),
        callbacks=tuple(callback for part in parts for callback in part.callbacks),
        as_of_ms=parts[0].as_of_ms,
    )


def within(starts_ms: Integers, periods: Sequence[Period]) -> Flags:
    """Tell of each moment whether it lies in one of the ordered half-open periods."""
    edges = np.array(periods, np.int64).reshape(-1)
    inside: Flags = np.searchsorted(edges, starts_ms, side="right") % 2 == 1
    return inside


def waited(visits: Columns, seen_until_ms: int) -> Integers:
    """Return each visit's wait; that of one who still waits lasts until the unit was last seen."""
    still_ms = np.maximum(seen_until_ms - visits["start_ms"], 0)
    return np.where(visits.having("state", STATES.index(WAITING)), still_ms, visits["wait_ms"])


def limits(visits: Columns, settings: BranchSettings) -> Integers:
    """Return each visit's limit: as the unit froze it at arrival, or as the branch had set it then; -1 without one."""
    limit_ms = np.full(len(visits), -1, np.int64)
    for tier in sorted(settings.tiers, key=lambda entry: entry.since_ms):
        limit_ms[(visits["tier"] == tier.tier) & (visits["start_ms"] >= tier.since_ms)] = tier.limit_ms
    return np.where(visits["limit_ms"] >= 0, visits["limit_ms"], limit_ms)


def of_kind(marks: Table, kind: str) -> Table:
    """Return the marks of one kind."""
    return taken(marks, marks["kind"] == MARKS.index(kind))


def with_entered(pressed: Table, entered: Sequence[Outcome]) -> Table:
    """Return the outcomes, those that were entered in place of those that were pressed for the same calls."""
    if not entered:
        return pressed
    kind = MARKS.index("outcome")
    rows = [(each.start_ms, each.boot, 0, each.number, kind, each.resolved) for each in entered]
    stays = ~are_among(pressed, [(each.boot, each.number) for each in entered])
    return np.concatenate([pressed[stays], np.array(rows, pressed.dtype)])


def began(marks: Table) -> Table:
    """Return the services that began."""
    services = of_kind(marks, "service")
    return taken(services, services["value"] == 1)


def last_presses(ratings: Table, pause_ms: int) -> Table:
    """Return the ratings without those that were corrected within the pause: presses within 5 s are one, the last."""
    stays = np.append(np.diff(ratings["start_ms"]) > pause_ms, True)
    return taken(ratings, stays[: len(ratings)])


def are_among(marks: Table, calls: Collection[tuple[int, int]]) -> Flags:
    """Tell which marks are of one of the calls, each given by boot and number."""
    keys = np.array([(boot << 32) + number for boot, number in calls], np.uint64)
    among: Flags = np.isin((marks["boot"].astype(np.uint64) << 32) + marks["call"], keys)
    return among


def taken(rows: Table, chosen: Flags) -> Table:
    """Return the chosen rows of a table."""
    some: Table = rows[chosen]
    return some
