"""One person of each role, with a session and a token."""

import thirdring_gateway.ledger.tables  # noqa: F401 -- sets Django up, before any model is imported
from django.test import Client
from thirdring_gateway.accounts import tokens
from thirdring_gateway.accounts.models import Person, Token
from thirdring_gateway.accounts.roles import Role
from thirdring_gateway.web.asking import now_ms
from thirdring_gateway.web.gate import USED_MS

PASSWORD = "three rings and no more"  # noqa: S105 -- of people who do not exist
ROLES = tuple(Role)
OWN_DESK = "desk-02"
TOKENS: dict[Role, str] = {}
SESSIONS: dict[Role, str] = {}
"""Both are stored before any test begins: streams read them in a thread of their own."""
AHEAD_MS = 86_400_000
"""They were last used tomorrow, so that reading in that thread writes nothing, however long the tests take."""


def person(role: Role) -> Person:
    made = Person(login=role.value, name=f"Some {role.value}", role=role, desks=[OWN_DESK])
    made.set_password(PASSWORD)
    made.save()
    TOKENS[role] = tokens.make(made, f"of {role.value}", 30, now_ms())
    Token.objects.update(used_ms=now_ms() + AHEAD_MS)
    browser = Client()
    browser.force_login(made)
    session = browser.session
    session[USED_MS] = now_ms() + AHEAD_MS
    session.save()
    SESSIONS[role] = browser.cookies["sessionid"].value
    return made
