"""Keeps the loudness and the spectrum of a recording of any length in columns that a picture has room for."""

import numpy as np

from .samples import Reals, Samples

COLUMNS_MAX = 1600  # a longer recording is kept coarser, never in more memory
BANDS = 128  # up to half the sampling rate


class Strip:
    """The recording in columns of equal length; when they become too many, two become one."""

    def __init__(self, rate_hz: int, frame_samples: int) -> None:
        self.rate_hz = rate_hz
        self.frames = 0
        self._window = np.hanning(frame_samples).astype(np.float32)
        self._bins = BANDS * -(-frame_samples // (2 * BANDS))
        self._columns: list[Reals] = []  # each: the peak, then the bands' power
        self._per_column = 1
        self._pending: list[Reals] = []

    def add(self, frame: Samples) -> None:
        """Takes the next frame."""
        power = np.abs(np.fft.rfft(frame * self._window, 2 * self._bins)[: self._bins]) ** 2 / len(frame)
        bands = power.reshape(BANDS, -1).mean(axis=1)
        self._pending.append(np.concatenate(([np.abs(frame.astype(np.int32)).max()], bands)).astype(np.float32))
        self.frames += 1
        if len(self._pending) == self._per_column:
            self._columns.append(np.max(self._pending, axis=0))
            self._pending.clear()
        if len(self._columns) == COLUMNS_MAX:
            pairs = zip(self._columns[::2], self._columns[1::2], strict=True)
            self._columns = [np.maximum(one, other) for one, other in pairs]
            self._per_column *= 2

    def columns(self) -> Reals:
        """One row a column."""
        last = [np.max(self._pending, axis=0)] if self._pending else []
        return np.array([*self._columns, *last], np.float32)
