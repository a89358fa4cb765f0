"""The day as microphones hear it: the phone line, the agent, and the room, at 8 kHz.

The sound is made as it is read and never held as a whole, so a day may be as long as it likes.
"""

from collections import deque
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
Pcm = NDArray[np.int16]
Channel = Literal["line", "agent", "room"]
Source = Callable[[int, int], Samples]  # first sample, count -> samples

_NOISE_LEVEL = 0.0006  # a quiet line
_NOISE_MS = 9_900
_FULL_SCALE = 32_767
_SIDETONE_LEVEL = 0.3  # how loud the agent is on the line itself, where there is no microphone of the agent's own


class Sounding(NamedTuple):
    """Something sounds for a while."""

    span: Span
    source: Source


class Stream:
    """The sound of one channel from a moment of the day on; the same moment always sounds the same.

    After the day it is quiet for as long as one reads.
    """

    def __init__(self, day: Day, channel: Channel, from_ms: int = 0) -> None:
        ahead = sorted(_on(channel, day), key=lambda sounding: sounding.span)
        self._ahead = deque(one for one in ahead if one.span[1] > from_ms)
        self._sounding: list[Sounding] = []
        self._at_ms = from_ms
        self._noise = _noise(day.scenario.seed)
        self._quiet = _pcm(self._noise)

    def read(self, length_ms: int) -> Pcm:
        """Give the next samples."""
        from_ms, self._at_ms = self._at_ms, self._at_ms + length_ms
        while self._ahead and self._ahead[0].span[0] < self._at_ms:
            self._sounding.append(self._ahead.popleft())
        self._sounding = [one for one in self._sounding if one.span[1] > from_ms]
        samples = _samples(from_ms), _samples(length_ms)
        if not self._sounding:
            return voices.repeated(self._quiet, *samples)
        mixed = voices.repeated(self._noise, *samples)
        for one in self._sounding:
            _mix(mixed, one, from_ms, self._at_ms)
        return _pcm(mixed)


def frames(day: Day, channel: Channel) -> Iterator[Pcm]:
    """Give the whole day of one channel, in frames of 20 ms."""
    stream = Stream(day, channel)
    return (stream.read(FRAME_MS) for _ in range(0, day.end_ms, FRAME_MS))


def _mix(mixed: Samples, one: Sounding, from_ms: int, to_ms: int) -> None:
    """Add what sounds of `one` within a stretch of time, to the sample."""
    start_ms, end_ms = max(from_ms, one.span[0]), min(to_ms, one.span[1])
    count = _samples(end_ms - start_ms)
    first = _samples(start_ms - from_ms)
    mixed[first : first + count] += one.source(_samples(start_ms - one.span[0]), count)


def _samples(length_ms: int) -> int:
    return length_ms * RATE_HZ // 1_000


def _noise(seed: int) -> Samples:
    """Give some seconds of a line on which nobody speaks, to be repeated: a dead line would have no noise at all."""
    return np.random.default_rng(seed).normal(0, _NOISE_LEVEL, _samples(_NOISE_MS)).astype(np.float32)


def _pcm(samples: Samples) -> Pcm:
    pcm: Pcm = (np.clip(samples, -1, 1) * _FULL_SCALE).astype(np.int16)
    return pcm


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
