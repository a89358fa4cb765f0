"""Tokens: what a program shows instead of a password, to read what one person may see.

A token is shown once and kept as a digest. It has that person's role and desks, whatever they are when it is used, and
ends by itself, by hand, or with the person's leave to sign in.
"""

import secrets

from thirdring_gateway.accounts.invitations import digest_of
from thirdring_gateway.accounts.models import Person, Token

PREFIX = "thirdring_"
"""Tells a secret scanner, and whoever finds it in a file, what it is."""
TOKEN_BYTES = 32
MOST_PER_PERSON = 20
DAY_MS = 86_400_000
USED_EVERY_MS = 60_000
"""How exactly it is known when a token was last used: a program that asks often must not write often."""


def make(person: Person, name: str, days: int, now_ms: int) -> str:
    """Return a new token of `person`, which ends after `days`."""
    secret = PREFIX + secrets.token_urlsafe(TOKEN_BYTES)
    expires_ms = now_ms + days * DAY_MS
    Token.objects.create(person=person, name=name, digest=digest_of(secret), made_ms=now_ms, expires_ms=expires_ms)
    return secret


def find(secret: str, now_ms: int) -> Token | None:
    """Return the token, None when it is unknown, ended or of somebody who may not sign in; note that it is used."""
    alive = Token.objects.filter(digest=digest_of(secret), expires_ms__gt=now_ms, person__is_active=True)
    token = alive.select_related("person").first()
    if token and now_ms - (token.used_ms or 0) > USED_EVERY_MS:
        Token.objects.filter(pk=token.pk).update(used_ms=now_ms)
    return token
