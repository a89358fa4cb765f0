"""Reading: what reports, lights and pages ask of the ledger."""

import json
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache

from django.db.models import Count, F, Sum, TextField
from django.db.models.functions import Cast

from thirdring_gateway.domain.calls import Subject
from thirdring_gateway.domain.clock import NO_TIME, Timeline, timeline
from thirdring_gateway.domain.facts import Fact
from thirdring_gateway.domain.hours import HOUR_MS, Period
from thirdring_gateway.domain.report import DeskData
from thirdring_gateway.domain.sums import SumsRow
from thirdring_gateway.ledger import tables
from thirdring_gateway.ledger.clocks import samples
from thirdring_gateway.ledger.facts import facts_of
from thirdring_gateway.trouble import Trouble

LONGEST_DAY_MS = 27 * HOUR_MS
"""More than any day has, with an hour that a change of the clocks may carry over midnight."""


def the_branch() -> str:
    """Return the one branch that the ledger is about; raises Trouble when it has none, or several."""
    branches = list(tables.Unit.objects.order_by("branch").values_list("branch", flat=True).distinct())
    if not branches:
        raise Trouble("the ledger holds no facts; load some first")
    if len(branches) > 1:
        raise Trouble(f"the ledger holds the branches {', '.join(branches)}; name one with `name` under [branch]")
    return branches[0]


def units(branch: str) -> list[str]:
    """Return the units that ever spoke."""
    return list(tables.Unit.objects.filter(branch=branch).order_by("name").values_list("name", flat=True))


def desks(branch: str, from_ms: int, to_ms: int, only: Iterable[str]) -> dict[str, DeskData]:
    """Return what is known of the units `only` for a period; the projection must be up to date."""
    names = list(only)
    rows, spans, missing = sums(branch, from_ms, to_ms, names), evidence(branch, names), gaps(branch, names)
    return {name: DeskData(rows.get(name, ()), spans.get(name, ()), gaps=missing.get(name, {})) for name in names}


def of_branch(branch: str, only: Collection[str] | None) -> dict[int, str]:
    """Return the names of the units of a branch (None: of all of them) by their keys."""
    found = tables.Unit.objects.filter(branch=branch)
    found = found if only is None else found.filter(name__in=list(only))
    return dict(found.values_list("pk", "name"))


def sums(branch: str, from_ms: int, to_ms: int, only: Collection[str] | None) -> dict[str, list[SumsRow]]:
    """Return the sums of every day that touches a period, of each of the units `only` (None: of all of the branch)."""
    names = of_branch(branch, only)
    rows: dict[str, list[SumsRow]] = {name: [] for name in names.values()}
    days = tables.DaySums.objects.filter(unit__in=list(names), day_ms__gt=from_ms - LONGEST_DAY_MS, day_ms__lt=to_ms)
    for unit_id, *columns in days.values_list("unit_id", *SumsRow._fields):
        rows[names[unit_id]].append(SumsRow(*columns))  # PostgreSQL gives views of bytes: as good
    return rows


def gaps(branch: str, only: Collection[str]) -> dict[str, dict[str, int]]:
    """Count what is missing of each unit, in any period: nothing when all is here and dated.

    `undated_calls` belong to boots that were never in touch, so that no period can count them; `lost_facts` the unit
    had to drop, or another ledger took.
    """
    names = of_branch(branch, only)
    undated = tables.Record.objects.filter(unit_id__in=list(names), what="call", hour_ms__isnull=True)
    lost = tables.Gap.objects.filter(boot__unit_id__in=list(names))
    found: dict[str, dict[str, int]] = {name: {} for name in names.values()}
    for unit_id, n in undated.values_list("unit_id").annotate(n=Count("pk")):
        found[names[unit_id]]["undated_calls"] = n
    for unit_id, n in lost.values_list("boot__unit_id").annotate(n=Sum(F("last") - F("first") + 1)):
        found[names[unit_id]]["lost_facts"] = n
    return found


def evidence(branch: str, only: Collection[str] | None) -> dict[str, list[Period]]:
    """Return the spans in which each unit is known to have been up: each boot's first to last sign of life."""
    names = of_branch(branch, only)
    found: dict[str, list[Period]] = {name: [] for name in names.values()}
    boots = tables.Boot.objects.filter(unit__in=list(names)).annotate(told=Cast("anchors", TextField()))
    for unit_id, *row in boots.values_list("unit_id", "first_up_ms", "last_up_ms", "told"):
        if span := span_of(*row):
            found[names[unit_id]].append(span)
    return found


@lru_cache(maxsize=65_536)
def span_of(first_up_ms: int | None, last_up_ms: int | None, anchors: str) -> Period | None:
    """Return the time of day of a boot's first and last sign of life, None when it never knew the time.

    Boots that ended never change, and a ledger of years holds thousands of them: each is understood once.
    """
    if first_up_ms is None or last_up_ms is None:
        return None
    clock = timeline_of(json.loads(anchors))
    first_ms, last_ms = clock.epoch_ms(first_up_ms), clock.epoch_ms(last_up_ms)
    return None if first_ms is None or last_ms is None else (first_ms, last_ms)


def timeline_of(anchors: Iterable[Sequence[int]]) -> Timeline:
    """Return a boot's time of day from the anchors that the ledger keeps."""
    return Timeline(tuple((up_ms, offset_ms) for up_ms, offset_ms in anchors))


def recent_visits(branch: str, since_ms: int) -> dict[str, list[Fact]]:
    """Return the facts of the VIP customers who came since then, by unit; the projection must be up to date."""
    recent = tables.Record.objects.filter(unit__branch=branch, what="visit", hour_ms__gt=since_ms - HOUR_MS)
    subjects: dict[tuple[int, str], set[Subject]] = {}
    for unit_id, unit, name in recent.values_list("unit_id", "unit__name", "name"):
        subjects.setdefault((unit_id, unit), set()).add(Subject("visit", 0, name))
    return {unit: list(facts_of(unit_id, names)) for (unit_id, unit), names in subjects.items()}


def time_of(branch: str, unit: str, boot: int) -> Timeline:
    """Return the timeline of a boot from all that is known now."""
    row = tables.Boot.objects.filter(unit__branch=branch, unit__name=unit, number=boot).first()
    return timeline(samples(row)) if row else NO_TIME
