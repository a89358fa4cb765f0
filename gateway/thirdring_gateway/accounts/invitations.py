"""One-time links: the first manager's, and those by which other people set their password."""

import hashlib
import secrets

from django.db import transaction

import thirdring_gateway.ledger.tables  # noqa: F401 -- sets Django up, before any model is imported
from thirdring_gateway.accounts.models import Invitation, Person
from thirdring_gateway.accounts.roles import Role

TOKEN_BYTES = 24
VALID_MS = 3 * 24 * 3_600_000


def first_link(now_ms: int) -> str | None:
    """Return the path by which the first manager signs up, None when there is a manager; earlier links end."""
    managers = Person.objects.filter(role=Role.MANAGER, is_active=True)
    return None if any(manager.has_usable_password() for manager in managers) else invite(None, now_ms)


@transaction.atomic
def invite(person: Person | None, now_ms: int) -> str:
    """Return the path of a new link for `person`; earlier ones of the same person end."""
    Invitation.objects.filter(person=person).delete()
    token = secrets.token_urlsafe(TOKEN_BYTES)
    Invitation.objects.create(person=person, digest=digest_of(token), expires_ms=now_ms + VALID_MS)
    return f"/welcome/{token}"


def find(token: str, now_ms: int) -> Invitation | None:
    """Return the invitation of a link, None when it is unknown, used or too old."""
    return Invitation.objects.filter(digest=digest_of(token), expires_ms__gt=now_ms).select_related("person").first()


def digest_of(token: str) -> str:
    """Return what is stored of a token: who reads the database cannot use it."""
    return hashlib.sha256(token.encode()).hexdigest()
