"""Records of who saw and who changed what: written here, read by managers and auditors."""

from typing import Any

from thirdring_gateway.accounts.models import TEXT_LENGTH, Change, Person, Seen

SEEN_ROWS_MAX = 1_000_000  # about 200 MB; the oldest go
SEEN_TRIMMED_EVERY = 1000


def note_seen(person: Person, page: str, address: str, now_ms: int) -> None:
    """Record that `person` saw data about people on `page`."""
    row = Seen.objects.create(person=person, page=page[:TEXT_LENGTH], address=address, at_ms=now_ms)
    if row.pk % SEEN_TRIMMED_EVERY == 0:
        Seen.objects.filter(pk__lte=row.pk - SEEN_ROWS_MAX).delete()


def note_change(person: Person | None, what: str, old: Any, new: Any, now_ms: int) -> None:
    """Record that `person` (None: whoever was at the machine itself) changed `what`, if it is a change at all."""
    if old != new:
        Change.objects.create(person=person, what=what[:TEXT_LENGTH], old=old, new=new, at_ms=now_ms)
