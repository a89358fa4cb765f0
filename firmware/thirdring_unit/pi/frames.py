"""Sound as the ears want it: frames of one channel, at their rate, each with the time at which it began."""

from collections.abc import Iterator

import numpy as np

from thirdring_unit.ears.resample import Resampler
from thirdring_unit.ears.samples import Samples
from thirdring_unit.ears.wav import in_turn
from thirdring_unit.pi.framing import CHUNK_MS

FRAME_MS = 20
WINDOW = 4  # chunks that are looked at together
LOST_MS = 60  # when all of a window are later than this, sound is missing before it
LATER_MS = 2  # how much a window may move the clock on: no crystal is 0.5 % wrong
EARLIER_MS = 10  # and back: what is read before its time was timed too late, for certain; time still goes on


class ChunkClock:
    """Says when each chunk began, from the moments at which chunks are read.

    A chunk is read late, never early: in bursts, as the card's buffer fills, or when the computer is busy. So chunks
    follow each other in even steps, which are moved by the least delay of the last few; `lost_ms` counts the sound
    that is missing.
    """

    def __init__(self) -> None:
        self.lost_ms = 0
        self._next_ms: int | None = None
        self._late_ms: list[int] = []

    def began_ms(self, read_ms: int) -> int:
        """Return when the chunk that was read at `read_ms` began."""
        seen_ms = read_ms - CHUNK_MS
        if self._next_ms is None:
            self._next_ms = seen_ms
        began_ms, self._next_ms = self._next_ms, self._next_ms + CHUNK_MS
        self._late_ms.append(seen_ms - began_ms)
        if len(self._late_ms) == WINDOW:
            self._next_ms += self._shift_ms()
            self._late_ms = []
        return began_ms

    def _shift_ms(self) -> int:
        late_ms = min(self._late_ms)
        if late_ms < LOST_MS:
            return max(-EARLIER_MS, min(late_ms, LATER_MS))
        self.lost_ms += late_ms
        return late_ms


class Framer:
    """Cuts what so many microphones hear, at the card's rate, into frames at the rate that the ears want."""

    def __init__(self, from_hz: int, to_hz: int, microphones: int = 1) -> None:
        self._samples_per_s = to_hz * microphones
        self._size = self._samples_per_s * FRAME_MS // 1_000
        self._resamplers = [Resampler(from_hz, to_hz) for _ in range(microphones)]
        self._rest: Samples = np.zeros(0, np.int16)

    def frames(self, samples: Samples, began_ms: int) -> Iterator[tuple[int, Samples]]:
        """Give the frames that are whole by now, each with its beginning; `samples` began at `began_ms`.

        Of several microphones, samples are a row each, and come out in turn.
        """
        began_ms -= len(self._rest) * 1_000 // self._samples_per_s
        sides = np.atleast_2d(samples)
        new = in_turn([resample(side) for resample, side in zip(self._resamplers, sides, strict=True)])
        sound = np.concatenate((self._rest, new))
        whole = len(sound) - len(sound) % self._size
        self._rest = sound[whole:]
        for number, frame in enumerate(sound[:whole].reshape(-1, self._size)):
            yield began_ms + number * FRAME_MS, frame
