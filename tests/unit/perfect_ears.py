"""The day as faultless ears would report it: the signals of every voice, tone and tune, each when it would be heard.

Only for properties of the core over thousands of random days; a simulated desk, and whoever wants to know what is
truly heard, lets the sound go through the real ears.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from thirdring_unit.core.events import Signal
from thirdring_unit.core.unit import Unit
from thirdring_unit.edgefile import Edge
from thirdring_unit.sim.day import END_MS, Day, work_out
from thirdring_unit.sim.edges import edges
from thirdring_unit.sim.simulate import settings_for
from thirdring_unit.sim.story import Scenario
from thirdring_unit.sim.telephone import Course, Span
from thirdring_unit.virtual import VirtualDesk

TALK_SURE_MS, PAUSE_MS = 1_500, 8_000  # of talk; what pauses for less goes on
VOICE_SURE_MS = 200  # ears need a while to be sure, and back-date what they heard
MUSIC_SURE_MS = 1_500
TONE_CYCLES_SURE = 3
DIAL_TONE_MS = 800


class Heard(NamedTuple):
    """A signal, and the moment of the scenario at which the ears are sure of it."""

    at_ms: int
    signal: Signal


def play(scenario: Scenario, write: Callable[[bytes], object]) -> None:
    """Let a scenario happen to a unit with faultless ears in virtual time, and write its facts, a line of JSON each."""
    day = work_out(scenario)
    desk = VirtualDesk(settings_for(scenario), write, "power")
    happenings: list[Edge | Heard] = [*edges(day), *signals(day)]
    for event in sorted(happenings, key=lambda event: event.at_ms):
        desk.bring(event.at_ms, partial(_bring, event=event))
    desk.run_for(END_MS)


def _bring(unit: Unit, up_ms: int, *, event: Edge | Heard) -> None:
    if isinstance(event, Heard):
        unit.hear(up_ms, event.signal)
    else:
        unit.edge(up_ms, event.name, event.active)


def signals(day: Day) -> list[Heard]:
    """Give every signal of the day in the order in which the ears report; times count from the scenario's start."""
    if day.scenario.ears == "none":
        return []
    found = [heard for course in day.courses for heard in _course(course, day)]
    return sorted(found, key=lambda heard: heard.at_ms)


def _course(course: Course, day: Day) -> Iterator[Heard]:
    for turn in course.turns:
        channel = turn.who if day.scenario.ears == "both" else "line"
        yield from _sounding("voice", channel, turn.span, VOICE_SURE_MS)
    on_line = [turn.span for turn in course.turns if day.scenario.ears != "both" or turn.who == "line"]
    for span in _joined(on_line):
        yield from _sounding("talk", "line", span, TALK_SURE_MS)
    for hold, span in course.holds:
        if hold.how == "music":
            yield from _sounding("music", "line", span, MUSIC_SURE_MS)
    if course.dialling:
        start_ms = course.dialling[0]
        yield from _sounding("tone", "line", (start_ms, start_ms + DIAL_TONE_MS), VOICE_SURE_MS, "dial")
    if course.cleared and day.scenario.far_end == "tone":
        sure_ms = TONE_CYCLES_SURE * day.exchange.busy.cycle_ms
        yield from _sounding("tone", "line", course.cleared, sure_ms, "busy")


def _joined(spans: list[Span]) -> Iterator[Span]:
    """Give the talks that voices make up."""
    talk: Span | None = None
    for span in sorted(spans):
        if talk is not None and span[0] - talk[1] <= PAUSE_MS:
            talk = (talk[0], max(talk[1], span[1]))
        else:
            if talk is not None:
                yield talk
            talk = span
    if talk is not None:
        yield talk


def _sounding(what: str, channel: str, span: Span, sure_ms: int, detail: str | None = None) -> Iterator[Heard]:
    """Report one sound: its beginning once the ears are sure, its end as late after the end."""
    yield Heard(span[0] + sure_ms, Signal(what, channel, True, span[0], detail))
    yield Heard(span[1] + sure_ms, Signal(what, channel, False, span[1], detail))
