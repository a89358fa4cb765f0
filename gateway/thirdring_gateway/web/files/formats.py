"""What is made for reading outside the pages, and in which formats: each shows numbers that were computed once."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from thirdring_gateway import reports
from thirdring_gateway.web.files import sheets, table
from thirdring_gateway.web.files.book import workbook
from thirdring_gateway.web.files.paper import Sheet, as_html, as_pdf
from thirdring_gateway.web.files.report import PeriodReport


class Format(NamedTuple):
    """A format: what a browser calls it, and how it is written."""

    content_type: str
    write: Callable[[PeriodReport], bytes]


class Paper(NamedTuple):
    """A kind of paper: what its files are called, its sheet, and its formats by the ending of the file."""

    name: str
    sheet: Callable[[PeriodReport], Sheet]
    formats: Mapping[str, Format]


def printed(sheet: Callable[[PeriodReport], Sheet]) -> dict[str, Format]:
    """Return the formats of every sheet."""
    return {
        "pdf": Format("application/pdf", lambda report: as_pdf(sheet(report))),
        "html": Format("text/html; charset=utf-8", lambda report: as_html(sheet(report)).encode()),
    }


FORMATS = printed(sheets.period) | {
    "xlsx": Format("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", workbook),
    "csv": Format("text/csv; charset=utf-8", table.csv),
    "json": Format("application/json", lambda report: reports.as_json(report.made).encode()),
}
REPORT = Paper("report", sheets.period, FORMATS)
BRIEF = Paper("brief", sheets.brief, printed(sheets.brief))
LOG = Paper("log", sheets.log, printed(sheets.log))


def file_name(paper: Paper, report: PeriodReport, language: str, form: str) -> str:
    """Return the name of a file; JSON is the same in every language."""
    spoken = () if form == "json" else (language.split("-", maxsplit=1)[0],)
    return f"{'-'.join([report.stem, *(() if paper is REPORT else (paper.name,)), *spoken])}.{form}"
