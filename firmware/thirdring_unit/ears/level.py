"""How loud it is around a channel hour by hour, whether it overloads, and whether anything comes in at all (R12)."""

import numpy as np
from numpy.typing import NDArray

from thirdring_unit.core.events import Signal

from .block import FRAME_MS, Block
from .samples import Reals

HOUR_MS = 3_600_000
SHORTEST_MS = 60_000  # less sound tells nothing of an hour
QUIETEST_DB = -100
FULL_POWER = float(1 << 30)  # of a square wave at full scale: 0 dB
AMBIENT_SHARE, LOUD_SHARE = 0.1, 0.9  # ambient is what is exceeded nine tenths of the time: talk does not count
CLIPPED = 32700
DEAD = "no sound at all: is it plugged in and not muted?"
DEAD_MS = 900_000  # a digital line may carry no sample but zero through a long hold; a live microphone never does


class Levels:
    """The levels of one channel."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self._from_ms: int | None = None
        self._to_ms = 0
        self._frames = np.zeros(1 - QUIETEST_DB, np.int64)  # of each whole decibel
        self._clipped = 0
        self._constant_ms: int | None = None
        self._dead = False

    def step(self, block: Block) -> list[Signal]:
        """Returns an hour's level when it is over, and what becomes of a channel that gives no sound."""
        if self._from_ms is None:
            self._from_ms = block.at_ms[0]
        highest, lowest = int(block.sound.max()), int(block.sound.min())
        if highest >= CLIPPED or lowest <= -CLIPPED:
            self._clipped += _clipped_frames(block)
        self._frames += np.bincount(decibels(block.power) - QUIETEST_DB, minlength=len(self._frames))
        self._to_ms = block.end_ms
        signals = self._alive(block, constant=highest == lowest)
        return signals + (self.end() if self._to_ms - self._from_ms >= HOUR_MS else [])

    def end(self) -> list[Signal]:
        """Returns the level of the hour so far, and begins anew."""
        from_ms, self._from_ms = self._from_ms, None
        frames, self._frames = self._frames, np.zeros_like(self._frames)
        clipped, self._clipped = self._clipped, 0
        if from_ms is None or self._to_ms - from_ms < SHORTEST_MS:
            return []
        share = frames.cumsum() / frames.sum()
        ambient_db, loud_db = (int(np.searchsorted(share, part)) + QUIETEST_DB for part in (AMBIENT_SHARE, LOUD_SHARE))
        detail: dict[str, object] = {
            "ambient_dbfs": ambient_db,
            "loud_dbfs": loud_db,
            "clipped_ms": clipped * FRAME_MS,
            "over_ms": self._to_ms - from_ms,
        }
        return [Signal("level", self._channel, True, self._to_ms, detail)]

    def _alive(self, block: Block, *, constant: bool) -> list[Signal]:
        if not constant:
            was_dead, self._dead, self._constant_ms = self._dead, False, None
            return [Signal("fault", self._channel, False, block.at_ms[0], None)] if was_dead else []
        if self._constant_ms is None:
            self._constant_ms = block.at_ms[0]
        if self._dead or block.end_ms - self._constant_ms < DEAD_MS:
            return []
        self._dead = True
        return [Signal("fault", self._channel, True, self._constant_ms, DEAD)]


def decibels(power: Reals) -> NDArray[np.intp]:
    """Levels of frames in whole decibels."""
    db = 10 * np.log10(np.maximum(power, 1e-3) / FULL_POWER)
    whole: NDArray[np.intp] = np.minimum(np.maximum(np.rint(db), QUIETEST_DB), 0).astype(np.intp)
    return whole


def _clipped_frames(block: Block) -> int:
    """Counts the frames with samples at the end of the scale."""
    frames = np.abs(block.sound.astype(np.int32)).reshape(len(block.frames), -1)
    return int((frames.max(axis=1) >= CLIPPED).sum())
