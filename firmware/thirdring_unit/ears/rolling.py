"""The last rows of something that is measured frame by frame."""

import numpy as np

from .samples import Reals

ROOM = 2  # times as many rows as are kept: they are moved to the front so much more seldom


class Rolling:
    """Keeps the last `count` rows of `columns` numbers."""

    def __init__(self, count: int, columns: int) -> None:
        self._count = count
        self._rows: Reals = np.zeros((ROOM * count, columns), np.float32)
        self._first = self._last = 0

    @property
    def rows(self) -> Reals:
        """The rows that are kept, the newest last; a view that is good until the next `add`."""
        return self._rows[self._first : self._last]

    def add(self, rows: Reals) -> None:
        """Appends at most `count` rows."""
        if self._last + len(rows) > len(self._rows):
            kept = self._last - self._first
            self._rows[:kept] = self._rows[self._first : self._last]
            self._first, self._last = 0, kept
        self._rows[self._last : self._last + len(rows)] = rows
        self._last += len(rows)
        self._first = max(self._first, self._last - self._count)
