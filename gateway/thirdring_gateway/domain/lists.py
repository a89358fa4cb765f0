"""The calls and visits behind the numbers: what a manager opens from a KPI, each row with the key of its call.

A new list is one function that chooses from a desk's calls, visits or services, and its line in `LISTS`.
"""

from collections.abc import Callable, Iterator, Mapping
from heapq import merge
from itertools import islice
from typing import NamedTuple

import numpy as np

from thirdring_gateway.domain.calls import CUT, SERVED
from thirdring_gateway.domain.columns import Flags, Integers
from thirdring_gateway.domain.hours import local
from thirdring_gateway.domain.scope import Scope
from thirdring_gateway.domain.selections import (
    answered,
    count,
    has_verdict,
    held_too_long,
    in_state,
    is_missed,
    out_of_hours,
    rang_briefly,
    timely,
    vip_late,
)
from thirdring_gateway.domain.sums import BY, STATES, VERDICTS

Row = dict[str, object]
CALL_COLUMNS = (
    "boot",
    "number",
    "start_ms",
    "verdict",
    "by",
    "rings",
    "wait_ms",
    "held_ms",
    "longest_hold_ms",
    "talk_ms",
)


# ---- what is in a list


def late_answers(scope: Scope) -> Flags:
    """Choose the calls that were answered after the limit of rings (R03)."""
    return answered(scope) & (scope.calls["rings"] >= 0) & ~timely(scope)


def unclassified(scope: Scope) -> Flags:
    """Choose the answered calls whose rings could not be counted."""
    return answered(scope) & (scope.calls["rings"] < 0)


def missed(scope: Scope) -> Flags:
    """Choose the missed calls of the opening hours that rang long enough to count, or for an unknown time."""
    return is_missed(scope) & ~rang_briefly(scope)


def short(scope: Scope) -> Flags:
    """Choose the missed calls of the opening hours that rang too briefly to count."""
    return is_missed(scope) & rang_briefly(scope)


def cut(scope: Scope) -> Flags:
    """Choose the calls that were cut off by the loss of their unit."""
    return has_verdict(scope, CUT)


def agent_hung_up_first(scope: Scope) -> Flags:
    """Choose the calls that the agent ended before the caller did (R10)."""
    return answered(scope) & scope.calls.having("by", BY.index("agent"))


def follow_ups(scope: Scope) -> Flags:
    """Choose the calls that were flashed or transferred, on which a follow-up can be opened (R15)."""
    return scope.calls["flashes"] > 0


def vip_out_of_order(scope: Scope) -> Flags:
    """Choose the VIP visits that were served while one who had come earlier still waited (R17)."""
    ends_ms = visit_ends_ms(scope)
    earlier_until_ms = np.maximum.accumulate(np.append(0, ends_ms))[: len(ends_ms)]
    return in_state(scope, SERVED) & (scope.waited_ms >= 0) & (earlier_until_ms > ends_ms)


def ordinary_while_vip(scope: Scope) -> Flags:
    """Choose the ordinary services that began while a VIP customer of the period waited at the desk (R18)."""
    began_ms = scope.services["start_ms"]
    came = np.searchsorted(scope.visits["start_ms"], began_ms, side="right")
    waiting_until_ms: Integers = np.maximum.accumulate(np.append(0, visit_ends_ms(scope)))
    return waiting_until_ms[came] > began_ms


def visit_ends_ms(scope: Scope) -> Integers:
    """Return when each visit's wait ended; one without a known wait is taken to have ended at once."""
    return scope.visits["start_ms"] + np.maximum(scope.waited_ms, 0)


# ---- how a row is shown


def call_row(unit: str, scope: Scope, place: int) -> Row:
    """Return what the lists show of a call; numbers that are not known are None."""
    cell = {name: int(scope.calls[name][place]) for name in CALL_COLUMNS}
    return {
        "call": f"{unit}/{cell.pop('boot')}/{cell.pop('number')}",
        "unit": unit,
        "start": spoken(scope, cell.pop("start_ms")),
        "verdict": VERDICTS[cell.pop("verdict")],
        "by": BY[cell.pop("by")],
        **{name: known_or_none(value) for name, value in cell.items()},
    }


def visit_row(unit: str, scope: Scope, place: int) -> Row:
    """Return what the lists show of a VIP visit."""
    visits = scope.visits
    return {
        "visit": f"{unit}/{bytes(visits['ticket'][place]).decode()}",
        "unit": unit,
        "start": spoken(scope, int(visits["start_ms"][place])),
        "state": STATES[visits["state"][place]],
        "tier": known_or_none(int(visits["tier"][place])),
        "wait_ms": int(scope.waited_ms[place]),
        "limit_ms": known_or_none(int(scope.limit_ms[place])),
    }


def service_row(unit: str, scope: Scope, place: int) -> Row:
    """Return what the lists show of an ordinary service: the key of the fact that it began."""
    services = scope.services
    key = f"{unit}/{services['boot'][place]}/{services['seq'][place]}"
    return {"service": key, "unit": unit, "start": spoken(scope, int(services["start_ms"][place]))}


def known_or_none(value: int) -> int | None:
    """Return a column's number, None when it is not known."""
    return value if value >= 0 else None


def spoken(scope: Scope, epoch_ms: int) -> str:
    """Return a moment as the branch's wall clock shows it, with its offset."""
    return local(epoch_ms, scope.settings.hours.zone).isoformat(timespec="milliseconds")


# ---- the lists


class Listing(NamedTuple):
    """A list: what it chooses, among which table of the scope, and how a row is shown."""

    choose: Callable[[Scope], Flags]
    table: str
    show: Callable[[str, Scope, int], Row]


LISTS: Mapping[str, Listing] = {
    "late_answers": Listing(late_answers, "calls", call_row),
    "unclassified": Listing(unclassified, "calls", call_row),
    "missed": Listing(missed, "calls", call_row),
    "short": Listing(short, "calls", call_row),
    "cut": Listing(cut, "calls", call_row),
    "out_of_hours": Listing(out_of_hours, "calls", call_row),
    "holds_over_limit": Listing(held_too_long, "calls", call_row),
    "agent_hung_up_first": Listing(agent_hung_up_first, "calls", call_row),
    "follow_ups": Listing(follow_ups, "calls", call_row),
    "vip_over_limit": Listing(vip_late, "visits", visit_row),
    "vip_out_of_order": Listing(vip_out_of_order, "visits", visit_row),
    "ordinary_while_vip": Listing(ordinary_while_vip, "services", service_row),
}


def rows_of(listing: Listing, scopes: Mapping[str, Scope], rows_max: int) -> tuple[list[Row], int]:
    """Return the first rows of a list over the desks, in order of time, and how many more there are."""
    chosen = {unit: listing.choose(scope) for unit, scope in scopes.items()}
    total = sum(count(flags) for flags in chosen.values())
    desks = (places(unit, scopes[unit], listing.table, flags, rows_max) for unit, flags in chosen.items())
    rows = [listing.show(unit, scopes[unit], place) for _, unit, place in islice(merge(*desks), rows_max)]
    return rows, total - len(rows)


def places(unit: str, scope: Scope, table: str, chosen: Flags, most: int) -> Iterator[tuple[int, str, int]]:
    """Yield the start, the unit and the place of the chosen rows of a desk, in order of time."""
    starts_ms = getattr(scope, table)["start_ms"]
    for place in np.flatnonzero(chosen)[:most]:
        yield int(starts_ms[place]), unit, int(place)
