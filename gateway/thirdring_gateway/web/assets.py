"""The style sheet, scripts and pictures: served from this machine, under names that change with their content."""

import hashlib
from functools import lru_cache
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse

from thirdring_gateway.web.gate import public

FOLDER = Path(__file__).parent / "assets"
TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
FOR_EVER = "public, max-age=31536000, immutable"


@lru_cache(maxsize=1)
def contents() -> dict[str, bytes]:
    """Return every asset by its name."""
    return {path.name: path.read_bytes() for path in FOLDER.iterdir()}


def address(name: str) -> str:
    """Return where the browser finds the asset `name`, and may keep it for ever."""
    return f"/assets/{hashlib.sha256(contents()[name]).hexdigest()[:12]}/{name}"


@public
def asset(_request: HttpRequest, digest: str, name: str) -> HttpResponse:
    """Answer with an asset."""
    if name not in contents():
        raise Http404
    current = address(name).split("/")[2] == digest
    kind = TYPES[Path(name).suffix]
    return HttpResponse(
        contents()[name], content_type=kind, headers={"Cache-Control": FOR_EVER if current else "no-cache"}
    )
