"""The day as microphones hear it: the phone line, the agent, and the room, in frames of 20 ms at 8 kHz.

The sound is made frame by frame and never held as a whole, so a day may be as long as it likes.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from thirdring_unit.sim import voices
from thirdring_unit.sim.day import Day
from thirdring_unit.sim.exchange import Tone
from thirdring_unit.sim.telephone import Course, Span
from thirdring_unit.sim.voices import RATE_HZ, Samples

FRAME_MS = 20
FRAME_SAMPLES = RATE_HZ * FRAME_MS // 1_000
Channel = Literal["line", "agent", "room"]
Source = Callable[[int, int], Samples]  # first sample, count -> samples

_NOISE_LEVEL = 0.0006  # a quiet line
_FULL_SCALE = 32_767
_SIDETONE_LEVEL = 0.3  # how loud the agent is on the line itself, where there is no microphone of the agent's own


class Sounding(NamedTuple):
    """Something sounds for a while."""

    span: Span
    source: Source


def frames(day: Day, channel: Channel) -> Iterator[NDArray[np.int16]]:
    """Give the whole day of one channel, frame by frame; the same scenario always sounds the same."""
    waiting = sorted(_on(channel, day), key=lambda sounding: sounding.span)
    noise = np.random.default_rng(day.scenario.seed)
    sounding: list[Sounding] = []
    for from_ms in range(0, day.end_ms, FRAME_MS):
        while waiting and waiting[0].span[0] < from_ms + FRAME_MS:
            sounding.append(waiting.pop(0))
        sounding = [one for one in sounding if one.span[1] > from_ms]
        mixed = noise.normal(0, _NOISE_LEVEL, FRAME_SAMPLES).astype(np.float32)
        for one in sounding:
            _mix(mixed, one, from_ms)
        yield (np.clip(mixed, -1, 1) * _FULL_SCALE).astype(np.int16)


def _mix(mixed: Samples, one: Sounding, from_ms: int) -> None:
    """Add what sounds of `one` within the frame, to the sample."""
    start_ms, end_ms = one.span
    first = max(0, start_ms - from_ms) * RATE_HZ // 1_000
    last = min(FRAME_MS, end_ms - from_ms) * RATE_HZ // 1_000
    played = max(0, from_ms - start_ms) * RATE_HZ // 1_000
    mixed[first:last] += one.source(played, last - first)


def _on(channel: Channel, day: Day) -> Iterator[Sounding]:
    for course in day.courses:
        if channel == "room":
            yield from (Sounding(burst, partial(voices.repeated, voices.ringer())) for burst in course.bursts)
        elif channel == "agent":
            yield from _speaking(course, "agent", 1.0)
        else:
            yield from _on_the_line(course, day)


def _on_the_line(course: Course, day: Day) -> Iterator[Sounding]:
    yield from _speaking(course, "line", 1.0)
    if day.scenario.ears == "line":
        yield from _speaking(course, "agent", _SIDETONE_LEVEL)
    for hold, span in course.holds:
        if hold.how == "music":
            yield Sounding(span, partial(voices.repeated, voices.music()))
    if course.dialling:
        yield Sounding((course.dialling[0], course.dialling[0] + 800), partial(voices.tone, day.exchange.dial.hz))
    if course.cleared and day.scenario.far_end == "tone":
        yield from _cadence(day.exchange.busy, course.cleared)


def _speaking(course: Course, who: str, level: float) -> Iterator[Sounding]:
    clip = level * voices.speech("agent" if who == "agent" else "caller")
    for turn in course.turns:
        if turn.who == who:
            # everyone goes on where the clip was left, so that no two turns sound alike
            yield Sounding(turn.span, partial(_from, clip, turn.span[0]))


def _from(clip: Samples, at_ms: int, first: int, count: int) -> Samples:
    return voices.repeated(clip, at_ms * RATE_HZ // 1_000 + first, count)


def _cadence(tone: Tone, span: Span) -> Iterator[Sounding]:
    on_ms, off_ms = tone.on_off_ms[:2]
    for at_ms in range(span[0], span[1], on_ms + off_ms):
        yield Sounding((at_ms, min(at_ms + on_ms, span[1])), partial(voices.tone, tone.hz))
