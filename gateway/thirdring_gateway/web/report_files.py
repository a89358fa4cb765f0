"""The report of a period as a file: JSON as the command line writes it, and a workbook and CSV that only show it."""

from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from thirdring_gateway.domain.kpi import Kpi
from thirdring_gateway.web import words
from thirdring_gateway.web.numbers import SHOWN

Report = Mapping[str, Any]
SHARES = ("rate", "low", "high")
COUNTS = ("k", "n", "count")
SPANS = ("mean_ms", "median_ms", "p90_ms", "max_ms")
COLUMNS = ("k", "n", *SHARES, "count", *SPANS)
MS_PER_S = 1000
WIDE, NARROW = 28, 14


def titles() -> dict[str, str]:
    """Return the columns of a report with the words for the reader."""
    return {
        "desk": _("Desk"),
        "kpi": _("Indicator"),
        "rules": _("Rules"),
        "k": "k",
        "n": "n",
        "rate": _("Share"),
        "low": _("95% from"),
        "high": _("95% to"),
        "count": _("Count"),
        "mean_ms": _("Mean (s)"),
        "median_ms": _("Median (s)"),
        "p90_ms": _("9 of 10 within (s)"),
        "max_ms": _("Longest (s)"),
    }


def rows(made: Report, desks: Mapping[str, str]) -> Iterator[list[Any]]:
    """Yield a row for each indicator of the whole and of each desk; durations in seconds, unknown numbers None."""
    parts = {_("All desks"): made["kpis"]}
    parts |= {desks.get(unit, unit): figures for unit, figures in made["desks"].items()}
    for desk, figures in parts.items():
        for kpi in SHOWN:
            yield [desk, *row_of(kpi, figures[kpi.key])]


def row_of(kpi: Kpi, figure: Mapping[str, Any]) -> list[Any]:
    """Return the cells of one indicator."""
    cells = [figure.get(name) for name in COLUMNS]
    spans = [None if figure.get(name) is None else figure[name] / MS_PER_S for name in SPANS]
    return [words.about(kpi).title, " ".join(kpi.rules), *cells[: -len(SPANS)], *spans]


def workbook(made: Report, desks: Mapping[str, str], period: str) -> bytes:
    """Return the report as a workbook: the numbers of the whole, of each desk, and what they mean."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    styles = {
        "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
        "share": book.add_format({"num_format": "0.0%"}),
        "seconds": book.add_format({"num_format": "0.0"}),
        "count": book.add_format({"num_format": "#,##0"}),
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
    }
    every = list(rows(made, desks))
    sheets = {_("Whole"): every[: len(SHOWN)], _("Desks"): every[len(SHOWN) :]}
    for name, part in sheets.items():
        number_sheet(book.add_worksheet(name), part, styles)
    definition_sheet(book.add_worksheet(_("Definitions")), made, period, styles)
    book.set_properties({"title": f"Thirdring {made['branch']} {made['from']} – {made['to']}"})
    book.close()
    return file.getvalue()


def number_sheet(sheet: Worksheet, part: list[list[Any]], styles: Mapping[str, Format]) -> None:
    """Write rows of numbers under a heading that stays in sight and can be filtered."""
    columns = titles()
    kinds = ["text"] * 3 + ["count"] * 2 + ["share"] * 3 + ["count"] + ["seconds"] * 4
    sheet.set_column(0, 1, WIDE)
    sheet.set_column(2, len(columns) - 1, NARROW)
    for column, title in enumerate(columns.values()):
        sheet.write_string(0, column, title, styles["head"])
    for line, cells in enumerate(part, 1):
        for column, (value, kind) in enumerate(zip(cells, kinds, strict=True)):
            if isinstance(value, str):
                sheet.write_string(line, column, value)
            elif value is not None:
                sheet.write_number(line, column, value, styles[kind])
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, len(part), len(columns) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def definition_sheet(sheet: Worksheet, made: Report, period: str, styles: Mapping[str, Format]) -> None:
    """Write what the numbers mean, and of which data they were made."""
    sheet.set_column(0, 0, WIDE)
    sheet.set_column(1, 1, 3 * WIDE)
    sheet.set_column(2, 2, 3 * WIDE)
    about = {
        _("Branch"): made["branch"],
        _("Period"): period,
        _("Definitions"): made["definitions"],
        _("Digest of the data"): made["digest"],
    }
    for line, (title, value) in enumerate(about.items()):
        sheet.write_string(line, 0, title, styles["head"])
        sheet.write_string(line, 1, value, styles["text"])
    for line, kpi in enumerate(SHOWN, len(about) + 1):
        said = words.about(kpi)
        for column, text in enumerate((said.title, said.formula, said.edges)):
            sheet.write_string(line, column, text, styles["text"])
