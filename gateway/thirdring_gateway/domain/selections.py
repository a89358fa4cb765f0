"""Which calls and visits the rules mean: the words that KPIs and lists share."""

import numpy as np

from thirdring_gateway.domain.calls import ANSWERED, CUT, MISSED
from thirdring_gateway.domain.columns import Flags
from thirdring_gateway.domain.scope import Scope
from thirdring_gateway.domain.sums import STATES, TEST, VERDICTS


def count(flags: Flags) -> int:
    """Return how many are true."""
    return int(np.count_nonzero(flags))


def has_verdict(scope: Scope, verdict: str) -> Flags:
    """Tell which calls have the verdict."""
    return scope.calls.having("verdict", VERDICTS.index(verdict))


def answered(scope: Scope) -> Flags:
    """Tell which calls were answered; dialled and test calls are not among them."""
    return has_verdict(scope, ANSWERED)


def timely(scope: Scope) -> Flags:
    """Tell which calls were answered before the fourth ring began."""
    rings = scope.calls["rings"]
    return answered(scope) & (rings >= 0) & (rings <= scope.settings.timely_rings)


def is_missed(scope: Scope) -> Flags:
    """Tell which calls were missed in the opening hours."""
    return has_verdict(scope, MISSED) & scope.in_hours


def rang_briefly(scope: Scope) -> Flags:
    """Tell which calls rang too briefly to be answered; one that rang for an unknown time is not known to have."""
    wait_ms = scope.calls["wait_ms"]
    return (wait_ms >= 0) & (wait_ms < scope.settings.short_ms)


def out_of_hours(scope: Scope) -> Flags:
    """Tell which calls came while the branch was closed (R34)."""
    return (answered(scope) | has_verdict(scope, MISSED)) & ~scope.in_hours


def offered(scope: Scope) -> Flags:
    """Tell which calls of the opening hours were answered, or missed after having rung long enough."""
    return (answered(scope) & scope.in_hours) | (is_missed(scope) & (scope.calls["wait_ms"] >= scope.settings.short_ms))


def not_offered(scope: Scope) -> dict[str, int]:
    """Return how many calls are left out of what was offered, and why."""
    return {
        "short": count(is_missed(scope) & rang_briefly(scope)),
        "out_of_hours": count(out_of_hours(scope)),
        "unknown": count(is_missed(scope) & (scope.calls["wait_ms"] < 0)),
        "cut": count(has_verdict(scope, CUT)),
    }


def was_held(scope: Scope) -> Flags:
    """Tell which calls were held at least once, also when only the sum of the holds came through."""
    return ~has_verdict(scope, TEST) & ((scope.calls["holds"] > 0) | (scope.calls["held_ms"] > 0))


def held_too_long(scope: Scope) -> Flags:
    """Tell which calls have a hold over the limit."""
    return was_held(scope) & (scope.calls["longest_hold_ms"] > scope.settings.hold_limit_ms)


def ends_known(scope: Scope) -> Flags:
    """Tell which calls have holds all of whose lengths are known."""
    return (scope.calls["holds"] > 0) & scope.calls.having("holds_open", 0)


def in_state(scope: Scope, state: str) -> Flags:
    """Tell which visits are waiting, served or left."""
    return scope.visits.having("state", STATES.index(state))


def vip_late(scope: Scope) -> Flags:
    """Tell which visits waited, or have waited by now, longer than their limit."""
    return (scope.limit_ms >= 0) & (scope.waited_ms > scope.limit_ms)


def is_loudness_known(scope: Scope) -> Flags:
    """Tell of which of the calls that were heard the loudness was measured."""
    return (scope.voices["loud_ms"] >= 0) & (scope.voices["agent_ms"] >= 0)


def is_loud(scope: Scope) -> Flags:
    """Tell in which of the calls that were heard the agent was loud for too much of the time that he spoke."""
    loud_ms, agent_ms = (scope.voices[name].astype("i8") for name in ("loud_ms", "agent_ms"))
    return is_loudness_known(scope) & (loud_ms * 100 > agent_ms * scope.settings.loud_percent)
