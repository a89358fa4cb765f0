"""What a gateway must report about a scenario, counted from its plain terms alone and never from the core.

`truth` speaks the gateway's KPI keys: rates as `(k, n)`, durations as `(count, total_ms, max_ms)`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from thirdring_unit.sim.day import work_out
from thirdring_unit.sim.exchange import exchange_of
from thirdring_unit.sim.story import Call, Scenario, Service, Vip

SATISFIED = (4, 5)


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of the service rules as they are shipped."""

    rings: int = 3
    short_ms: int = 5_000  # a missed call that rang less long counts apart
    hold_ms: int = 60_000
    vip_ms: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({1: 600_000, 2: 300_000}))


@dataclass(frozen=True, slots=True)
class Truth:
    """Expected KPIs: rates as (k, n) and durations as (count, total_ms, max_ms), by the gateway's keys."""

    rates: dict[str, tuple[int, int]]
    durations: dict[str, tuple[int, int, int]]
    short: int


def truth(scenarios: Iterable[Scenario], limits: Limits | None = None) -> Truth:
    """Count what the days of these desks must yield together, seen at the end of the days."""
    return _counted([_Facts(scenario) for scenario in scenarios], limits or Limits())


class _Facts:
    """The plain facts of one day, sorted by what happened to each call."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.cycle_ms = exchange_of(scenario.country).ring_cycle_ms
        self.ring_ms = exchange_of(scenario.country).bursts(0)[-1][1]
        self.end_ms = work_out(scenario).end_ms

    def calls(self, *kinds: str) -> Iterator[Call]:
        return (call for call in self.scenario.calls if call.kind in kinds)

    def wait_ms(self, call: Call) -> int:
        return (call.rings - 1) * self.cycle_ms + call.after_ring_ms

    def rang_ms(self, call: Call) -> int:
        return (call.rings - 1) * self.cycle_ms + self.ring_ms

    def is_known_who_hung_up(self, call: Call) -> bool:
        """Tell whether the desk can know it: it must hear the exchange's tone, or see the loop open."""
        sensed = self.scenario.far_end == "open loop" or (
            self.scenario.far_end == "tone" and self.scenario.ears != "none"
        )
        return sensed and call.transfer_ms is None

    def ratings(self) -> list[int]:
        told: list[Call | Service] = [*self.scenario.calls, *self.scenario.services]
        return [one.rating for one in told if one.rating is not None]

    def outcomes(self) -> list[bool]:
        told: list[Call | Service] = [*self.scenario.calls, *self.scenario.services]
        return [one.resolved for one in told if one.resolved is not None]


def _counted(days: list[_Facts], limits: Limits) -> Truth:
    answered = [(day, call) for day in days for call in day.calls("answered")]
    rang_ms = [day.rang_ms(call) for day in days for call in day.calls("missed")]
    missed = sum(one_ms >= limits.short_ms for one_ms in rang_ms)
    timely = sum(call.rings <= limits.rings for _, call in answered)
    held = [waits for day in days for call in day.calls("answered", "dialled") if (waits := _waits_ms(call))]
    hung_up = [call.hangup for day in days for call in day.calls("answered") if day.is_known_who_hung_up(call)]
    vips = [_vip(vip, day, limits) for day in days for vip in day.scenario.vips]
    ratings = [score for day in days for score in day.ratings()]
    outcomes = [resolved for day in days for resolved in day.outcomes()]
    served = [vip.served_after_ms for day in days for vip in day.scenario.vips if vip.served_after_ms is not None]
    services = len(answered) + sum(len(day.scenario.services) for day in days) + len(served)
    return Truth(
        rates={
            "timely_answer": (timely, len(answered)),
            "reach": (len(answered), len(answered) + missed),
            "timely_of_offered": (timely, len(answered) + missed),
            "hold_over_limit": (sum(max(waits) > limits.hold_ms for waits in held), len(held)),
            "vip_over_limit": (vips.count(True), len(vips) - vips.count(None)),
            "caller_hung_up_first": (hung_up.count("caller"), len(hung_up)),
            "satisfaction": (sum(score in SATISFIED for score in ratings), len(ratings)),
            "response": (len(ratings), services),
            "resolution": (sum(outcomes), len(outcomes)),
        },
        durations={
            "answer_time": _summary([day.wait_ms(call) for day, call in answered]),
            "hold": _summary([sum(waits) for waits in held]),
            "vip_wait": _summary(served),
        },
        short=len(rang_ms) - missed,
    )


def _waits_ms(call: Call) -> list[int]:
    """Every stretch in which the caller was left waiting; waiting to be transferred is one (R05)."""
    waits = [hold.for_ms for hold in call.holds]
    return waits if call.transfer_ms is None else [*waits, call.transfer_ms]


def _vip(vip: Vip, day: _Facts, limits: Limits) -> bool | None:
    """Tell whether a VIP waited too long; None when the VIP still waits and the limit has not passed."""
    waited_ms = (day.end_ms if vip.gone_ms is None else vip.gone_ms) - vip.at_ms
    late = waited_ms > limits.vip_ms[vip.tier]
    return late or (None if vip.gone_ms is None else False)


def _summary(lengths_ms: list[int]) -> tuple[int, int, int]:
    return len(lengths_ms), sum(lengths_ms), max(lengths_ms, default=0)
