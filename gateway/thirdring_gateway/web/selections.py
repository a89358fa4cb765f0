"""Which calls stand behind a number: named selections, made of the same words as the indicators' formulas."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from thirdring_gateway.domain import lists
from thirdring_gateway.domain import selections as rules
from thirdring_gateway.domain.calls import CUT, DIALLED, LEFT, MISSED, SERVED, WAITING
from thirdring_gateway.domain.columns import Flags
from thirdring_gateway.domain.scope import Scope
from thirdring_gateway.domain.sums import BY


class Selection(NamedTuple):
    """Some of the calls (or VIP visits) of a scope, and what they are called."""

    title: Promise
    flags: Callable[[Scope], Flags]


class Which(NamedTuple):
    """A list, and the selection of it."""

    kind: str
    name: str

    @property
    def address(self) -> str:
        """Where the list is shown, as the beginning of an address."""
        return f"/{self.kind}?which={self.name}"


class Behind(NamedTuple):
    """The lists behind an indicator: what counts in `k` (nothing for a duration), and all that counts in `n`."""

    k: Which | None
    n: Which


def ended_by(who: str) -> Callable[[Scope], Flags]:
    """Return the selection of answered calls that `who` ended first."""
    return lambda scope: rules.answered(scope) & scope.calls.having("by", BY.index(who))


def with_verdict(verdict: str) -> Callable[[Scope], Flags]:
    """Return the selection of calls with a verdict."""
    return lambda scope: rules.has_verdict(scope, verdict)


def in_state(state: str) -> Callable[[Scope], Flags]:
    """Return the selection of visits in a state."""
    return lambda scope: rules.in_state(scope, state)


def is_counted(scope: Scope) -> Flags:
    """Tell which answered calls have a known number of rings."""
    return rules.answered(scope) & (scope.calls["rings"] >= 0)


def is_missed_short(scope: Scope) -> Flags:
    """Tell which calls of the opening hours rang too shortly to count as offered."""
    wait_ms = scope.calls["wait_ms"]
    short = (wait_ms >= 0) & (wait_ms < scope.settings.short_ms)
    return rules.has_verdict(scope, MISSED) & scope.in_hours & short


def is_hold_known(scope: Scope) -> Flags:
    """Tell which calls were held and are known to have been held too long or not."""
    return rules.held_too_long(scope) | (rules.was_held(scope) & rules.ends_known(scope))


def has_hung_up(scope: Scope) -> Flags:
    """Tell of which answered calls it is known who ended them."""
    return ended_by("caller")(scope) | ended_by("agent")(scope)


def is_visit_judged(scope: Scope) -> Flags:
    """Tell which visits ended with a known wait and limit, or are over it already."""
    known = (scope.waited_ms >= 0) & (scope.limit_ms >= 0)
    return rules.vip_late(scope) | (known & ~rules.in_state(scope, WAITING))


def is_service(scope: Scope) -> Flags:
    """Tell which calls, services and visits, one after the other, could have been rated."""
    begun = np.ones(len(scope.services), bool)
    return np.concatenate([rules.answered(scope), begun, rules.in_state(scope, SERVED)])


def is_satisfied(scope: Scope) -> Flags:
    """Tell which ratings are good enough."""
    enough: Flags = scope.ratings["value"] >= scope.settings.satisfied_score
    return enough


def is_heard(name: str) -> Callable[[Scope], Flags]:
    """Return the selection of calls of which the ears measured `name`."""
    return lambda scope: scope.voices[name] >= 0


CALLS: Mapping[str, Selection] = {
    "all": Selection(_("All calls"), lambda scope: scope.calls["start_ms"] >= 0),
    "answered": Selection(_("Answered"), rules.answered),
    "counted": Selection(_("Answered, rings counted"), is_counted),
    "timely": Selection(_("Answered in time"), rules.timely),
    "late": Selection(_("Answered late"), lists.late_answers),
    "unclassified": Selection(_("Rings not known"), lists.unclassified),
    "offered": Selection(_("Offered in opening hours"), rules.offered),
    "reached": Selection(_("Answered in opening hours"), lambda scope: rules.answered(scope) & scope.in_hours),
    "timely-in-hours": Selection(_("Answered in time, in hours"), lambda scope: rules.timely(scope) & scope.in_hours),
    "missed": Selection(_("Missed"), lambda scope: rules.offered(scope) & ~rules.answered(scope)),
    "short": Selection(_("Missed after a short ring"), is_missed_short),
    "out-of-hours": Selection(_("Out of hours"), rules.out_of_hours),
    "held": Selection(_("Held"), rules.was_held),
    "held-known": Selection(_("Held, length known"), is_hold_known),
    "held-over": Selection(_("Held over the limit"), rules.held_too_long),
    "caller-first": Selection(_("Caller hung up first"), ended_by("caller")),
    "agent-first": Selection(_("Agent hung up first"), ended_by("agent")),
    "hung-up": Selection(_("Known who hung up first"), has_hung_up),
    "flashed": Selection(_("Flashed or transferred"), lists.follow_ups),
    "dialled": Selection(_("Dialled out"), with_verdict(DIALLED)),
    "cut": Selection(_("Unit lost during the call"), with_verdict(CUT)),
}
VISITS: Mapping[str, Selection] = {
    "all": Selection(_("All visits"), lambda scope: scope.visits["start_ms"] >= 0),
    "served": Selection(_("Served"), in_state(SERVED)),
    "left": Selection(_("Left"), in_state(LEFT)),
    "waiting": Selection(_("Waiting"), in_state(WAITING)),
    "judged": Selection(_("Limit known"), is_visit_judged),
    "over": Selection(_("Over the limit"), rules.vip_late),
    "out-of-order": Selection(_("Served out of order"), lists.vip_out_of_order),
}
RATINGS: Mapping[str, Selection] = {
    "all": Selection(_("All ratings"), lambda scope: scope.ratings["value"] >= 0),
    "satisfied": Selection(_("Satisfied"), lambda scope: scope.ratings["value"] >= scope.settings.satisfied_score),
    "dissatisfied": Selection(
        _("Not satisfied"), lambda scope: scope.ratings["value"] < scope.settings.satisfied_score
    ),
}
OUTCOMES: Mapping[str, Selection] = {
    "all": Selection(_("All outcomes"), lambda scope: scope.outcomes["value"] >= 0),
    "resolved": Selection(_("Resolved"), lambda scope: scope.outcomes.having("value", 1) & ~scope.is_revoked),
    "unresolved": Selection(_("Not resolved"), lambda scope: scope.outcomes.having("value", 0)),
    "revoked": Selection(_("Called again"), lambda scope: scope.outcomes.having("value", 1) & scope.is_revoked),
}
SERVICES: Mapping[str, Selection] = {"all": Selection(_("All services"), is_service)}
VOICES: Mapping[str, Selection] = {
    "all": Selection(_("Listened to"), lambda scope: scope.voices["start_ms"] >= 0),
    "greeted": Selection(_("Greeting heard"), is_heard("greeting_ms")),
    "silence": Selection(_("Silence measured"), is_heard("silence_max_ms")),
    "both": Selection(_("Both voices heard"), is_heard("interruptions")),
    "interrupted": Selection(_("Interrupted"), lambda scope: scope.voices["interruptions"] > 0),
    "loudness": Selection(_("Loudness measured"), rules.is_loudness_known),
    "loud": Selection(_("Loud"), rules.is_loud),
}


def calls(name: str) -> Which:
    """Return a selection of the calls."""
    return Which("calls", name)


BEHIND: Mapping[str, Behind] = {
    "timely_answer": Behind(calls("timely"), calls("counted")),
    "reach": Behind(calls("reached"), calls("offered")),
    "timely_of_offered": Behind(calls("timely-in-hours"), calls("offered")),
    "answer_time": Behind(None, calls("answered")),
    "hold": Behind(None, calls("held")),
    "hold_over_limit": Behind(calls("held-over"), calls("held-known")),
    "vip_over_limit": Behind(Which("visits", "over"), Which("visits", "judged")),
    "vip_wait": Behind(None, Which("visits", "served")),
    "caller_hung_up_first": Behind(calls("caller-first"), calls("hung-up")),
    "satisfaction": Behind(Which("ratings", "satisfied"), Which("ratings", "all")),
    "response": Behind(Which("ratings", "all"), Which("services", "all")),
    "resolution": Behind(Which("outcomes", "resolved"), Which("outcomes", "all")),
    "callbacks": Behind(Which("callbacks", "kept"), Which("callbacks", "due")),
    "greeting": Behind(None, Which("voices", "greeted")),
    "silence": Behind(None, Which("voices", "silence")),
    "interrupted": Behind(Which("voices", "interrupted"), Which("voices", "both")),
    "loud": Behind(Which("voices", "loud"), Which("voices", "loudness")),
}
"""The lists behind each indicator; coverage counts minutes and has none."""
CALLS_BEHIND = {key: (each.k.name, each.n.name) for key, each in BEHIND.items() if each.k and each.n.kind == "calls"}
"""The selections of calls behind the rates that are of calls: what charts can cut up by day, desk and hour."""
