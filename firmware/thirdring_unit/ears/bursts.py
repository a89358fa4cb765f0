"""Joins frames of one pitch into bursts, and compares bursts with a cadence."""

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple

from .block import FRAME_MS
from .pitch import Frames

EDGE_FRAMES = 2  # a tone fills at most so many frames only partly when it begins
MUCH = 10.0  # power ratio: beyond it, unless they beat, two sounds have nothing to do with each other
ALIKE = 2.0  # power ratio: the bursts of a tone are this equal; notes and syllables are not
STEADY_SHARE = 0.75  # of a burst's frames are at its level; the others a click may have hit
CLEAR_SHARE = 0.6  # of its frames have nothing else over them
PURE_SHARE = 0.9  # of its time: a modem that changes between two pitches is at one of them half of it
LEVELS_KEPT = 125  # frames: longer than any burst of a cadence
SLACK_MS, SLACK_PERCENT = 35, 12  # what frames of 20 ms and a network's clock are off
DOUBT_MAX = 8  # then a burst is over: so much doubt makes
ABSENT, MASKED = 2, 1  # a frame without the tone, and one too loud to tell


class Burst(NamedTuple):
    """A stretch of one pitch, with its mean power.

    `steady` when its level hardly moved, `pure` when hardly anything else was heard meanwhile.
    """

    from_ms: int
    to_ms: int
    power: float
    steady: bool
    pure: bool


class Joiner:
    """Joins a pitch's frames into bursts; frames much softer than their burst are noise at its pitch.

    Another sound over the tone does not end a burst at once: where it leaves the tone's own band alone the tone is
    followed there, and for some frames it may hide the tone altogether.
    """

    def __init__(self, level_step: float) -> None:
        self._level_step = level_step
        self._much = max(MUCH, level_step)
        self._frames = 0
        self._doubt = 0
        self._from_ms = self._to_ms = 0
        self._last = 0.0  # power of the newest frame; like the first, it may only be partly filled
        self._clear = 0  # frames
        self._sum = 0.0  # of the frames between the first and the newest
        self._levels: deque[float] = deque(maxlen=LEVELS_KEPT)  # of the latest of these

    def step(self, frames_ms: list[int], frames: Frames) -> list[Burst]:
        """Takes what the pitch says of each frame; returns the bursts that ended."""
        if not self._frames and not frames.clear.any():
            return []
        ended: list[Burst] = []
        rows = (frames.clear.tolist(), frames.there.tolist(), frames.power.tolist(), frames.rest.tolist())
        for at_ms, clear, there, power, rest in zip(frames_ms, *rows, strict=True):
            louder = clear and self._frames > EDGE_FRAMES and self.softer(self._power(), power)
            if self._frames and (louder or self._doubt >= DOUBT_MAX):
                ended.append(self._burst())
                self._frames = 0
            if clear and not (self._frames and self.softer(power, self._power())):
                self._add(at_ms, power)
                self._clear += 1
            elif self._frames and there and self._alike(power):
                self._add(at_ms, power)
            elif self._frames:
                self._doubt += MASKED if rest > self._power() else ABSENT
        return ended

    @property
    def running_ms(self) -> int:
        """How long the burst that has not ended yet has lasted; 0 if there is none."""
        return self._to_ms - self._from_ms if self._frames else 0

    def running(self) -> Burst:
        """Returns the burst that has not ended yet."""
        return self._burst()

    def softer(self, power: float, other: float) -> bool:
        """Whether a power is so much lower than another that it cannot be the same tone's."""
        return power * self._much < other

    def _alike(self, power: float) -> bool:
        own, step = self._power(), min(self._level_step, MUCH)
        return own < power * step and power < own * step

    def _add(self, at_ms: int, power: float) -> None:
        breath = self._frames <= EDGE_FRAMES and self.softer(self._last, power)  # the tone's first, or noise before it
        if not self._frames or (breath and at_ms > self._to_ms):
            self._from_ms, self._frames, self._clear, self._sum = at_ms, 0, 0, 0.0
            self._levels.clear()
        elif breath:
            self._frames = 1
        elif self._frames > 1:
            self._sum += self._last
            self._levels.append(self._last)
        self._frames += 1
        self._doubt = 0
        self._last, self._to_ms = power, at_ms + FRAME_MS

    def _power(self) -> float:
        inner = self._frames - 2
        return self._sum / inner if inner > 0 else self._last

    def _burst(self) -> Burst:
        pure = self._clear * FRAME_MS >= PURE_SHARE * (self._to_ms - self._from_ms)
        return Burst(self._from_ms, self._to_ms, self._power(), self._steady(), pure)

    def _steady(self) -> bool:
        if self._clear < CLEAR_SHARE * self._frames:
            return False
        levels = sorted(self._levels)
        middle = levels[len(levels) // 2] if levels else 0.0
        low, high = middle / sqrt(self._level_step), middle * sqrt(self._level_step)
        return bisect_right(levels, high) - bisect_left(levels, low) >= STEADY_SHARE * len(levels)


def bursts_in_cadence(bursts: Sequence[Burst], cadence_ms: Sequence[int]) -> int:
    """Counts the latest bursts that keep the on, off, on, … times of `cadence_ms` and one steady level."""
    return max(_kept(bursts, cadence_ms, last) for last in range(0, len(cadence_ms), 2))


def _kept(bursts: Sequence[Burst], cadence_ms: Sequence[int], place: int) -> int:
    """Counts backwards from the last burst, which is taken for the one at `place` of the cadence."""
    count = 0
    for back in range(1, len(bursts) + 1):
        burst = bursts[-back]
        if not (burst.steady and _near(burst.to_ms - burst.from_ms, cadence_ms[place])):
            break
        if count:
            after = bursts[1 - back]
            loud, soft = max(burst.power, after.power), min(burst.power, after.power)
            if loud > soft * ALIKE or not _near(after.from_ms - burst.to_ms, cadence_ms[place + 1]):
                break
        count += 1
        place = (place - 2) % len(cadence_ms)
    return count


def _near(measured_ms: int, nominal_ms: int) -> bool:
    return abs(measured_ms - nominal_ms) <= SLACK_MS + nominal_ms * SLACK_PERCENT // 100
