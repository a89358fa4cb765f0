"""Statistics against values that others published or that can be summed by hand."""

from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from thirdring_gateway.domain.figures import Rate, Spread
from thirdring_gateway.domain.stats import binomial_limits, nearest_rank, wilson


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [
        (6, 6, 0.6097, 1.0),
        (540, 600, 0.8734, 0.9215),
        (0, 10, 0.0, 0.2775),
        (81, 263, 0.2553, 0.3662),  # Newcombe 1998, table I, method 3
        (15, 148, 0.0624, 0.1605),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_gives_the_published_intervals(k: int, n: int, low: float, high: float) -> None:
    assert list(wilson(k, n)) == pytest.approx([low, high], abs=5e-5)


@given(st.integers(1, 10**7).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_an_interval_holds_its_rate_and_lies_within_0_and_1(counts: tuple[int, int]) -> None:
    k, n = counts
    low, high = wilson(k, n)
    assert 0 <= low <= k / n <= high <= 1


@pytest.mark.parametrize(("count", "percent", "index"), [(1, 90, 0), (10, 50, 4), (10, 90, 8), (11, 90, 9), (5, 50, 2)])
def test_nearest_rank_is_the_first_value_that_covers_the_share(count: int, percent: int, index: int) -> None:
    assert nearest_rank(count, percent) == index


@given(st.lists(st.integers(0, 2**31 - 1), min_size=1))
def test_a_spread_equals_counting_one_by_one(values: list[int]) -> None:
    def rank(percent: int) -> int:
        ordered = sorted(values)
        return next(v for i, v in enumerate(ordered, 1) if i * 100 >= percent * len(values))

    found = Spread(np.array(values, np.int32)).as_dict()
    assert (found["count"], found["total_ms"]) == (len(values), sum(values))
    assert (found["median_ms"], found["p90_ms"], found["max_ms"]) == (rank(50), rank(90), max(values))
    mean_ms = found["mean_ms"]
    assert isinstance(mean_ms, int)
    assert abs(mean_ms * len(values) - sum(values)) * 2 <= len(values)


def test_no_denominator_is_null_and_not_zero() -> None:
    assert Rate(0, 0).as_dict() == {"k": 0, "n": 0, "rate": None, "low": None, "high": None}
    assert Rate(0, 0).meets(0) is None


def test_more_ratings_than_services_are_shown_without_an_interval() -> None:
    assert Rate(3, 2).as_dict() == {"k": 3, "n": 2, "rate": 1.5, "low": None, "high": None}


@given(st.integers(1, 10**6), st.integers(1, 100))
def test_a_rate_at_its_target_meets_it_and_one_call_less_does_not(times: int, percent: int) -> None:
    assert Rate(percent * times, 100 * times).meets(percent)
    assert not Rate(percent * times - 1, 100 * times).meets(percent)


@pytest.mark.parametrize(("n", "share"), [(10, 0.9), (37, 0.95), (200, 0.5), (60, 0.02), (3, 0.001)])
def test_binomial_limits_are_exact(n: int, share: float) -> None:
    def at_most(k: int) -> float:
        return sum(comb(n, i) * share**i * (1 - share) ** (n - i) for i in range(k + 1))

    for tail in (0.025, 0.001):
        low, high = binomial_limits(n, share, tail)
        assert at_most(low - 1) <= tail < at_most(low)
        assert 1 - at_most(high) <= tail < 1 - at_most(high - 1)


def test_the_limits_of_a_year_of_calls_are_those_of_the_normal_curve() -> None:
    limits = binomial_limits(40_000, 0.9, 0.001)
    assert list(limits) == pytest.approx([36_000 - 3.09 * 60, 36_000 + 3.09 * 60], abs=2)


def test_a_certain_outcome_has_no_spread() -> None:
    assert binomial_limits(10, 1.0, 0.025) == (10, 10)
    assert binomial_limits(10, 0.0, 0.025) == (0, 0)
