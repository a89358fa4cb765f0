"""The report as a workbook: the numbers of the whole and of each desk, the calls to look at, and what it all means."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from thirdring_gateway.domain.kpis import KPIS
from thirdring_gateway.web import words
from thirdring_gateway.web.files import table
from thirdring_gateway.web.files.report import PeriodReport
from thirdring_gateway.web.one_call import VERDICTS, VISIT_STATES
from thirdring_gateway.web.selections import CALLS, VISITS

WIDE, NARROW = 28, 14
ZIP_BEGAN = datetime(1980, 1, 1)  # noqa: DTZ001 -- a fixed date: the same numbers give the same file
KINDS = (
    "text",
    "text",
    "text",
    "count",
    "count",
    "share",
    "share",
    "share",
    "count",
    "count",
    *["seconds"] * 5,
    "text",
)
LOOK_AT: Mapping[str, Promise] = {
    "late_answers": CALLS["late"].title,
    "missed": CALLS["missed"].title,
    "holds_over_limit": CALLS["held-over"].title,
    "vip_over_limit": VISITS["over"].title,
    "vip_out_of_order": VISITS["out-of-order"].title,
}
"""The lists of the report that a manager talks about, and what they are called."""


def workbook(report: PeriodReport) -> bytes:
    """Return the report as a workbook: the same bytes for the same numbers."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    styles = {
        "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
        "share": book.add_format({"num_format": "0.0%"}),
        "seconds": book.add_format({"num_format": "0.0"}),
        "count": book.add_format({"num_format": "#,##0"}),
        "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
    }
    every = list(table.rows(report))
    heads = list(table.titles().values())
    fill(book.add_worksheet(_("Whole")), heads, KINDS, every[: len(KPIS)], styles)
    fill(book.add_worksheet(_("Desks")), heads, KINDS, every[len(KPIS) :], styles)
    fill(book.add_worksheet(_("To look at")), look_at_heads(), LOOK_AT_KINDS, look_at(report), styles)
    explain(book.add_worksheet(_("Definitions")), report, styles)
    made = report.made
    book.set_properties({"title": f"Thirdring {made['branch']} {made['from']} – {made['to']}", "created": ZIP_BEGAN})
    book.close()
    return file.getvalue()


def fill(
    sheet: Worksheet,
    heads: Sequence[str],
    kinds: Sequence[str],
    rows: Iterable[Sequence[Any]],
    styles: Mapping[str, Format],
) -> None:
    """Write rows under a heading that stays in sight and can be filtered; what is unknown stays empty."""
    sheet.set_column(0, 1, WIDE)
    sheet.set_column(2, len(heads) - 1, NARROW)
    for column, title in enumerate(heads):
        sheet.write_string(0, column, title, styles["head"])
    line = 0
    for line, cells in enumerate(rows, 1):
        for column, (value, kind) in enumerate(zip(cells, kinds, strict=True)):
            write(sheet, line, column, value, styles[kind])
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, max(line, 1), len(heads) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer("&L&A&R&P / &N")


def write(sheet: Worksheet, line: int, column: int, value: Any, style: Format) -> None:
    """Write one cell as what it is: text never becomes a formula."""
    if isinstance(value, str):
        sheet.write_string(line, column, value)
    elif isinstance(value, datetime):
        sheet.write_datetime(line, column, value, style)
    elif value is not None:
        sheet.write_number(line, column, value, style)


LOOK_AT_KINDS = ("text", "text", "moment", "text", "count", "seconds", "seconds", "seconds", "text")


def look_at_heads() -> list[str]:
    """Return the columns of the calls and visits to look at."""
    return [
        _("What"), _("Desk"), _("Start"), _("State"), _("Rings"), _("Wait (s)"), _("Longest hold (s)"), _("Limit (s)"),
        _("Key"),
    ]  # fmt: skip


def look_at(report: PeriodReport) -> Iterable[list[Any]]:
    """Yield the calls and visits that a manager talks about, as the report lists them."""
    for name, title in LOOK_AT.items():
        for row in report.made["lists"][name]:
            start = datetime.fromisoformat(row["start"]).replace(tzinfo=None)  # as the branch's wall clock showed it
            state = VERDICTS[row["verdict"]] if "verdict" in row else VISIT_STATES[row["state"]]
            spans = [seconds(row.get(key)) for key in ("wait_ms", "longest_hold_ms", "limit_ms")]
            key = row.get("call") or row["visit"]
            desk = report.titles.get(row["unit"], row["unit"])
            yield [str(title), desk, start, str(state), row.get("rings"), *spans, key]
        more = report.made["left_off"].get(name)
        if more:
            yield [str(title), f"… +{words.whole(more)}", None, "", None, None, None, None, ""]


def seconds(span_ms: int | None) -> float | None:
    """Return a length in seconds."""
    return None if span_ms is None else span_ms / table.MS_PER_S


def explain(sheet: Worksheet, report: PeriodReport, styles: Mapping[str, Format]) -> None:
    """Write what the numbers mean, and of which data they were made."""
    sheet.set_column(0, 0, WIDE)
    sheet.set_column(1, 2, 3 * WIDE)
    made, coverage = report.made, report.coverage
    about = {
        _("Branch"): made["branch"],
        _("Period"): report.said,
        _("Definitions"): made["definitions"],
        _("Coverage"): f"{words.percent(coverage.k / coverage.n if coverage.n else None)} ({coverage.k}/{coverage.n})",
        _("Digest of the data"): made["digest"],
    }
    for line, (title, value) in enumerate(about.items()):
        sheet.write_string(line, 0, title, styles["head"])
        sheet.write_string(line, 1, value, styles["text"])
    for line, kpi in enumerate(KPIS, len(about) + 1):
        said = words.about(kpi)
        for column, text in enumerate((said.title, said.formula, said.edges)):
            sheet.write_string(line, column, text, styles["text"])
