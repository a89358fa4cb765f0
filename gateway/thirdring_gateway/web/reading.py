"""What the pages read from the ledger; nothing is written there.

The gateway's projection keeps the sums up to date within a second; what a line does now is read from its facts.
"""

import json
from collections.abc import Collection, Iterable
from typing import NamedTuple

from django.db.models import Max, Q, QuerySet

from thirdring_gateway.domain.calls import Call, Subject, finish, project
from thirdring_gateway.domain.clock import Timeline
from thirdring_gateway.domain.facts import Fact
from thirdring_gateway.ledger import tables
from thirdring_gateway.ledger.clocks import Clocks
from thirdring_gateway.ledger.facts import facts_of, understood
from thirdring_gateway.ledger.read import span_of, timeline_of

LATEST_FACTS = 24
"""Enough to know what a line does now: of a call, only its latest facts matter."""


class OneCall(NamedTuple):
    """A call and the facts that tell of it, in order of time."""

    call: Call
    facts: list[Fact]


class Lately(NamedTuple):
    """The latest facts of a unit's latest boot, in order, and the boot's time of day."""

    facts: list[Fact]
    clock: Timeline


def units(branch: str) -> list[str]:
    """Return every unit of the branch that was ever heard of, by name."""
    return list(tables.Unit.objects.filter(branch=branch).order_by("name").values_list("name", flat=True))


def of_branch(branch: str, desks: Collection[str] | None) -> "QuerySet[tables.Unit]":
    """Return the units of a branch that `desks` names."""
    found = tables.Unit.objects.filter(branch=branch)
    return found if desks is None else found.filter(name__in=list(desks))


def latest_boots(branch: str, desks: Collection[str]) -> dict[str, tables.Boot]:
    """Return the latest boot of each of `desks` that was ever heard of."""
    latest = of_branch(branch, desks).annotate(number=Max("boot__number")).values_list("pk", "number")
    wanted = Q(pk__in=[])
    for unit_id, number in latest:
        wanted |= Q(unit_id=unit_id, number=number)
    return {boot.unit.name: boot for boot in tables.Boot.objects.filter(wanted).select_related("unit")}


def last_signs(branch: str, desks: Iterable[str]) -> dict[str, int]:
    """Return when each of `desks` was last heard of, as far as its time of day is known."""
    boots = latest_boots(branch, list(desks))
    spans = {name: span_of(boot.first_up_ms, boot.last_up_ms, json.dumps(boot.anchors)) for name, boot in boots.items()}
    return {name: span[1] for name, span in spans.items() if span}


def lately(branch: str, desks: Iterable[str]) -> dict[str, Lately]:
    """Return the latest facts of each of `desks`."""
    found = {}
    for name, boot in latest_boots(branch, list(desks)).items():
        bodies = tables.Fact.objects.filter(boot=boot).order_by("-seq").values_list("body", flat=True)[:LATEST_FACTS]
        found[name] = Lately(list(understood(reversed(bodies))), timeline_of(boot.anchors))
    return found


def one_call(branch: str, unit: str, boot: int, number: int) -> OneCall | None:
    """Return a call with its facts, None when there is none of that key.

    A call that a lost unit cut in two is told by both halves: the call after it is read as well.
    """
    found = tables.Unit.objects.filter(branch=branch, name=unit).first()
    if found is None:
        return None
    subjects = {Subject("call", boot, str(number)), *next_call(found.pk, boot, number)}
    facts = list(facts_of(found.pk, subjects))
    calls = finish(project(facts, Clocks(found.pk)).calls)
    call = next((each for each in calls if each.order == (boot, number)), None)
    if call is None:
        return None
    told = facts_of(found.pk, {Subject(what, boot, str(number)) for what in ("call", "rated", "outcome")})
    return OneCall(call, sorted(told, key=lambda fact: (fact.up_ms, fact.seq)))


def next_call(unit_id: int, boot: int, number: int) -> list[Subject]:
    """Return the call that follows, if there is one."""
    after = tables.Record.objects.filter(unit_id=unit_id, what="call").filter(
        Q(boot__gt=boot) | Q(boot=boot, number__gt=number)
    )
    return [Subject(*row) for row in after.order_by("boot", "number").values_list("what", "boot", "name")[:1]]
