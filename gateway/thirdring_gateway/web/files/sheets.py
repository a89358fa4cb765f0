"""The sheets for paper, each as what its template shows: the report of a period, the morning brief, the daily log."""

from collections.abc import Collection, Iterable
from itertools import zip_longest
from typing import Any

from django.utils.translation import gettext as _

from thirdring_gateway.domain.hours import local
from thirdring_gateway.domain.kpi import Words
from thirdring_gateway.domain.kpis import KPIS
from thirdring_gateway.web import overview, rows, words
from thirdring_gateway.web.files.paper import Sheet
from thirdring_gateway.web.files.praise import praise
from thirdring_gateway.web.files.report import PeriodReport
from thirdring_gateway.web.numbers import Material
from thirdring_gateway.web.rows import CallRow
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
        "definitions": definitions(),
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
        "definitions": definitions(DAY_KEYS),
    }
    return Sheet("web/brief.html", context | notable(report.material, BRIEF_ROWS) | signed(report))


def log(report: PeriodReport) -> Sheet:
    """Return the daily log of one desk (R31), ready to be signed."""
    context = {
        "title": _("Daily log, %(desk)s") % {"desk": report.desk},
        "calls": list(rows.call_rows(report.material, CALLS["all"]))[::-1],
        "visits": list(rows.visit_rows(report.material, VISITS["all"]))[::-1],
        "cards": overview.cards(report.material, None, report.period.query, DAY_KEYS),
        "definitions": definitions(DAY_KEYS),
    }
    return Sheet("web/log.html", context | signed(report))


def notable(material: Material, most: int) -> dict[str, Any]:
    """Return the calls and visits to talk about, those of the longest waits and holds, in order of time."""
    kinds = [worst_first(rows.call_rows(material, CALLS[name])) for name in NOTABLE]
    in_turn = [row for turn in zip_longest(*kinds) for row in turn if row]  # so that no kind crowds out the others
    found = list({row.call: row for row in in_turn}.values())
    visits = sorted(rows.visit_rows(material, VISITS["over"]), key=lambda row: -(row.wait_ms or 0))
    return {
        "notable": sorted(found[:most], key=lambda row: row.start_ms),
        "more": max(0, len(found) - most),
        "visits": sorted(visits[:most], key=lambda row: row.start_ms),
        "more_visits": max(0, len(visits) - most),
    }


def worst_first(calls: Iterable[CallRow]) -> list[CallRow]:
    """Return the calls by how long their customer waited or was kept on hold."""
    return sorted(calls, key=lambda row: -max(row.wait_ms or 0, row.longest_hold_ms or 0))


def definitions(keys: Collection[str] | None = None) -> list[tuple[str, tuple[str, ...], Words]]:
    """Return what the indicators, or those of `keys`, mean and which rules they serve."""
    return [(kpi.key, kpi.rules, words.about(kpi)) for kpi in KPIS if keys is None or kpi.key in keys]


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
        "made_at": f"{words.day(local(report.now_ms, zone))} {local(report.now_ms, zone):%H:%M}",
        "zone": zone,
        "hold_limit_ms": report.branch.hold_limit_ms,
        "timely_rings": report.branch.timely_rings,
    }
