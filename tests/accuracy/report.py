"""Counts, their 95 % intervals, targets, and the page that shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

Z = 1.959964
NEARLY_ALL = 0.995  # from here on a tenth of a percent is too coarse
HEAD = (
    "| what | condition | count | share | 95 % interval | target | | others on the same sound |",
    "|---|---|---|---|---|---|---|---|",
)


@dataclass(frozen=True)
class Row:
    """What was measured in one condition, beside what it should be and what others reach on the same sound."""

    what: str
    condition: str
    count: str
    share: str
    interval: str = ""
    target: str = ""
    reached: bool | None = None
    others: str = ""

    def text(self) -> str:
        """One line of a Markdown table."""
        verdict = {None: "", True: "reached", False: "**not reached**"}[self.reached]
        cells = (self.what, self.condition, self.count, self.share, self.interval, self.target, verdict, self.others)
        return f"| {' | '.join(cells)} |"


def counted(what: str, condition: str, right: Sequence[bool], at_least: float | None = None, others: str = "") -> Row:
    """A share of calls, with Wilson's interval; the target is a lowest share."""
    k, n = sum(right), len(right)
    low, high = wilson(k, n)
    reached = None if at_least is None else k >= at_least * n
    target = "" if at_least is None else f"at least {at_least:.1%}"
    return Row(
        what,
        condition,
        f"{k} / {n}",
        f"{k / n:.1%}" if n else "-",
        f"{low:.2%} to {high:.2%}" if low > NEARLY_ALL else f"{low:.1%} to {high:.1%}",
        target,
        reached,
        others,
    )


def of_frames(
    what: str, condition: str, parts: Sequence[tuple[int, int]], bound: tuple[str, float] | None, others: str
) -> Row:
    """A share of frames from `(k, n)` of each recording; `bound` is `at least` or `at most` a share.

    Frames of one recording are alike, so recordings are drawn again and again for the interval (bootstrap).
    """
    table = np.array(parts)
    k, n = (int(total) for total in table.sum(axis=0))
    rng = np.random.default_rng(0)
    draws = table[rng.integers(0, len(table), (2000, len(table)))].sum(axis=1)
    low, high = np.percentile(draws[:, 0] / np.maximum(draws[:, 1], 1), (2.5, 97.5))
    target, reached = "", None
    if bound:
        side, limit = bound
        target, reached = f"{side} {limit:.0%}", k >= limit * n if side == "at least" else k <= limit * n
    return Row(what, condition, f"{k} / {n}", f"{k / n:.2%}", f"{low:.2%} to {high:.2%}", target, reached, others)


def wilson(k: int, n: int) -> tuple[float, float]:
    """Wilson's 95 % interval of k of n."""
    if not n:
        return 0.0, 1.0
    share, spread = k / n, Z * Z / n
    middle = (share + spread / 2) / (1 + spread)
    half = Z * sqrt(share * (1 - share) / n + spread / n / 4) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)
