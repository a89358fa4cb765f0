"""The sheets for paper, each as what its template shows: the report of a period, the morning brief, the daily log."""

from typing import Any

from django.utils.translation import gettext as _

from thirdring_gateway.domain.hours import local
from thirdring_gateway.domain.kpis import KPIS
from thirdring_gateway.web import overview, rows, words
from thirdring_gateway.web.files.paper import Sheet
from thirdring_gateway.web.files.praise import praise
from thirdring_gateway.web.files.report import PeriodReport
from thirdring_gateway.web.numbers import Material
from thirdring_gateway.web.selections import CALLS, VISITS

DAY_KEYS = (
    "timely_answer", "reach", "answer_time", "hold_over_limit", "vip_over_limit", "satisfaction", "coverage"
)  # fmt: skip
BRIEF_ROWS = 8
REPORT_ROWS = 40
HEADLINE = "timely_answer"
NOTABLE = ("late", "missed", "held-over")


def period(report: PeriodReport) -> Sheet:
    """Return the report of a period: every indicator, the charts of the headline, the desks, the calls to look at."""
    drawn = overview.charts(HEADLINE, report.material, report.titles)
    days = [(day, point) for day, point in drawn.day_rows if point.n]
    context = {
        "title": _("Report"),
        "is_whole": True,
        "cards": overview.cards(report.material, report.before, report.period.query),
        "charts": drawn,
        "headline": next(words.about(kpi).title for kpi in KPIS if kpi.key == HEADLINE),
        "has_days": len(days) > 1,
        "has_calls": bool(days),
        "compared": len(report.units) - drawn.left_out,
        "desks": overview.desk_rows(report.material, report.titles),
        "columns": overview.desk_columns(),
    }
    return Sheet("web/report.html", context | notable(report.material, REPORT_ROWS) | signed(report))


def brief(report: PeriodReport) -> Sheet:
    """Return the morning brief of a day (R32): praise first, then the numbers, then the calls to talk about."""
    context = {
        "title": _("Morning brief"),
        "praise": praise(report.material, report.titles),
        "cards": overview.cards(report.material, report.before, report.period.query, DAY_KEYS),
    }
    return Sheet("web/brief.html", context | notable(report.material, BRIEF_ROWS) | signed(report))


def log(report: PeriodReport) -> Sheet:
    """Return the daily log of one desk (R31), ready to be signed."""
    context = {
        "title": _("Daily log, %(desk)s") % {"desk": report.desk},
        "calls": list(rows.call_rows(report.material, CALLS["all"]))[::-1],
        "visits": list(rows.visit_rows(report.material, VISITS["all"]))[::-1],
        "cards": overview.cards(report.material, None, report.period.query, DAY_KEYS),
    }
    return Sheet("web/log.html", context | signed(report))


def notable(material: Material, most: int) -> dict[str, Any]:
    """Return the first calls and visits to talk about, in order of time, and how many more calls there are."""
    found = {row.call: row for name in NOTABLE for row in rows.call_rows(material, CALLS[name])}
    in_order = sorted(found.values(), key=lambda row: row.start_ms)
    visits = list(rows.visit_rows(material, VISITS["over"]))[::-1]
    return {
        "notable": in_order[:most],
        "more": max(0, len(found) - most),
        "visits": visits[:most],
        "more_visits": max(0, len(visits) - most),
    }


def signed(report: PeriodReport) -> dict[str, Any]:
    """Return what stands on every sheet: period, definitions, coverage, and a digest of the data."""
    zone = report.period.zone
    return {
        "branch": report.branch.branch,
        "desk": report.desk,
        "desk_unit": report.units[0] if len(report.units) == 1 else "",
        "period": report.period,
        "said": report.said,
        "query": report.period.query,
        "titles": report.titles,
        "version": report.made["definitions"],
        "digest": report.made["digest"],
        "coverage": report.coverage,
        "definitions": [(kpi.key, kpi.rules, words.about(kpi)) for kpi in KPIS],
        "made_at": f"{words.day(local(report.now_ms, zone))} {local(report.now_ms, zone):%H:%M}",
        "zone": zone,
        "hold_limit_ms": report.branch.hold_limit_ms,
        "timely_rings": report.branch.timely_rings,
    }
