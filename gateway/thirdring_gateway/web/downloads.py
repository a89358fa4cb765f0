"""Lists as files: CSV that Excel opens with Chinese intact and no formula, and JSON."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.functional import Promise

from thirdring_gateway.domain.hours import local

BOM = "\ufeff"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
FORMATS = ("csv", "json")


class Line:
    """A file of one line: what csv writes is handed on at once."""

    def write(self, text: str) -> str:
        """Return the line."""
        return text


def download(
    kind: str, name: str, titles: Mapping[str, str | Promise], rows: Iterable[Sequence[Any]], zone: str
) -> HttpResponseBase:
    """Answer with the rows as a file; `titles` are the columns' keys, with the words for the reader."""
    disposition = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    if kind == "json":
        body = json.dumps([spoken(titles, row, zone) for row in rows], ensure_ascii=False)
        return HttpResponse(body, content_type="application/json", headers=disposition)
    lines = csv_lines(titles, rows, zone)
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=disposition)


def csv_lines(titles: Mapping[str, str | Promise], rows: Iterable[Sequence[Any]], zone: str) -> Iterator[str]:
    """Yield the lines of a CSV file; an unknown value is an empty cell."""
    writer = csv.writer(Line())
    yield BOM + str(writer.writerow([str(title) for title in titles.values()]))
    for row in rows:
        yield str(writer.writerow([harmless(value) for value in spoken(titles, row, zone).values()]))


def spoken(titles: Mapping[str, str | Promise], row: Sequence[Any], zone: str) -> dict[str, Any]:
    """Return a row by column, moments as the branch's wall clock shows them."""
    return {
        key: local(value, zone).isoformat(timespec="milliseconds") if key.startswith("start") else value
        for key, value in zip(titles, row, strict=True)
    }


def harmless(value: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value
