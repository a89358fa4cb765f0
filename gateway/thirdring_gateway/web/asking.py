"""Who asks, and when: what every page reads from a request in the same way."""

import time

from django.http import HttpRequest

NS_PER_MS = 1_000_000


def now_ms() -> int:
    """Return the machine's own time: sessions, links and tokens do not follow the demonstration's faster clock."""
    return time.time_ns() // NS_PER_MS


def address_of(request: HttpRequest) -> str:
    """Return the address that a request came from."""
    return str(request.META.get("REMOTE_ADDR", ""))
