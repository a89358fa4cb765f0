"""Rates cut up by day, by desk, and by weekday and hour, for the charts."""

from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

import numpy as np

from thirdring_gateway.domain.columns import Flags, Integers
from thirdring_gateway.domain.hours import HOUR_MS, midnight_ms
from thirdring_gateway.domain.scope import Scope
from thirdring_gateway.domain.stats import wilson
from thirdring_gateway.web import words
from thirdring_gateway.web.charts.rates import Point
from thirdring_gateway.web.charts.spans import Bar
from thirdring_gateway.web.numbers import Material
from thirdring_gateway.web.period import Period
from thirdring_gateway.web.selections import CALLS, CALLS_BEHIND

HOLD_EDGES_S = (5, 10, 20, 30, 45, 60, 90, 120, 180, 300)
HOURS, WEEKDAYS = 24, 7


class Counted(NamedTuple):
    """Which calls count in k and in n."""

    k: Flags
    n: Flags


def counted(key: str, scope: Scope) -> Counted:
    """Return which calls of the scope count in the rate `key`."""
    k, n = CALLS_BEHIND[key]
    return Counted(CALLS[k].flags(scope), CALLS[n].flags(scope))


def by_day(key: str, material: Material) -> list[Point]:
    """Return the rate of each day of the period."""
    period, scope = material.period, material.whole
    edges = day_edges(period)
    flags = counted(key, scope)
    places = np.searchsorted(edges, scope.calls["start_ms"], side="right") - 1
    ks = np.bincount(places[flags.k], minlength=len(edges))
    ns = np.bincount(places[flags.n], minlength=len(edges))
    return [
        point(words.short_day(at), words.day(at), int(ks[place]), int(ns[place]))
        for place, at in enumerate(period.days)
    ]


def by_desk(key: str, material: Material, titles: Mapping[str, str]) -> list[Point]:
    """Return the rate of each desk whose coverage is good enough to be compared."""
    least = material.settings.coverage_percent
    points = []
    for unit, scope in material.desks.items():
        flags = counted(key, scope)
        if scope.covered_min * 100 >= least * scope.open_min:
            title = titles.get(unit, unit)
            points.append(point(title, title, int(np.count_nonzero(flags.k)), int(np.count_nonzero(flags.n))))
    return points


def by_hour(key: str, material: Material) -> dict[tuple[int, int], tuple[int, int]]:
    """Return k and n of each weekday (Monday is 0) and local hour that had calls."""
    scope, period = material.whole, material.period
    flags = counted(key, scope)
    cells = weekday_hours(scope.calls["start_ms"], period)
    size = WEEKDAYS * HOURS
    ks, ns = (np.bincount(cells[chosen], minlength=size) for chosen in flags)
    return {divmod(int(cell), HOURS): (int(ks[cell]), int(ns[cell])) for cell in np.flatnonzero(ns)}


def weekday_hours(starts_ms: Integers, period: Period) -> Integers:
    """Return `weekday * 24 + hour` of each moment, by the wall clock of its day."""
    edges = day_edges(period)
    places = np.clip(np.searchsorted(edges, starts_ms, side="right") - 1, 0, len(edges) - 1)
    hours = np.clip((starts_ms - edges[places]) // HOUR_MS, 0, HOURS - 1)
    weekdays = np.array([at.weekday() for at in period.days])
    return np.asarray(weekdays[places] * HOURS + hours, np.int64)


def day_edges(period: Period) -> Integers:
    """Return the moment at which each day of the period begins."""
    return np.array([midnight_ms(at, period.zone) for at in period.days], np.int64)


def hold_lengths(material: Material) -> list[Bar]:
    """Return how many calls had a longest hold of each length; the bars beyond the limit are marked."""
    scope = material.whole
    longest_ms = scope.calls["longest_hold_ms"]
    longest_ms = longest_ms[longest_ms >= 0]
    limit_ms = material.settings.hold_limit_ms
    edges_ms = sorted({*(edge * 1000 for edge in HOLD_EDGES_S), limit_ms})
    # exactly an edge belongs to the bar that ends there: exactly the limit passes
    places = np.bincount(np.searchsorted(edges_ms, longest_ms, side="left"), minlength=len(edges_ms) + 1)
    labels = [f"≤ {seconds(edge)}" for edge in edges_ms] + [f"> {seconds(edges_ms[-1])}"]
    starts = [0, *edges_ms]
    return [Bar(label, int(n), start >= limit_ms) for label, n, start in zip(labels, places, starts, strict=True)]


def seconds(span_ms: int) -> str:
    """Return a length for the foot of a chart."""
    length = timedelta(milliseconds=span_ms)
    minutes, rest = divmod(int(length.total_seconds()), 60)
    return f"{minutes}:{rest:02}" if minutes else f"{rest} s"


def point(label: str, name: str, k: int, n: int) -> Point:
    """Return a point of a chart with the words for the pointer."""
    if not n:
        return Point(label, k, n, f"{name}: {words.NOTHING}")
    low, high = wilson(k, n)
    shares = f"{words.percent(k / n)} ({words.percent(low)}–{words.percent(high)})"
    return Point(label, k, n, f"{name}: {k}/{n}, {shares}")
