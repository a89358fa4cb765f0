"""The pages and the API over a real PostgreSQL server: they say to the byte what they say over SQLite."""

import pytest
from django.core.management import call_command
from django.db import connections, transaction
from django.test import Client
from thirdring_gateway.accounts.models import Person
from thirdring_gateway.accounts.roles import Role
from thirdring_gateway.entered.models import Promise
from thirdring_gateway.ledger.database import open_database
from thirdring_gateway.web.asking import now_ms
from thirdring_gateway.web.gate import USED_MS

from tests.gateway.test_postgresql import pytestmark as needs_server
from tests.gateway.test_postgresql import server
from tests.web import made_up
from tests.web.people import OWN_DESK
from tests.web.test_records import WRITTEN
from tests.web.test_who_sees_what import LISTS, PAGES, PROGRAMS, address

__all__ = ["server"]
pytestmark = [*needs_server, pytest.mark.usefixtures("made_branch")]
KEPT_APART = {"api-seen", "api-changes"}
"""What is read here is noted there: these grow while they are read."""


def browser_of(role: Role) -> Client:
    """Return a browser in which a role is signed in."""
    browser = Client()
    browser.force_login(Person.objects.get(login=role.value))
    session = browser.session
    session[USED_MS] = now_ms()
    session.save()
    return browser


def answers() -> dict[str, bytes]:
    """Return what every address of the API that is no stream says, of a month where there is a period."""
    browser = browser_of(Role.MANAGER)
    names = [name for name in PROGRAMS if "stream" not in name and name not in KEPT_APART]
    month = {f"api-{name}" for name in (*LISTS, "summary", "report")}
    paths = [address(name) + ("?period=month" if name in month else "") for name in names]
    return {path: browser.get(path).content for path in paths}


def fill(target: str) -> None:
    """Make a PostgreSQL database hold what the made-up branch holds."""
    open_database(target)
    call_command("flush", verbosity=0, interactive=False)
    units = list(made_up.branch(desks=4, days=4, calls=9))
    made_up.present([unit for unit in units if unit.began_ms > made_up.MIDNIGHT_MS])
    made_up.store(units)
    people = {}
    for role in Role:
        people[role] = Person.objects.create(login=role, name=f"Some {role.value}", role=role, desks=[OWN_DESK])
    made_up.enter(units, people[Role.DESK])


def test_every_page_and_every_answer_is_the_same_as_with_sqlite(server: str) -> None:
    with transaction.atomic():  # what looking leaves behind is undone: other tests look at the same branch
        of_sqlite = answers()
        transaction.set_rollback(True)
    fill(server)
    assert answers() == of_sqlite
    browser = browser_of(Role.MANAGER)
    for name in PAGES:
        if "stream" not in name and name != "sent-file":  # nothing was sent yet
            assert browser.get(address(name)).status_code in (200, 302), name
    desk = browser_of(Role.DESK)
    assert desk.post(f"/calls/{OWN_DESK}/4/5", WRITTEN).status_code == 302
    assert WRITTEN["record-name"] in desk.get("/records?period=today").content.decode()
    promise = Promise.objects.filter(unit=OWN_DESK, done_ms__isnull=True)[0]
    assert desk.post(f"/callbacks/{promise.pk}/done").status_code == 302
    assert Promise.objects.get(pk=promise.pk).done_ms == made_up.NOW_MS
    connections.close_all()
