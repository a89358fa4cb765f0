"""Who is enrolled: rows that commands add to and revoke, and that a running gateway follows."""

from django.db import transaction
from django.db.models import Max, QuerySet

import thirdring_gateway.ledger.tables  # noqa: F401 -- sets Django up, before any model is imported
from thirdring_gateway.broker.access import Access
from thirdring_gateway.identities.authority import Authority, Issued
from thirdring_gateway.identities.models import Enrolment

DAY_MS = 86_400_000
VALID_MS = 730 * DAY_MS
RENEWED_MS = 365 * DAY_MS
"""A certificate is renewed when it has less than this left: a unit may lie in a drawer for a year and still connect."""


def revision() -> int:
    """Return a number that rises with every change, 0 when nobody was ever enrolled."""
    return Enrolment.objects.aggregate(latest=Max("revision"))["latest"] or 0


def everyone(branch: str) -> "QuerySet[Enrolment]":
    """Return all enrolments of a branch, the revoked ones too, by unit and age."""
    return Enrolment.objects.filter(branch=branch).order_by("unit", "pk")


def enrolled(branch: str) -> "QuerySet[Enrolment]":
    """Return the enrolments that are not revoked."""
    return everyone(branch).filter(revoked_ms=None)


def add(branch: str, unit: str, issued: Issued | None, password_hash: str, now_ms: int) -> Enrolment:
    """Store that `unit` has a certificate, or a password; raises IntegrityError while it has another one."""
    row = Enrolment(branch=branch, unit=unit, enrolled_ms=now_ms, password_hash=password_hash)
    return _saved(row, issued)


@transaction.atomic
def revoke(branch: str, unit: str, now_ms: int) -> Enrolment | None:
    """Revoke what `unit` has; return it, None when it had nothing."""
    row = enrolled(branch).filter(unit=unit).first()
    if row is None:
        return None
    row.revoked_ms = now_ms
    return _saved(row, None)


@transaction.atomic
def renew(authority: Authority, branch: str, now_ms: int) -> list[str]:
    """Make new certificates for those that end within a year; return their units.

    The key stays the unit's own: no private key ever travels.
    """
    ending = enrolled(branch).filter(ends_ms__lt=now_ms + RENEWED_MS)
    return [_saved(row, authority.renewed(row.cert, now_ms + VALID_MS)).unit for row in ending]


def access(branch: str) -> Access:
    """Return what the broker must know."""
    rows = list(everyone(branch))
    return Access(
        passwords={row.unit: row.password_hash for row in rows if row.password_hash and row.revoked_ms is None},
        revoked=tuple(int(serial, 16) for row in rows if row.revoked_ms is not None for serial in row.serials),
    )


def _saved(row: Enrolment, issued: Issued | None) -> Enrolment:
    if issued:
        row.cert, row.ends_ms = issued.cert, issued.ends_ms
        row.serials = [*row.serials, f"{issued.serial:x}"]
    row.revision = revision() + 1
    row.save()
    return row
