"""The records of changes and of who saw what, as rows for pages, files and programs."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from thirdring_gateway.accounts.models import Change, Seen
from thirdring_gateway.domain.hours import local


class ChangeRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A change of a setting: who (null: somebody at the gateway's own command line), when, and the old value."""

    start: str
    start_ms: int
    person: str | None
    what: str
    old: Any
    new: Any


class SeenRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A page with data about people that somebody saw."""

    start: str
    start_ms: int
    person: str
    page: str
    address: str


class Record(NamedTuple):
    """A record: which table keeps it, which columns are shown, as rows with titles."""

    name: str
    kept: type[Change | Seen]
    columns: tuple[str, ...]
    row: type[Any]
    titles: dict[str, Promise]

    def found(self) -> Any:
        """Return everything that is kept, the latest first."""
        return self.kept.objects.order_by("-pk").values_list("at_ms", *self.columns)

    def rows(self, zone: str, first: int = 0, last: int | None = None) -> Iterator[Any]:
        """Yield rows, the latest first."""
        for at_ms, *rest in self.found()[first:last].iterator():
            yield self.row(local(at_ms, zone).isoformat(timespec="milliseconds"), at_ms, *rest)


CHANGES = Record(
    "changes",
    Change,
    ("person__name", "what", "old", "new"),
    ChangeRow,
    {"start": _("Time"), "person": _("Who"), "what": _("What"), "old": _("Before"), "new": _("After")},
)
SEEN = Record(
    "seen",
    Seen,
    ("person__name", "page", "address"),
    SeenRow,
    {"start": _("Time"), "person": _("Who"), "page": _("Page"), "address": _("From address")},
)
