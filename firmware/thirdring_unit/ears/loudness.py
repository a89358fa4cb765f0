"""How much of the agent's speech is louder than this desk is used to (R09): no scale in a room is absolute."""

import numpy as np

from .block import FRAME_MS
from .level import QUIETEST_DB, decibels
from .samples import Flags, Reals

PART_FRAMES = 50  # a second of speech: syllables differ by more than calm and loud speech do
SHORTEST_FRAMES = 10  # of a spurt's last part
LOUDER_DB = 8
KNOWN_PARTS = 30  # so many seconds of speech make a norm
FORGET_PARTS = 7200  # then the past counts half: people and headsets change


class Loudness:
    """Learns the median level of a desk's speech and adds up what lies clearly above it."""

    def __init__(self) -> None:
        self._parts = np.zeros(1 - QUIETEST_DB, np.int64)  # seconds of speech at each whole decibel
        self._power, self._frames = 0.0, 0
        self._loud_ms = 0

    def step(self, speech: Flags, power: Reals) -> None:
        """Takes the power of the frames of which `speech` marks those with speech."""
        spoken = power[speech]
        while len(spoken):
            some = spoken[: PART_FRAMES - self._frames]
            spoken = spoken[len(some) :]
            self._power += float(some.sum())
            self._frames += len(some)
            if self._frames == PART_FRAMES:
                self._finish()

    def take_ms(self) -> int | None:
        """Returns how long speech was loud since the last time; None as long as the desk's norm is not known."""
        if self._frames >= SHORTEST_FRAMES:
            self._finish()
        loud_ms, self._loud_ms = self._loud_ms, 0
        return loud_ms if self._parts.sum() >= KNOWN_PARTS else None

    def _finish(self) -> None:
        level_db = int(decibels(np.array([self._power / self._frames], np.float32))[0])
        if self._parts.sum() >= KNOWN_PARTS and level_db >= self._norm_db() + LOUDER_DB:
            self._loud_ms += self._frames * FRAME_MS
        self._parts[level_db - QUIETEST_DB] += 1
        if self._parts.sum() > FORGET_PARTS:
            self._parts //= 2
        self._power, self._frames = 0.0, 0

    def _norm_db(self) -> int:
        sums = self._parts.cumsum()
        return int(np.searchsorted(sums, sums[-1] / 2)) + QUIETEST_DB
