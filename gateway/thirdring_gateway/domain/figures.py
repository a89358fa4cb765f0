"""The two shapes of a KPI's value: a rate of counted things, and a spread of durations."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from thirdring_gateway.domain.stats import mean_rounded, nearest_rank, wilson

MEDIAN, MOST = 50, 90
Integers = NDArray[np.integer]


@dataclass(frozen=True, slots=True)
class Rate:
    """`k` of `n`, and beside it what could not be counted (`unclassified`, `short`, `out_of_hours`, `unknown`)."""

    k: int
    n: int
    beside: Mapping[str, int] = field(default_factory=dict)

    def as_dict(self) -> dict[str, object]:
        """Return k, n, rate, low and high (Wilson 95 %); without a denominator the last three are None.

        Where `k` may outgrow `n` (more ratings than services) the rate is told as it is and has no interval.
        """
        low, high = wilson(self.k, self.n) if 0 <= self.k <= self.n and self.n else (None, None)
        rate = self.k / self.n if self.n else None
        return {"k": self.k, "n": self.n, "rate": rate, "low": low, "high": high, **self.beside}

    def meets(self, target_percent: int) -> bool | None:
        """Tell whether the rate is at least `target_percent`, on whole numbers; None without a denominator."""
        return self.k * 100 >= target_percent * self.n if self.n else None


@dataclass(frozen=True, slots=True)
class Spread:
    """How long something took: whole milliseconds, percentiles by nearest rank."""

    values_ms: Integers
    beside: Mapping[str, int | None] = field(default_factory=dict)

    def as_dict(self) -> dict[str, object]:
        """Return count, total_ms, mean_ms, median_ms, p90_ms and max_ms; without a value the last four are None."""
        count, total_ms = len(self.values_ms), int(self.values_ms.sum(dtype=np.int64))
        if not count:
            numbers: list[int | None] = [None, None, None, None]
        else:
            ranks = [nearest_rank(count, MEDIAN), nearest_rank(count, MOST), count - 1]
            placed = np.partition(self.values_ms, ranks)
            numbers = [mean_rounded(total_ms, count), *(int(placed[rank]) for rank in ranks)]
        named = dict(zip(("mean_ms", "median_ms", "p90_ms", "max_ms"), numbers, strict=True))
        return {"count": count, "total_ms": total_ms, **named, **self.beside}


Figure = Rate | Spread
