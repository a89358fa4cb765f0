"""Today, as the first page and the API tell it: what must be seen first."""

from dataclasses import dataclass
from itertools import islice

from django.utils.translation import gettext_lazy as _

from thirdring_gateway.accounts.models import Person
from thirdring_gateway.accounts.roles import Ability
from thirdring_gateway.domain import selections as rules
from thirdring_gateway.domain.calls import DIALLED
from thirdring_gateway.domain.figures import Figure
from thirdring_gateway.domain.kpis import KPIS
from thirdring_gateway.entered.models import CallRecord
from thirdring_gateway.web import latest, numbers
from thirdring_gateway.web.entered_lists import overdue
from thirdring_gateway.web.present import LOST, RINGING, DeskNow, Waiting, all_waiting
from thirdring_gateway.web.rows import CallRow, call_rows
from thirdring_gateway.web.selections import CALLS, Selection

SHOWN_ROWS = 8
TO_RECORD = Selection(_("To record"), lambda scope: rules.answered(scope) | rules.has_verdict(scope, DIALLED))
SHOWN_KPIS = ("timely_answer", "hold_over_limit")


@dataclass(frozen=True)
class Today:
    """The present moment, who waits (the longest wait first), what rings, what is lost, and what to look at.

    `overdue` are the promised replies that nobody gave in time, `to_record` the latest calls without a record, for
    whoever serves these desks.
    """

    now: latest.Now
    waiting: list[Waiting]
    ringing: list[DeskNow]
    lost: list[DeskNow]
    figures: dict[str, Figure]
    notable: list[CallRow]
    overdue: int
    to_record: list[CallRow]


def today_of(person: Person) -> Today:
    """Return today as far as a person may see it."""
    now = latest.now(person.sight)
    ringing = [desk for desk in now.desks if desk.state == RINGING]
    return Today(
        now=now,
        waiting=all_waiting(now.desks),
        ringing=sorted(ringing, key=lambda desk: desk.since_ms or 0),
        lost=[desk for desk in now.desks if desk.state == LOST],
        figures={kpi.key: kpi.compute(now.material.whole) for kpi in KPIS if kpi.key in SHOWN_KPIS},
        notable=notable(now.material),
        overdue=overdue(list(now.material.desks), now.at_ms),
        to_record=to_record(now.material) if person.can(Ability.ENTER) and person.sight.desks is not None else [],
    )


def notable(material: numbers.Material) -> list[CallRow]:
    """Return today's latest calls that were answered late, missed or held too long."""
    found = {
        row.call: row
        for name in ("late", "missed", "held-over")
        for row in call_rows(material, CALLS[name], 0, SHOWN_ROWS)
    }
    return sorted(found.values(), key=lambda row: -row.start_ms)[:SHOWN_ROWS]


def to_record(material: numbers.Material) -> list[CallRow]:
    """Return today's latest answered and dialled calls of which nobody has entered anything, also those going on."""
    zone = material.period
    entered = CallRecord.objects.filter(
        unit__in=list(material.desks), start_ms__gte=zone.from_ms, start_ms__lt=zone.to_ms
    )
    known = {f"{unit}/{boot}/{number}" for unit, boot, number in entered.values_list("unit", "boot", "number")}
    found = (row for row in call_rows(material, TO_RECORD) if row.call not in known)
    return list(islice(found, SHOWN_ROWS))
