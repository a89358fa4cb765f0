"""The two shapes of a KPI's value: a rate of counted things, and a spread of durations."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from thirdring_gateway.domain.columns import Integers
from thirdring_gateway.domain.stats import mean_rounded, nearest_rank, wilson

MEDIAN, MOST = 50, 90


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

    @property
    def total_ms(self) -> int:
        """The sum of all."""
        return int(self.values_ms.sum(dtype=np.int64))

    @property
    def mean_ms(self) -> int | None:
        """The mean, halves rounded up; None of nothing."""
        return mean_rounded(self.total_ms, len(self.values_ms)) if len(self.values_ms) else None

    def percentiles_ms(self) -> tuple[int | None, int | None, int | None]:
        """Return the median, the 90th percentile and the longest; None of nothing."""
        count = len(self.values_ms)
        if not count:
            return None, None, None
        ranks = [nearest_rank(count, MEDIAN), nearest_rank(count, MOST), count - 1]
        placed = np.partition(self.values_ms, ranks)
        median, most, longest = (int(placed[rank]) for rank in ranks)
        return median, most, longest

    def as_dict(self) -> dict[str, object]:
        """Return count, total_ms, mean_ms, median_ms, p90_ms and max_ms, and what stands beside them."""
        median, most, longest = self.percentiles_ms()
        sums = {"count": len(self.values_ms), "total_ms": self.total_ms, "mean_ms": self.mean_ms}
        return {**sums, "median_ms": median, "p90_ms": most, "max_ms": longest, **self.beside}


Figure = Rate | Spread
