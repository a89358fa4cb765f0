"""The report as one plain table, a row for each indicator of the whole and of each desk: the CSV file."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from thirdring_gateway.domain.kpi import Kpi
from thirdring_gateway.domain.kpis import KPIS
from thirdring_gateway.web import words
from thirdring_gateway.web.cards import beside_words
from thirdring_gateway.web.downloads import csv_lines
from thirdring_gateway.web.files.report import PeriodReport

COUNTED = ("k", "n", "rate", "low", "high", "target_percent", "count")
SPANS = ("mean_ms", "median_ms", "p90_ms", "max_ms", "total_ms")
MS_PER_S = 1000


def titles() -> dict[str, str]:
    """Return the columns with the words for the reader."""
    return {
        "desk": _("Desk"),
        "kpi": _("Indicator"),
        "rules": _("Rules"),
        "k": "k",
        "n": "n",
        "rate": _("Share"),
        "low": _("Interval from"),
        "high": _("Interval to"),
        "target_percent": _("Target, per cent"),
        "count": _("Count"),
        "mean_ms": _("Mean (s)"),
        "median_ms": _("Median (s)"),
        "p90_ms": _("9 of 10 within (s)"),
        "max_ms": _("Longest (s)"),
        "total_ms": _("Total (s)"),
        "beside": _("Beside it"),
    }


def rows(report: PeriodReport) -> Iterator[list[Any]]:
    """Yield a row for each indicator of the whole and of each desk; durations in seconds, unknown numbers None."""
    parts = {_("All desks"): report.made["kpis"]}
    parts |= {report.titles.get(unit, unit): figures for unit, figures in report.made["desks"].items()}
    for desk, figures in parts.items():
        for kpi in KPIS:
            yield [desk, *row_of(kpi, figures[kpi.key])]


def row_of(kpi: Kpi, figure: Mapping[str, Any]) -> list[Any]:
    """Return the cells of one indicator."""
    counted = [figure.get(name) for name in COUNTED]
    spans = [None if figure.get(name) is None else figure[name] / MS_PER_S for name in SPANS]
    return [words.about(kpi).title, " ".join(kpi.rules), *counted, *spans, beside_words(figure)]


def about() -> dict[str, str]:
    """Return the columns that say, in every row of the CSV file, what the row is about and made of."""
    return {
        "branch": _("Branch"),
        "from": _("From"),
        "to": _("To (not included)"),
        "definition": _("Definition"),
        "version": _("Definitions, version"),
        "digest": _("Digest of the data"),
    }


def csv(report: PeriodReport) -> bytes:
    """Return the table as CSV for a spreadsheet: with a byte order mark, and no formula."""
    made = report.made
    formulas = [words.about(kpi).formula for kpi in KPIS]
    known = {name: made[key] for name, key in (("branch", "branch"), ("from", "from"), ("to", "to"))}
    lines = (
        [*row, *known.values(), formulas[place % len(KPIS)], made["definitions"], made["digest"]]
        for place, row in enumerate(rows(report))
    )
    return "".join(csv_lines((titles() | about()).values(), lines)).encode()
