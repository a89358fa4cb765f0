"""Follows one known ringer through a room's sound: when it begins, and when it ends or is cut short."""

from typing import NamedTuple

import numpy as np

from .block import FRAME_MS
from .ringer import Ringer
from .room import FORGET_MS
from .samples import Reals

LIKE, LIKE_MEAN = 0.75, 0.88  # cosine of spectra: a moment's, a burst's mean
SOFTER, LOUDER = 0.2, 16.0  # in power, than learned: the neighbour's phone, something nearer than the phone
MERGE_MS = 160  # a shorter pause belongs to the ringer
QUIETEST_POWER = 100.0
AT_ONCE = 96  # frames: threads that wait for each other cost more than such a product


class Burst(NamedTuple):
    """A stretch of the ringer's sound, as far as it was heard; how like the ringer, and how loud beside it."""

    from_ms: int
    to_ms: int
    likeness: float
    power: float


class Follower:
    """Joins the frames that sound like the ringer into bursts."""

    def __init__(self, ringer: Ringer) -> None:
        self._moments = ringer.moments.T
        self._scales = 1 / ringer.powers
        self._sure_ms = ringer.sure_ms
        self._least = max(QUIETEST_POWER, SOFTER * float(ringer.powers.min()))
        self._from_ms = self._to_ms = self._hits = 0
        self._likeness = self._power = 0.0
        self._sure = False

    def step(self, frames_ms: list[int], clean: Reals) -> list[Burst]:
        """Takes frames as in `Heard`; returns the bursts that ended."""
        powers = clean.sum(axis=1)
        if not (self._hits or powers.max() >= self._least):
            return []
        along = self._along(np.sqrt(clean))
        best = along.argmax(axis=1)
        along = along[np.arange(len(best)), best]
        like = along / np.sqrt(np.maximum(powers, 1))
        level = np.square(along) * self._scales[best]
        hits = (powers >= self._least) & (like >= LIKE) & (level >= SOFTER) & (level <= LOUDER)
        ended: list[Burst] = []
        for at_ms, hit, one, power in zip(frames_ms, hits.tolist(), like.tolist(), level.tolist(), strict=True):
            if self._hits and at_ms - self._to_ms >= MERGE_MS:
                ended += self.end()
            if hit:
                self._from_ms = self._from_ms if self._hits else at_ms
                self._to_ms = at_ms + FRAME_MS
                self._hits += 1
                self._likeness += one
                self._power += power
        return ended

    def _along(self, roots: Reals) -> Reals:
        """Projects spectra on the ringer's moments, few enough at once that the library starts no threads for it."""
        parts = [roots[first : first + AT_ONCE] @ self._moments for first in range(0, len(roots), AT_ONCE)]
        return np.concatenate(parts)

    def running(self) -> list[Burst]:
        """Returns the burst that goes on, once it is surely one; then it stays one until it ends."""
        hits = self._hits
        self._sure = self._sure or (hits * FRAME_MS >= self._sure_ms and self._likeness >= LIKE_MEAN * hits)
        if not self._sure:
            return []
        return [Burst(self._from_ms, self._to_ms - FORGET_MS, self._likeness / hits, self._power / hits)]

    def end(self) -> list[Burst]:
        """Ends the burst that goes on."""
        burst = self.running()
        self._begin()
        return burst

    def _begin(self) -> None:
        self._hits, self._sure = 0, False
        self._likeness = self._power = 0.0
