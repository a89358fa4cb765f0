"""Tables read by column: what KPIs and lists see of the sums."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Table = NDArray[np.void]
"""Rows of records, as the sums are kept."""
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Columns:
    """One or more tables, or other columns, one below the other; a column is put together when it is first read.

    A KPI reads few columns many times: put together once, they are read at the speed of memory.
    """

    def __init__(self, parts: Sequence["Table | Columns"]) -> None:
        self._parts = parts
        self._columns: dict[str, Integers] = {}
        self._having: dict[tuple[str, int], Flags] = {}

    def __len__(self) -> int:
        return sum(len(part) for part in self._parts)

    def __getitem__(self, name: str) -> Integers:
        if name not in self._columns:
            self._columns[name] = np.concatenate([part[name] for part in self._parts])
        return self._columns[name]

    def having(self, name: str, value: int) -> Flags:
        """Tell which rows have the value in a column; many KPIs ask the same, so it is found once."""
        if (name, value) not in self._having:
            self._having[name, value] = self[name] == value
        return self._having[name, value]
