"""The summary of any period: every indicator, its charts, its desks; and the definitions."""

from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from thirdring_gateway import reports
from thirdring_gateway.accounts.roles import Ability
from thirdring_gateway.branch import store
from thirdring_gateway.domain.figures import Figure, Rate
from thirdring_gateway.domain.kpis import VERSION
from thirdring_gateway.domain.scope import Scope
from thirdring_gateway.web import report_files, words
from thirdring_gateway.web.asked import Asked, asked
from thirdring_gateway.web.cards import Card, card, links
from thirdring_gateway.web.charts.rates import Point, funnel, heat_map, p_chart
from thirdring_gateway.web.charts.spans import histogram
from thirdring_gateway.web.downloads import download
from thirdring_gateway.web.gate import needs
from thirdring_gateway.web.numbers import SHOWN, Material, now_ms
from thirdring_gateway.web.selections import CALLS_BEHIND
from thirdring_gateway.web.series import by_day, by_desk, by_hour, hold_lengths

REPORT_FORMATS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}
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


@needs(Ability.NUMBERS, shows_people=True)
def summary(request: HttpRequest) -> HttpResponseBase:
    """Show the summary, or send it as a file."""
    question = asked(request)
    kind = request.GET.get("format", "")
    if kind in REPORT_FORMATS:
        return report_file(question, kind)
    material, before = question.with_before()
    chosen = request.GET.get("kpi", "")
    chosen = chosen if chosen in CALLS_BEHIND else "timely_answer"
    titles = store.titles()
    context = {
        "asked": question,
        "formats": REPORT_FORMATS,
        "chosen": chosen,
        "choices": [(kpi.key, words.about(kpi).title) for kpi in SHOWN if kpi.key in CALLS_BEHIND],
        "cards": cards(material, before, question),
        "charts": charts(chosen, material, titles),
        "desks": [desk_row(unit, scope, titles, question) for unit, scope in material.desks.items()],
        "columns": [words.about(kpi).title for kpi in SHOWN if kpi.key in DESK_COLUMNS],
        "all_desks": question.desk_choices(titles),
        "version": VERSION,
    }
    return render(request, "web/summary.html", context)


def report_file(question: Asked, kind: str) -> HttpResponseBase:
    """Answer with the report of the period: the one that the command line makes, for the desks that may be seen."""
    period, titles = question.period, store.titles()
    units = [unit for unit, _title in question.desk_choices(titles) if not question.desks or unit in question.desks]
    made = reports.make(question.branch, period.from_ms, period.to_ms, now_ms(), units)
    name = f"summary-{period.first}-{period.last}"
    if kind == "csv":
        return download(kind, name, report_files.titles(), report_files.rows(made, titles), period.zone)
    said = f"{words.day(period.first)} – {words.day(period.last)}"
    body = report_files.workbook(made, titles, said) if kind == "xlsx" else reports.as_json(made).encode()
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    return HttpResponse(body, content_type=REPORT_FORMATS[kind], headers=headers)


def cards(material: Material, before: Material, question: Asked) -> list[Card]:
    """Return a card for every indicator."""
    return [
        card(kpi, material.figures[kpi.key], before.figures[kpi.key], material.settings, question.query)
        for kpi in SHOWN
    ]


def desk_row(unit: str, scope: Scope, titles: dict[str, str], question: Asked) -> DeskRow:
    """Return the line of one desk."""
    query = f"{question.period.query}&desk={unit}"
    cells = [cell(kpi.key, kpi.compute(scope), query) for kpi in SHOWN if kpi.key in DESK_COLUMNS]
    return DeskRow(unit, titles.get(unit, unit), is_greyed(scope), query, cells)


def cell(key: str, figure: Figure, query: str) -> Cell:
    """Return one rate of a desk."""
    k, n = (figure.k, figure.n) if isinstance(figure, Rate) else (0, 0)
    return Cell(k, n, **links(key, query))


def is_greyed(scope: Scope) -> bool:
    """Tell whether too little of the period is known of a desk to compare it."""
    return Rate(scope.covered_min, scope.open_min).meets(scope.settings.coverage_percent) is False


def charts(key: str, material: Material, titles: dict[str, str]) -> Charts:
    """Return the pictures of a rate."""
    title = next(words.about(kpi).title for kpi in SHOWN if kpi.key == key)
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


@needs()
def definitions(request: HttpRequest) -> HttpResponse:
    """Show what every indicator means, how it is computed and which rule it serves."""
    entries: list[dict[str, Any]] = [{"key": kpi.key, "rules": kpi.rules, "words": words.about(kpi)} for kpi in SHOWN]
    return render(request, "web/help.html", {"entries": entries, "version": VERSION})
