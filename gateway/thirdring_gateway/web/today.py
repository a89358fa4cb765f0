"""Today, as the first page and the API tell it: what must be seen first."""

from dataclasses import dataclass

from thirdring_gateway.accounts.models import Person
from thirdring_gateway.domain.figures import Figure
from thirdring_gateway.web import latest, numbers
from thirdring_gateway.web.present import LOST, RINGING, DeskNow, Waiting, all_waiting
from thirdring_gateway.web.rows import CallRow, call_rows
from thirdring_gateway.web.selections import CALLS

SHOWN_ROWS = 8
SHOWN_KPIS = ("timely_answer", "hold_over_limit")


@dataclass(frozen=True)
class Today:
    """The present moment, who waits (the longest wait first), what rings, what is lost, and what to look at."""

    now: latest.Now
    waiting: list[Waiting]
    ringing: list[DeskNow]
    lost: list[DeskNow]
    figures: dict[str, Figure]
    notable: list[CallRow]


def today_of(person: Person) -> Today:
    """Return today as far as a person may see it."""
    now = latest.now(person.sight)
    ringing = [desk for desk in now.desks if desk.state == RINGING]
    return Today(
        now=now,
        waiting=all_waiting(now.desks),
        ringing=sorted(ringing, key=lambda desk: desk.since_ms or 0),
        lost=[desk for desk in now.desks if desk.state == LOST],
        figures={kpi.key: kpi.compute(now.material.whole) for kpi in numbers.SHOWN if kpi.key in SHOWN_KPIS},
        notable=notable(now.material),
    )


def notable(material: numbers.Material) -> list[CallRow]:
    """Return today's latest calls that were answered late, missed or held too long."""
    found = {
        row.call: row
        for name in ("late", "missed", "held-over")
        for row in call_rows(material, CALLS[name], 0, SHOWN_ROWS)
    }
    return sorted(found.values(), key=lambda row: -row.start_ms)[:SHOWN_ROWS]
