"""Joins frames of one pitch into bursts, and compares bursts with a cadence."""

from collections.abc import Sequence
from typing import NamedTuple

from .block import FRAME_MS
from .samples import Flags, Reals

MERGE_MS = 40  # a shorter gap is a click in the tone
ALIKE = 2.0  # power ratio: the bursts of a tone are this equal; notes and syllables are not
SLACK_MS, SLACK_PERCENT = 35, 12  # what frames of 20 ms and a network's clock are off


class Burst(NamedTuple):
    """A stretch of one pitch, with its mean power; `steady` when its level never moved."""

    from_ms: int
    to_ms: int
    power: float
    steady: bool


class Joiner:
    """Joins a pitch's frames into bursts."""

    def __init__(self, level_step: float) -> None:
        self._level_step = level_step
        self._powers: list[float] = []
        self._from_ms = self._to_ms = 0

    def step(self, frames_ms: list[int], flags: Flags, powers: Reals) -> list[Burst]:
        """Takes a flag and a power for each frame; returns the bursts that ended."""
        if not self._powers and not flags.any():
            return []
        ended: list[Burst] = []
        for at_ms, flag, power in zip(frames_ms, flags.tolist(), powers.tolist(), strict=True):
            if flag:
                self._from_ms = self._from_ms if self._powers else at_ms
                self._powers.append(power)
                self._to_ms = at_ms + FRAME_MS
            elif self._powers and at_ms - self._to_ms >= MERGE_MS:
                ended.append(self._burst())
                self._powers.clear()
        return ended

    def running(self) -> Burst | None:
        """Returns the burst that has not ended yet."""
        return self._burst() if self._powers else None

    def _burst(self) -> Burst:
        """Its first and last frame are only partly filled: they do not count for its level."""
        inner = self._powers[1:-1] or self._powers
        steady = max(inner) <= min(inner) * self._level_step
        return Burst(self._from_ms, self._to_ms, sum(inner) / len(inner), steady)


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
