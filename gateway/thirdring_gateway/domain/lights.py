"""What the lights at the counters should show: the VIP queue as the gateway knows it, judged by the unit's own rules.

The gateway asks after every VIP fact of a desk and again at `next_ms`; nothing else ever changes a light.
"""

from collections.abc import Iterable
from typing import NamedTuple

from thirdring_unit.core.vip import Ticket, light, next_change_ms

from thirdring_gateway.domain.calls import WAITING, Visit
from thirdring_gateway.domain.settings import BranchSettings

LONGEST_WAIT_MS = 12 * 3_600_000
"""Nobody waits at a counter for twelve hours: the fact of the visit's end was lost, and its light goes out."""


class Desired(NamedTuple):
    """What a desk's VIP light should show (off, near, over), and when that changes by itself (None: never)."""

    vip: str
    next_ms: int | None


def desired(visits: Iterable[Visit], settings: BranchSettings, now_ms: int) -> Desired:
    """Return what the VIP light of one desk should show now, given its visits (R16)."""
    tickets = waiting(visits, settings, now_ms)
    given_up_ms = [ticket.arrived_ms + LONGEST_WAIT_MS for ticket in tickets]
    moments = [moment for moment in (next_change_ms(tickets, now_ms), *given_up_ms) if moment is not None]
    return Desired(light(tickets, now_ms), min(moments, default=None))


def waiting(visits: Iterable[Visit], settings: BranchSettings, now_ms: int) -> list[Ticket]:
    """Return the VIP customers who wait at a desk now, first come first.

    A customer of a tier without a limit is given the shortest limit of all: better a light too early than none.
    """
    tickets = [
        Ticket(visit.ticket, visit.tier or 0, visit.start_ms, limit_of(visit, settings), settings.near_percent)
        for visit in visits
        if visit.state == WAITING and visit.start_ms is not None and now_ms < visit.start_ms + LONGEST_WAIT_MS
    ]
    return sorted(tickets, key=lambda ticket: (ticket.arrived_ms, ticket.name))


def limit_of(visit: Visit, settings: BranchSettings) -> int:
    """Return the limit that was frozen at arrival."""
    set_ms = settings.vip_limit_ms(visit.tier, visit.start_ms or 0) if visit.limit_ms is None else visit.limit_ms
    return min(tier.limit_ms for tier in settings.tiers) if set_ms is None else set_ms
