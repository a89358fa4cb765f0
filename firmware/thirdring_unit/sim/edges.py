"""The day as the unit's inputs see it: edges with the bounce of real contacts, and raw ringing current where asked."""

from collections.abc import Iterable, Iterator
from random import Random

from thirdring_unit.edgefile import Edge
from thirdring_unit.sim.day import Day
from thirdring_unit.sim.story import Vip
from thirdring_unit.sim.telephone import Span

PRESS_MS = 180
LONG_PRESS_MS = 1_500  # how a VIP of the top tier checks in
BOUNCES_MAX = 3
BOUNCE_MS = 3
OPEN_LOOP_MS = 280  # shorter than the flash of any country that flashes long
RATE_AFTER_MS = 2_000
OUTCOME_AFTER_MS = 1_000


def edges(day: Day) -> list[Edge]:
    """Give every edge of the day in the order of time; the same scenario always gives the same edges."""
    chance = Random(day.scenario.seed)
    ringing = _raw_ringing(day) if day.scenario.raw_ring else _bouncing(_ringing(day), chance)
    contacts = _bouncing([*_handset(day), *_flashes(day), *_hold_key(day), *_vips(day), *_counter(day)], chance)
    return sorted([*ringing, *contacts, *_open_loops(day)])


def _switched(name: str, spans: Iterable[Span]) -> Iterator[Edge]:
    for start_ms, end_ms in spans:
        yield Edge(start_ms, name, True)
        yield Edge(end_ms, name, False)


def _pressed(name: str, at_ms: int, press_ms: int = PRESS_MS) -> Iterator[Edge]:
    return _switched(name, [(at_ms, at_ms + press_ms)])


def _ringing(day: Day) -> Iterator[Edge]:
    return _switched("ring", (burst for course in day.courses for burst in course.bursts))


def _raw_ringing(day: Day) -> Iterator[Edge]:
    """Give an edge pair for every half-wave of the ringing current, on the ring and on the loop sensor."""
    half_wave_ms = 500 // day.exchange.ring_hz
    for course in day.courses:
        for start_ms, end_ms in course.bursts:
            waves = [(at_ms, at_ms + half_wave_ms * 6 // 10) for at_ms in range(start_ms, end_ms, half_wave_ms)]
            yield from _switched("ring", waves)
            yield from _switched("loop", waves[:-1:2])


def _handset(day: Day) -> Iterator[Edge]:
    """Give the loop current of the handset's contact."""
    return _switched("loop", (course.lifted for course in day.courses if course.lifted))


def _flashes(day: Day) -> Iterator[Edge]:
    """Give the loop breaks that agents make by hand."""
    for course in day.courses:
        yield from _broken((at_ms, at_ms + day.exchange.flash_ms) for at_ms in course.flashes_ms)


def _open_loops(day: Day) -> Iterator[Edge]:
    """Give the loop breaks by which the exchange says that the far end cleared: electronics, which do not bounce."""
    if day.scenario.far_end == "open loop":
        cleared = (course.cleared[0] for course in day.courses if course.cleared)
        yield from _broken((at_ms, at_ms + OPEN_LOOP_MS) for at_ms in cleared)


def _broken(spans: Iterable[Span]) -> Iterator[Edge]:
    for start_ms, end_ms in spans:
        yield Edge(start_ms, "loop", False)
        yield Edge(end_ms, "loop", True)


def _hold_key(day: Day) -> Iterator[Edge]:
    for course in day.courses:
        yield from _switched("hold_key", (span for hold, span in course.holds if hold.how == "key"))


def _vips(day: Day) -> Iterator[Edge]:
    for vip in day.scenario.vips:
        yield from _pressed("vip_in", vip.at_ms, PRESS_MS if vip.tier == 1 else LONG_PRESS_MS)
        if vip.gone_ms is not None:
            yield from _pressed(_left_or_served(vip), vip.gone_ms)


def _left_or_served(vip: Vip) -> str:
    return "vip_left" if vip.served_after_ms is None else "vip_served"


def _counter(day: Day) -> Iterator[Edge]:
    for service in day.scenario.services:
        yield from _pressed("serve", service.at_ms)
        yield from _pressed("serve", service.at_ms + service.for_ms)
        yield from _afterwards(service.at_ms + service.for_ms, service.rating, service.resolved)
    for course in day.courses:
        if course.lifted:
            yield from _afterwards(course.lifted[1], course.call.rating, course.call.resolved)


def _afterwards(ended_ms: int, rating: int | None, resolved: bool | None) -> Iterator[Edge]:
    if resolved is not None:
        yield from _pressed("resolved" if resolved else "unresolved", ended_ms + OUTCOME_AFTER_MS)
    if rating is not None:
        yield from _pressed(f"rate_{rating}", ended_ms + RATE_AFTER_MS)


def _bouncing(clean: Iterable[Edge], chance: Random) -> Iterator[Edge]:
    """Let every contact chatter for some milliseconds before it rests."""
    for edge in clean:
        yield edge
        at_ms = edge.at_ms
        for _ in range(chance.randint(0, BOUNCES_MAX)):
            at_ms += chance.randint(1, BOUNCE_MS)
            yield Edge(at_ms, edge.name, not edge.active)
            at_ms += chance.randint(1, BOUNCE_MS)
            yield Edge(at_ms, edge.name, edge.active)
