"""A scenario worked out: the course of every call, and the checks that the day can happen as it is told."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from random import Random

from thirdring_unit.errors import UserError
from thirdring_unit.sim.exchange import Exchange, exchange_of
from thirdring_unit.sim.plain import clock_text
from thirdring_unit.sim.story import Call, Scenario
from thirdring_unit.sim.telephone import Course, course

BUTTON_REST_MS = 7_000  # presses of the rating buttons within 5 s count as one
RATING_WINDOW_MS = 120_000  # a rating so soon after a call belongs to the call
END_MS = 30_000  # the day ends some time after its last event, when everything is decided


class ScenarioError(UserError):
    """A scenario that cannot be used; its text is one line for the person who wrote it."""


@dataclass(frozen=True, slots=True)
class Day:
    """A scenario with the course of its calls on the exchange of its country."""

    scenario: Scenario
    exchange: Exchange
    courses: tuple[Course, ...]

    @property
    def end_ms(self) -> int:
        """Moment after which nothing happens any more."""
        return max(self._last_events()) + END_MS

    def _last_events(self) -> Iterator[int]:
        yield from (course.over_ms for course in self.courses)
        yield from (vip.at_ms if vip.gone_ms is None else vip.gone_ms for vip in self.scenario.vips)
        yield from (service.at_ms + service.for_ms for service in self.scenario.services)


def work_out(scenario: Scenario) -> Day:
    """Give the day of a scenario; raises ScenarioError when it cannot happen as told."""
    line = exchange_of(scenario.country)
    for call in scenario.calls:
        _check_call(call, scenario, line)
    chance = Random(scenario.seed)
    day = Day(scenario, line, tuple(course(call, line, scenario.far_end, chance) for call in scenario.calls))
    _check_line(day)
    _check_vips(scenario)
    _check_counter(day)
    return day


def _check_call(call: Call, scenario: Scenario, line: Exchange) -> None:
    place = f"the call at {_clock(scenario, call.at_ms)}"
    if call.after_ring_ms >= line.ring_cycle_ms:
        raise ScenarioError(f"{place}: `after_ring` must be under {line.ring_cycle_ms} ms, when the phone rings again")
    moments_ms = [hold.after_ms for hold in call.holds if hold.after_ms is not None]
    if len(moments_ms) not in (0, len(call.holds)) or moments_ms != sorted(moments_ms):
        raise ScenarioError(f"{place}: give `after` for all of its holds in their order, or for none")
    if any(at_ms > call.talk_ms for at_ms in moments_ms):
        raise ScenarioError(f"{place}: a hold begins after the end of `talk`; `after` counts from the answer")
    for hold in call.holds:
        if scenario.ears == "none" and hold.how in ("music", "silence"):
            raise ScenarioError(
                f'{place}: a hold by "{hold.how}" can only be heard: set `ears` or use "key" or "flash"'
            )


def _check_line(day: Day) -> None:
    for earlier, later in pairwise(day.courses):
        if later.call.at_ms < earlier.over_ms:
            raise ScenarioError(
                f"the call at {_clock(day.scenario, later.call.at_ms)} comes before the line is free again "
                f"at {_clock(day.scenario, earlier.over_ms)}: move it"
            )


def _check_vips(scenario: Scenario) -> None:
    for earlier, later in pairwise(scenario.vips):
        if later.gone_ms is not None and (earlier.gone_ms is None or later.gone_ms < earlier.gone_ms):
            raise ScenarioError(
                f"the VIP of {_clock(scenario, later.at_ms)} goes before the one of {_clock(scenario, earlier.at_ms)}: "
                "the buttons always mean the one who has waited longest"
            )


def _check_counter(day: Day) -> None:
    for earlier, later in pairwise(day.scenario.services):
        if later.at_ms <= earlier.at_ms + earlier.for_ms:
            raise ScenarioError(
                f"the service at {_clock(day.scenario, later.at_ms)} begins before the one of "
                f"{_clock(day.scenario, earlier.at_ms)} has ended: move it"
            )
    presses_ms = [course.lifted[1] for course in day.courses if course.lifted and course.call.rating]
    presses_ms += [service.at_ms + service.for_ms for service in day.scenario.services if service.rating]
    for earlier_ms, later_ms in pairwise(sorted(presses_ms)):
        if later_ms - earlier_ms < BUTTON_REST_MS:
            raise ScenarioError(
                f"two ratings near {_clock(day.scenario, later_ms)} would count as one: move one of them"
            )
    for service in day.scenario.services:
        ended_ms = service.at_ms + service.for_ms
        if (service.rating, service.resolved) != (None, None) and rated_call_near(day.courses, ended_ms):
            raise ScenarioError(
                f"the rating at {_clock(day.scenario, ended_ms)} would replace that of a call just before: "
                "move the service or remove one `rating`"
            )


def rated_call_near(courses: tuple[Course, ...], at_ms: int) -> bool:
    """Tell whether a rating or outcome pressed now would be taken for that of a call with one of its own."""
    told = (
        course for course in courses if course.lifted and (course.call.rating, course.call.resolved) != (None, None)
    )
    return any(course.call.at_ms <= at_ms + BUTTON_REST_MS <= course.over_ms + RATING_WINDOW_MS for course in told)


def _clock(scenario: Scenario, at_ms: int) -> str:
    return clock_text(scenario.starts_ms + at_ms)
