"""Reading: what reports, lights and pages ask of the ledger."""

from collections.abc import Iterable

from django.db.models import F, Sum

from thirdring_gateway.domain.calls import Subject
from thirdring_gateway.domain.clock import NO_TIME, Timeline, timeline
from thirdring_gateway.domain.facts import Fact
from thirdring_gateway.domain.hours import HOUR_MS, Period
from thirdring_gateway.domain.report import DeskData
from thirdring_gateway.domain.sums import SumsRow
from thirdring_gateway.ledger import tables
from thirdring_gateway.ledger.clocks import Clocks, samples
from thirdring_gateway.ledger.facts import facts_of
from thirdring_gateway.trouble import Trouble


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
    found = dict(tables.Unit.objects.filter(branch=branch).values_list("name", "pk"))
    return {name: _desk(found[name], from_ms, to_ms) if name in found else DeskData() for name in only}


def _desk(unit_id: int, from_ms: int, to_ms: int) -> DeskData:
    hours = tables.HourSums.objects.filter(unit_id=unit_id, hour_ms__gt=from_ms - HOUR_MS, hour_ms__lt=to_ms)
    rows = hours.order_by("hour_ms").values_list("calls", "voices", "visits", "marks")
    return DeskData([SumsRow(*map(bytes, row)) for row in rows], evidence(unit_id), gaps=gaps(unit_id))


def gaps(unit_id: int) -> dict[str, int]:
    """Count what is missing of a unit, in any period: nothing when all is here and dated.

    `undated_calls` belong to boots that were never in touch, so that no period can count them; `lost_facts` the unit
    had to drop, or another ledger took.
    """
    undated = tables.Record.objects.filter(unit_id=unit_id, what="call", hour_ms__isnull=True).count()
    lost = tables.Gap.objects.filter(boot__unit_id=unit_id).aggregate(n=Sum(F("last") - F("first") + 1))["n"] or 0
    return {name: n for name, n in (("undated_calls", undated), ("lost_facts", lost)) if n}


def evidence(unit_id: int) -> list[Period]:
    """Return the spans of time in which the unit is known to have been up: each boot's first to last sign of life."""
    clocks = Clocks(unit_id)
    spans = []
    boots = tables.Boot.objects.filter(unit_id=unit_id, last_up_ms__isnull=False)
    for number, first_up_ms, last_up_ms in boots.values_list("number", "first_up_ms", "last_up_ms"):
        first_ms, last_ms = clocks[number].epoch_ms(first_up_ms or 0), clocks[number].epoch_ms(last_up_ms or 0)
        if first_ms is not None and last_ms is not None:
            spans.append((first_ms, last_ms))
    return spans


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
