"""Who sees what: the whole URL table, walked by every role."""

import io
import re
import zipfile
from collections.abc import Iterator

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import URLPattern, get_resolver
from thirdring_gateway.accounts.models import Change, Person, Seen
from thirdring_gateway.accounts.roles import Role, sight_of
from thirdring_gateway.web import reading
from thirdring_gateway.web.views import live

from tests.web import made_up
from tests.web.conftest import SignedIn
from tests.web.people import OWN_DESK

OTHERS = ("desk-01", "desk-03", "desk-04")
NARROW = (Role.SUPERVISOR, Role.DESK)
POST_ONLY = {"sign-out", "language"}
ALLOWED = {
    Role.MANAGER: None,
    Role.AUDITOR: {"new-person", "person", "person-link"},
    Role.SUPERVISOR: {
        "settings", "limits", "desks", "people", "new-person", "person", "person-link", "changes", "seen",
    },
    Role.FACILITIES: {
        "today", "today-stream", "summary", "calls", "call", "visits", "reports", "brief", "log", "people",
        "new-person", "person", "person-link", "changes", "seen",
    },
    Role.DESK: {"settings", "limits", "desks", "people", "new-person", "person", "person-link", "changes", "seen"},
}  # fmt: skip
"""What each role may not open; None: everything is open."""


def patterns() -> list[URLPattern]:
    found = get_resolver().url_patterns
    assert all(isinstance(each, URLPattern) for each in found), "a nested table: walk it too"
    return [each for each in found if isinstance(each, URLPattern)]


def needed(pattern: URLPattern) -> object:
    """Return what a page needs of whoever opens it, None when it is open to everybody."""
    return getattr(pattern.callback, "needs", "nothing is said")


def addresses(name: str, unit: str) -> str:
    """Return an address of the page `name` that is about `unit`, if it is about one."""
    person = Person.objects.get(login="desk").pk
    filled = {
        "call": f"/calls/{unit}/4/1",
        "person": f"/settings/people/{person}",
        "person-link": f"/settings/people/{person}/link",
        "welcome": "/welcome/unknown",
        "asset": "/assets/0/thirdring.css",
    }
    pattern = next(each for each in patterns() if each.name == name)
    return filled.get(name, f"/{pattern.pattern}")


def pages() -> Iterator[str]:
    """Yield the names of the pages that need somebody to be signed in."""
    for pattern in patterns():
        if needed(pattern) is not None and pattern.name not in POST_ONLY:
            yield str(pattern.name)


def content(browser: Client, address: str) -> str:
    """Return what a page says; of a stream, its first event."""
    answer = browser.get(address)
    if answer.streaming and "event-stream" in answer.headers["Content-Type"]:
        parts = live.board_parts if "live" in address else live.today_parts
        template = "web/live_parts.html" if "live" in address else "web/today_parts.html"
        person = Person.objects.get(pk=browser.session["_auth_user_id"])
        return render_to_string(template, parts(person))
    body = b"".join(answer) if answer.streaming else answer.content
    if not body.startswith(b"PK"):
        return body.decode()
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        return "".join(book.read(name).decode() for name in book.namelist())


def test_every_page_says_who_may_open_it() -> None:
    for pattern in patterns():
        assert needed(pattern) != "nothing is said", pattern


def test_only_what_must_be_is_open_to_everybody() -> None:
    open_to_all = {each.name for each in patterns() if needed(each) is None}
    assert open_to_all == {"sign-in", "welcome", "language", "asset"}


def test_without_signing_in_every_page_leads_to_the_sign_in_page(visitor: Client) -> None:
    for name in pages():
        answer = visitor.get(addresses(name, OWN_DESK))
        assert answer.status_code == 302, name
        assert answer.headers["Location"].startswith("/sign-in"), name


@pytest.mark.parametrize("role", list(Role))
def test_each_role_opens_its_pages_and_no_others(signed_in: SignedIn, role: Role) -> None:
    browser = signed_in(role)
    for name in pages():
        status = browser.get(addresses(name, OWN_DESK)).status_code
        refused = ALLOWED[role] is not None and name in (ALLOWED[role] or set())
        assert status == 403 if refused else status in (200, 302), (name, status)


