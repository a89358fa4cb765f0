"""When a report is due: pure rules of a plan, a time, and what is known to be made already."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from thirdring_gateway.domain.hours import local_date, wall_ms
from thirdring_gateway.web.period import ONE_DAY, Period, around

MOST = {"day": 31, "week": 8, "month": 12}
"""How many periods back a report is made afterwards, when the gateway was off."""
BACK_OFF_MIN = (1, 5, 15, 60, 180, 360, 360, 360, 720, 720, 1440)
"""Minutes between the attempts at one report; after the last of them a person has to ask for another one."""
MINUTE_MS = 60_000
LONGEST_PAUSE_MS = max(BACK_OFF_MIN) * MINUTE_MS


@dataclass(frozen=True)
class Plan:
    """A regular report: of each `kind` of period ("day", "week", "month"), on the day after it at `minute`.

    `since_ms` is when it was switched on: periods that were due earlier are of no interest. Without recipients it is
    only put into the folder.
    """

    kind: str
    since_ms: int
    minute: int = 8 * 60
    formats: Sequence[str] = ("pdf",)
    languages: Sequence[str] = ("zh-hans",)
    recipients: Sequence[str] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return it as it is stored."""
        return asdict(self)


def plan_of(stored: Mapping[str, Any]) -> Plan:
    """Return the plan that was stored."""
    return Plan(**stored)


def due_ms(plan: Plan, period: Period) -> int:
    """Return the moment at which the report of a period is due."""
    return wall_ms(period.last + ONE_DAY, plan.minute, period.zone)


def next_due_ms(plan: Plan, now_ms: int, zone: str) -> int:
    """Return the moment at which the next report will be due."""
    period = around(plan.kind, local_date(now_ms, zone) - ONE_DAY, zone)
    while due_ms(plan, period) <= now_ms:
        period = around(plan.kind, period.last + ONE_DAY, zone)
    return due_ms(plan, period)


def due(
    plan: Plan,
    now_ms: int,
    zone: str,
    known: Collection[date],
    is_open: Callable[[Period], bool],
    was_heard: Callable[[Period], bool],
) -> list[Period]:
    """Return the periods whose report is due and not in `known` by its first day, the oldest first.

    A period in which nothing was heard is only reported at its own time, and only when the branch was open: so neither
    a wrong clock nor a gateway that was off for long lets loose a flood of empty reports.
    """
    found: list[Period] = []
    period = around(plan.kind, local_date(now_ms, zone) - ONE_DAY, zone)
    if due_ms(plan, period) > now_ms:
        period = around(plan.kind, period.first - ONE_DAY, zone)
    newest = period
    for _ in range(MOST[plan.kind]):
        if due_ms(plan, period) < plan.since_ms:
            break
        if period.first not in known and (was_heard(period) or (period is newest and is_open(period))):
            found.append(period)
        period = around(plan.kind, period.first - ONE_DAY, zone)
    return found[::-1]


def pause_ms(attempts: int) -> int | None:
    """Return how long to wait after so many failed attempts; None when it is time to give up."""
    return BACK_OFF_MIN[attempts - 1] * MINUTE_MS if attempts <= len(BACK_OFF_MIN) else None


def may_try(next_ms: int, now_ms: int) -> bool:
    """Tell whether it is time for another attempt; one that a wrong clock put into the far future may go now."""
    return not now_ms < next_ms <= now_ms + LONGEST_PAUSE_MS
