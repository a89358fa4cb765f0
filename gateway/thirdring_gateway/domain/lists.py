"""The calls and visits behind the numbers: what a manager opens from a KPI, each row with the key of its call.

A new list is one function from a desk's `Scope` to the rows that it shows, and its name in `LISTS`.
"""

from collections.abc import Callable, Mapping

import numpy as np

from thirdring_gateway.domain.calls import MISSED, SERVED
from thirdring_gateway.domain.hours import local
from thirdring_gateway.domain.kpis import (
    answered,
    has_verdict,
    held_too_long,
    in_state,
    timely,
    vip_late,
)
from thirdring_gateway.domain.scope import Scope
from thirdring_gateway.domain.sums import BY, STATES, VERDICTS, Flags, Integers

Row = dict[str, object]
CALL_COLUMNS = ("rings", "wait_ms", "held_ms", "longest_hold_ms", "talk_ms")


def late_answers(unit: str, scope: Scope) -> list[Row]:
    """Return the calls that were answered after the limit of rings (R03)."""
    return call_rows(unit, scope, answered(scope) & (scope.calls["rings"] >= 0) & ~timely(scope))


def unclassified(unit: str, scope: Scope) -> list[Row]:
    """Return the answered calls whose rings could not be counted."""
    return call_rows(unit, scope, answered(scope) & (scope.calls["rings"] < 0))


def missed(unit: str, scope: Scope) -> list[Row]:
    """Return the missed calls of the opening hours that rang long enough to count, or for an unknown time."""
    wait_ms = scope.calls["wait_ms"]
    counts = (wait_ms < 0) | (wait_ms >= scope.settings.short_ms)
    return call_rows(unit, scope, has_verdict(scope, MISSED) & scope.in_hours & counts)


def out_of_hours(unit: str, scope: Scope) -> list[Row]:
    """Return the calls that came while the branch was closed (R34)."""
    return call_rows(unit, scope, (answered(scope) | has_verdict(scope, MISSED)) & ~scope.in_hours)


def holds_over_limit(unit: str, scope: Scope) -> list[Row]:
    """Return the calls with a hold over the limit (R04)."""
    return call_rows(unit, scope, held_too_long(scope))


def agent_hung_up_first(unit: str, scope: Scope) -> list[Row]:
    """Return the calls that the agent ended before the caller did (R10)."""
    return call_rows(unit, scope, answered(scope) & (scope.calls["by"] == BY.index("agent")))


def follow_ups(unit: str, scope: Scope) -> list[Row]:
    """Return the calls that were flashed or transferred, on which a follow-up can be opened (R15)."""
    return call_rows(unit, scope, scope.calls["flashes"] > 0)


def vip_over_limit(unit: str, scope: Scope) -> list[Row]:
    """Return the VIP visits over their limit (R16)."""
    return visit_rows(unit, scope, vip_late(scope))


def vip_out_of_order(unit: str, scope: Scope) -> list[Row]:
    """Return the VIP visits that were served while one who had come earlier still waited (R17)."""
    ends_ms = visit_ends_ms(scope)
    waiting_until_ms = np.maximum.accumulate(np.append(0, ends_ms))[: len(ends_ms)]
    return visit_rows(unit, scope, in_state(scope, SERVED) & (scope.waited_ms >= 0) & (waiting_until_ms > ends_ms))


def ordinary_while_vip(unit: str, scope: Scope) -> list[Row]:
    """Return the ordinary services that began while a VIP customer waited at the desk (R18)."""
    return [
        {
            "unit": unit,
            "start": spoken(scope, int(service["start_ms"])),
            "service": f"{unit}/{service['boot']}/{service['seq']}",
        }
        for service in scope.services[vip_waited_at(scope, scope.services["start_ms"])]
    ]


LISTS: Mapping[str, Callable[[str, Scope], list[Row]]] = {
    "late_answers": late_answers,
    "unclassified": unclassified,
    "missed": missed,
    "out_of_hours": out_of_hours,
    "holds_over_limit": holds_over_limit,
    "agent_hung_up_first": agent_hung_up_first,
    "follow_ups": follow_ups,
    "vip_over_limit": vip_over_limit,
    "vip_out_of_order": vip_out_of_order,
    "ordinary_while_vip": ordinary_while_vip,
}


def lists(scopes: Mapping[str, Scope]) -> dict[str, list[Row]]:
    """Return every list over the desks, by desk and start."""
    return {
        name: [row for unit in sorted(scopes) for row in rows_of(unit, scopes[unit])] for name, rows_of in LISTS.items()
    }


def spoken(scope: Scope, epoch_ms: int) -> str:
    """Return a moment as the branch's wall clock shows it, with its offset."""
    return local(epoch_ms, scope.settings.hours.zone).isoformat(timespec="milliseconds")


def call_rows(unit: str, scope: Scope, chosen: Flags) -> list[Row]:
    """Return the chosen calls with what the lists show; numbers that are not known are None."""
    return [
        {
            "call": f"{unit}/{call['boot']}/{call['number']}",
            "unit": unit,
            "start": spoken(scope, int(call["start_ms"])),
            "verdict": VERDICTS[call["verdict"]],
            "by": BY[call["by"]],
            **{name: int(call[name]) if call[name] >= 0 else None for name in CALL_COLUMNS},
        }
        for call in scope.calls[chosen]
    ]


def visit_rows(unit: str, scope: Scope, chosen: Flags) -> list[Row]:
    """Return the chosen visits with what the lists show."""
    return [
        {
            "visit": f"{unit}/{visit['ticket'].decode()}",
            "unit": unit,
            "start": spoken(scope, int(visit["start_ms"])),
            "state": STATES[visit["state"]],
            "tier": int(visit["tier"]) if visit["tier"] >= 0 else None,
            "wait_ms": int(waited_ms),
            "limit_ms": int(limit_ms) if limit_ms >= 0 else None,
        }
        for visit, waited_ms, limit_ms in zip(
            scope.visits[chosen], scope.waited_ms[chosen], scope.limit_ms[chosen], strict=True
        )
    ]


def visit_ends_ms(scope: Scope) -> Integers:
    """Return when each visit's wait ended; one without a known wait is taken to have ended at once."""
    return scope.visits["start_ms"] + np.maximum(scope.waited_ms, 0)


def vip_waited_at(scope: Scope, moments_ms: Integers) -> Flags:
    """Tell of each moment whether a VIP customer waited then: came before or at it, and was not yet served or left."""
    came = np.searchsorted(scope.visits["start_ms"], moments_ms, side="right")
    waiting_until_ms = np.maximum.accumulate(np.append(0, visit_ends_ms(scope)))
    return waiting_until_ms[came] > moments_ms