@pytest.mark.parametrize("role", NARROW)
def test_no_page_file_or_stream_shows_another_desk_to_whoever_has_only_some(signed_in: SignedIn, role: Role) -> None:
    browser = signed_in(role)
    refused = ALLOWED[role] or set()
    asks = ["", "?period=month", *(f"?period=month&format={form}" for form in ("csv", "json", "xlsx", "html"))]
    asks += [f"?period=month&desk={desk}" for desk in OTHERS]
    asks += [f"?period=month&desk={OWN_DESK}&desk={OTHERS[0]}", f"?period=month&which=answered&desk={OTHERS[0]}"]
    seen_own = False
    for name in pages():
        for ask in asks if name not in refused else []:
            text = content(browser, addresses(name, OWN_DESK) + ask)
            text = re.sub(r'name="next" value="[^"]*"', "", text)  # the way back names what was asked for
            assert not [desk for desk in OTHERS if desk in text], (name, ask)
            seen_own |= OWN_DESK in text
    assert seen_own, "the walk saw nothing at all"


@pytest.mark.parametrize("role", NARROW)
def test_a_call_at_another_desk_is_as_missing_as_one_that_never_was(signed_in: SignedIn, role: Role) -> None:
    browser = signed_in(role)
    assert browser.get(f"/calls/{OWN_DESK}/4/1").status_code == 200
    assert browser.get("/calls/desk-01/4/1").status_code == 404
    assert browser.get(f"/calls/{OWN_DESK}/4/9999").status_code == 404


def test_the_manager_sees_every_desk(signed_in: SignedIn) -> None:
    text = content(signed_in("manager"), "/live")
    assert all(desk in text for desk in (OWN_DESK, *OTHERS))


def test_who_opened_a_page_about_people_is_recorded_with_what_was_asked(signed_in: SignedIn) -> None:
    browser = signed_in("manager")
    browser.get("/calls?which=late&period=month")
    browser.get("/help")
    row = Seen.objects.get()
    assert (row.person.login, row.page) == ("manager", "/calls?which=late&period=month")


def test_an_auditor_reads_the_settings_and_changes_nothing(signed_in: SignedIn) -> None:
    browser = signed_in("auditor")
    page = browser.get("/settings/limits").content.decode()
    assert "disabled" in page
    assert browser.post("/settings/limits", {"timely_rings": "1"}).status_code == 403
    assert browser.post("/settings/desks", {"title-desk-01": "x"}).status_code == 403
    assert not Change.objects.exists()


@pytest.mark.usefixtures("branch")
def test_the_present_shows_who_rings_talks_and_holds() -> None:
    desks = {desk.unit: desk for desk in live.board_parts(Person.objects.get(login="manager"))["desks"]}
    assert [desks[f"desk-0{n}"].state for n in (1, 2, 3, 4)] == ["ringing", "held", "talking", "idle"]
    assert desks["desk-01"].rings == 3
    assert desks["desk-02"].is_hold_over  # 82 s of 60 s
    assert [(each.tier, each.light) for each in desks["desk-04"].waiting] == [(1, "over"), (2, "near")]
    assert desks["desk-04"].kind == "over"
    assert reading.units(made_up.BRANCH) == [OWN_DESK.replace("2", str(n)) for n in (1, 2, 3, 4)]


def test_asking_for_desks_never_widens_what_a_person_may_see() -> None:
    own = sight_of(Role.SUPERVISOR, [OWN_DESK])
    assert own.narrowed([OWN_DESK, "desk-01"]).desks == frozenset({OWN_DESK})
    assert own.narrowed(["desk-01"]).desks == frozenset()
    assert own.narrowed([]) == own
    assert sight_of(Role.MANAGER, [OWN_DESK]).narrowed(["desk-01"]).desks == frozenset({"desk-01"})
