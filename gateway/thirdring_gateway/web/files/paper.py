"""Sheets as files: HTML that needs nothing beside it, and PDF made of the same HTML."""

import logging
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from thirdring_gateway.trouble import Trouble
from thirdring_gateway.web import assets

MISSING = ".notdef"
SHOWN_MISSING = 8
FONT_HINT = "install a font that has them, such as Debian's fonts-wqy-microhei"
one_at_a_time = Lock()
"""Pages are set one after the other: each takes a processor for seconds, and a small box has few."""


class Sheet(NamedTuple):
    """Something made for paper: its template, and what it shows."""

    template: str
    context: dict[str, Any]


class Missing(logging.Handler):
    """Collects the characters that no font of this machine can draw."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.characters: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Take note of a character."""
        if str(record.msg).startswith(MISSING) and isinstance(record.args, tuple):
            self.characters.append(str(record.args[0]))


def as_html(sheet: Sheet) -> str:
    """Return the sheet as one file that a browser opens without any other."""
    return render_to_string(
        sheet.template, sheet.context | {"base": "web/file.html", "is_file": True, "style": style()}
    )


def as_pdf(sheet: Sheet) -> bytes:
    """Return the sheet as pages; raises Trouble when this machine cannot draw it, or not all of its characters."""
    try:
        import weasyprint  # noqa: PLC0415 -- it takes a second and needs a library of the system
    except OSError as error:
        raise Trouble(f"PDF: {first_line(error)}; install Pango (Debian: libpangoft2-1.0-0)") from error
    missing, nothing = Missing(), weasyprint.urls.URLFetcher(allowed_protocols=())  # all that a sheet needs is in it
    with one_at_a_time:
        log = logging.getLogger("weasyprint")
        log.addHandler(missing)
        try:
            body = weasyprint.HTML(string=as_html(sheet), url_fetcher=nothing).write_pdf()
        finally:
            log.removeHandler(missing)
    if missing.characters:
        some = "".join(dict.fromkeys(missing.characters))[:SHOWN_MISSING]
        raise Trouble(f"PDF: no font on this machine can draw {some}; {FONT_HINT}")
    return bytes(body)


def on_paper(picture: SafeString) -> SafeString:
    """Return a chart with its style inside: paper takes a picture apart from the page around it."""
    start, rest = picture.split(">", 1)
    return mark_safe(f"{start}><style>{asset('charts.css')}</style>{rest}")  # noqa: S308 -- our own picture and style


def style() -> SafeString:
    """Return the style of a file: that of the pages, and what only paper needs."""
    return mark_safe("".join(asset(name) for name in ("thirdring.css", "charts.css", "paper.css")))  # noqa: S308 -- ours


@lru_cache
def asset(name: str) -> str:
    """Return one of the pages' own assets."""
    return (Path(assets.FOLDER) / name).read_text()


def first_line(error: Exception) -> str:
    """Return what a library complains about, as one line."""
    return str(error).strip().splitlines()[0]
