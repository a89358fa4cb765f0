"""What a summary shows, on the page and on paper: a card for each indicator, the charts of one rate, the desks."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from thirdring_gateway.domain.figures import Figure, Rate
from thirdring_gateway.domain.kpis import KPIS
from thirdring_gateway.domain.scope import Scope
from thirdring_gateway.web import words
from thirdring_gateway.web.cards import Card, card, links
from thirdring_gateway.web.charts.rates import Point, funnel, heat_map, p_chart
from thirdring_gateway.web.charts.spans import histogram
from thirdring_gateway.web.numbers import Material
from thirdring_gateway.web.period import Period
from thirdring_gateway.web.series import by_day, by_desk, by_hour, hold_lengths

DESK_COLUMNS = ("timely_answer", "reach", "hold_over_limit", "vip_over_limit", "satisfaction", "coverage")


class Cell(NamedTuple):
    """A rate of a desk, with the addresses of its calls."""

    k: int
    n: int
    k_link: str
    n_link: str


class DeskRow(NamedTuple):
    """A desk's line: its name, whether too little of the period is known to compare it, and its own summary."""

    unit: str
    title: str
    is_greyed: bool
    query: str
    cells: list[Cell]


class Charts(NamedTuple):
    """The pictures of the chosen rate, and the numbers behind them."""

    days: SafeString
    day_rows: list[tuple[str, Point]]
    desks: SafeString
    left_out: int
    hours: SafeString
    holds: SafeString


def cards(material: Material, before: Material | None, query: str, keys: Collection[str] | None = None) -> list[Card]:
    """Return a card for every indicator, or for those of `keys`; `query` is the question as part of an address."""
    return [
        card(kpi, material.figures[kpi.key], before.figures[kpi.key] if before else None, material.settings, query)
        for kpi in KPIS
        if keys is None or kpi.key in keys
    ]


def desk_rows(material: Material, titles: Mapping[str, str]) -> list[DeskRow]:
    """Return a line for each desk."""
    return [desk_row(unit, scope, titles, material.period) for unit, scope in material.desks.items()]


def desk_columns() -> list[str]:
    """Return the titles of the rates that stand in a desk's line."""
    return [words.about(kpi).title for kpi in KPIS if kpi.key in DESK_COLUMNS]


def desk_row(unit: str, scope: Scope, titles: Mapping[str, str], period: Period) -> DeskRow:
    """Return the line of one desk."""
    query = f"{period.query}&desk={unit}"
    cells = [cell(kpi.key, kpi.compute(scope), query) for kpi in KPIS if kpi.key in DESK_COLUMNS]
    return DeskRow(unit, titles.get(unit, unit), is_greyed(scope), query, cells)


def cell(key: str, figure: Figure, query: str) -> Cell:
    """Return one rate of a desk."""
    k, n = (figure.k, figure.n) if isinstance(figure, Rate) else (0, 0)
    return Cell(k, n, **links(key, query))


def is_greyed(scope: Scope) -> bool:
    """Tell whether too little of the period is known of a desk to compare it."""
    return Rate(scope.covered_min, scope.open_min).meets(scope.settings.coverage_percent) is False


def charts(key: str, material: Material, titles: Mapping[str, str]) -> Charts:
    """Return the pictures of a rate."""
    title = next(words.about(kpi).title for kpi in KPIS if kpi.key == key)
    target = material.settings.targets_percent.get(key)
    days, desks = by_day(key, material), by_desk(key, material, titles)
    cells = by_hour(key, material)
    hours = sorted({hour for _weekday, hour in cells})
    span = list(range(hours[0], hours[-1] + 1)) if hours else []
    return Charts(
        days=p_chart(days, target, _("%(title)s by day") % {"title": title}),
        day_rows=list(zip([words.day(at) for at in material.period.days], days, strict=True)),
        desks=funnel(desks, target, _("calls"), _("%(title)s of each desk by its number of calls") % {"title": title}),
        left_out=len(material.desks) - len(desks),
        hours=heat_map(cells, span, words.weekdays(), _("%(title)s by weekday and hour") % {"title": title}),
        holds=histogram(hold_lengths(material), _("Calls by the length of their longest hold")),
    )
