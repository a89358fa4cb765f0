"""Lists as files: CSV that Excel opens with Chinese intact and no formula, and JSON."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.functional import Promise

BOM = "\ufeff"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
FORMATS = ("csv", "json")


class Line:
    """A file of one line: what csv writes is handed on at once."""

    def write(self, text: str) -> str:
        """Return the line."""
        return text


def download(
    kind: str, name: str, titles: Mapping[str, str | Promise], rows: Iterable[msgspec.Struct]
) -> HttpResponseBase:
    """Answer with the rows as a file; `titles` are the columns of a CSV file by the rows' fields."""
    disposition = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    if kind == "json":
        return HttpResponse(msgspec.json.encode(list(rows)), content_type="application/json", headers=disposition)
    lines = csv_lines(titles.values(), ([getattr(row, field) for field in titles] for row in rows))
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=disposition)


def csv_lines(titles: Iterable[str | Promise], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """Yield the lines of a CSV file; an unknown value is an empty cell."""
    writer = csv.writer(Line())
    yield BOM + str(writer.writerow([str(title) for title in titles]))
    for row in rows:
        yield str(writer.writerow([harmless(value) for value in row]))


def harmless(value: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value
