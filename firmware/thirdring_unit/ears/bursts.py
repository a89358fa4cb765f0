"""Joins frames of one pitch into bursts, and compares bursts with a cadence."""

from collections.abc import Sequence
from math import inf
from typing import NamedTuple

from .block import FRAME_MS
from .samples import Flags, Reals

MERGE_MS = 80  # a shorter gap is a click in the tone
EDGE_FRAMES = 2  # a tone fills at most so many frames only partly when it begins
MUCH = 10.0  # power ratio: beyond it, unless they beat, two sounds have nothing to do with each other
ALIKE = 2.0  # power ratio: the bursts of a tone are this equal; notes and syllables are not
SLACK_MS, SLACK_PERCENT = 35, 12  # what frames of 20 ms and a network's clock are off


class Burst(NamedTuple):
    """A stretch of one pitch, with its mean power; `steady` when its level never moved."""

    from_ms: int
    to_ms: int
    power: float
    steady: bool


class Joiner:
    """Joins a pitch's frames into bursts; frames much softer than their burst are noise at its pitch."""

    def __init__(self, level_step: float) -> None:
        self._level_step = level_step
        self._much = max(MUCH, level_step)
        self._frames = 0
        self._from_ms = self._to_ms = 0
        self._last = 0.0  # power of the newest frame; like the first, it may only be partly filled
        self._sum, self._low, self._high = 0.0, inf, 0.0  # of the frames between the first and the newest

    def step(self, frames_ms: list[int], flags: Flags, powers: Reals) -> list[Burst]:
        """Takes a flag and a power for each frame; returns the bursts that ended."""
        if not self._frames and not flags.any():
            return []
        ended: list[Burst] = []
        for at_ms, flag, power in zip(frames_ms, flags.tolist(), powers.tolist(), strict=True):
            over = self._frames and at_ms - self._to_ms >= MERGE_MS
            if over or (flag and self._frames > EDGE_FRAMES and self.softer(self._burst().power, power)):
                ended.append(self._burst())
                self._frames = 0
            if flag and not (self._frames and self.softer(power, self._burst().power)):
                self._add(at_ms, power)
        return ended

    def running(self) -> Burst | None:
        """Returns the burst that has not ended yet."""
        return self._burst() if self._frames else None

    def softer(self, power: float, other: float) -> bool:
        """Whether a power is so much lower than another that it cannot be the same tone's."""
        return power * self._much < other

    def _add(self, at_ms: int, power: float) -> None:
        if not self._frames:
            self._from_ms, self._sum, self._low, self._high = at_ms, 0.0, inf, 0.0
        elif self._frames <= EDGE_FRAMES and self.softer(self._last, power):
            self._frames = 1  # what came before was the tone's first breath
        elif self._frames > 1:
            self._sum += self._last
            self._low, self._high = min(self._low, self._last), max(self._high, self._last)
        self._frames += 1
        self._last, self._to_ms = power, at_ms + FRAME_MS

    def _burst(self) -> Burst:
        inner = self._frames - 2
        power = self._sum / inner if inner > 0 else self._last
        return Burst(self._from_ms, self._to_ms, power, self._high <= self._low * self._level_step)


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
