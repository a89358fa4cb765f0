"""Statistics that a manager can trust with few calls: intervals, exact percentiles, exact control limits."""

from functools import lru_cache
from math import ceil, exp, lgamma, log, log1p, sqrt
from statistics import NormalDist

FAR = 12
"""Standard deviations beyond which nothing is summed up: it is less than 10^-25 in all."""
Z_95 = NormalDist().inv_cdf(0.975)


def wilson(k: int, n: int) -> tuple[float, float]:
    """Return the Wilson 95 % interval of `k` successes among `n` > 0 trials, within 0 and 1."""
    share = k / n
    square = Z_95 * Z_95
    centre = share + square / (2 * n)
    reach = Z_95 * sqrt(share * (1 - share) / n + square / (4 * n * n))
    scale = 1 + square / n
    low = 0.0 if k == 0 else (centre - reach) / scale
    high = 1.0 if k == n else (centre + reach) / scale
    return low, high


def nearest_rank(count: int, percent: int) -> int:
    """Return the index, from 0, of the exact percentile among `count` > 0 sorted values (nearest rank)."""
    return max(0, -(-count * percent // 100) - 1)


def mean_rounded(total: int, count: int) -> int:
    """Return the mean of `count` > 0 values in whole units, halves up."""
    return (2 * total + count) // (2 * count)


@lru_cache(maxsize=4096)
def binomial_limits(n: int, share: float, tail: float) -> tuple[int, int]:
    """Return the smallest and the largest k that are no surprise among `n` trials at the true `share`.

    Fewer than the first, or more than the second, happens with a probability of at most `tail` each: the exact limits
    of a funnel plot (over desks) and of a p-chart (over days), where a normal approximation misleads below 100 calls.
    """
    mean, reach = n * share, FAR * (1 + sqrt(n * share * (1 - share)))
    least, most = max(0, int(mean - reach)), min(n, ceil(mean + reach))
    return first_beyond(tail, range(least, most + 1), n, share), first_beyond(
        tail, range(most, least - 1, -1), n, share
    )


def first_beyond(tail: float, counts: range, n: int, share: float) -> int:
    """Return the first of the counts at which their summed probability exceeds `tail`, the last one if none does."""
    total = 0.0
    for k in counts:
        total += probability(k, n, share)
        if total > tail:
            return k
    return counts[-1]


def probability(k: int, n: int, share: float) -> float:
    """Return the probability of exactly `k` successes among `n` trials."""
    if share in (0.0, 1.0):
        return float(k == n * share)
    ways = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
    return exp(ways + k * log(share) + (n - k) * log1p(-share))
