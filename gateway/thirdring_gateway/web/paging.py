"""Long lists, a page at a time."""

from typing import NamedTuple

PAGE_ROWS = 50
DIGITS_MAX = 9


class Window(NamedTuple):
    """A page of a list: its number from 1, how many there are, and the place of its first row."""

    page: int
    pages: int
    first: int


def paged(asked: str, count: int) -> Window:
    """Return the page that an address asks for: the first one when it asks for none, the last one when beyond."""
    pages = max(1, -(-count // PAGE_ROWS))
    wanted = int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= DIGITS_MAX else 1
    page = min(max(wanted, 1), pages)
    return Window(page, pages, (page - 1) * PAGE_ROWS)
