"""Who sees what: the whole table of addresses, walked by everybody, by browser and by token."""

import asyncio
import io
import re
import zipfile
from collections.abc import Callable

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, get_resolver
from thirdring_gateway.accounts.models import Change, Person, Seen
from thirdring_gateway.accounts.roles import Role, sight_of
from thirdring_gateway.web import reading
from thirdring_gateway.web.views import live

from tests.web import made_up
from tests.web.conftest import SignedIn
from tests.web.people import OWN_DESK, SESSIONS, TOKENS

OTHERS = ("desk-01", "desk-03", "desk-04")
NARROW = (Role.SUPERVISOR, Role.DESK)
LETTERS = {"M": Role.MANAGER, "S": Role.SUPERVISOR, "D": Role.DESK, "A": Role.AUDITOR, "F": Role.FACILITIES}
EVERYBODY, NUMBERS, LIVE = "MSDAF", "MSDA", "MSDAF"
PAGES = {
    "first": EVERYBODY,
    "today": NUMBERS,
    "today-stream": NUMBERS,
    "live": LIVE,
    "live-stream": LIVE,
    "summary": NUMBERS,
    "calls": NUMBERS,
    "call": NUMBERS,
    "filled-form": NUMBERS,
    "blank-form": NUMBERS,
    "visits": NUMBERS,
    "ratings": NUMBERS,
    "outcomes": NUMBERS,
    "services": NUMBERS,
    "voices": NUMBERS,
    "records": NUMBERS,
    "callbacks": NUMBERS,
    "reports": NUMBERS,
    "brief": NUMBERS,
    "log": NUMBERS,
    "settings": "MAF",
    "limits": "MAF",
    "desks": "MAF",
    "sent": "MA",
    "sent-file": "MA",
    "plans": "M",
    "mail": "M",
    "people": "MA",
    "new-person": "M",
    "person": "M",
    "person-link": "M",
    "changes": "MA",
    "seen": "MA",
    "me": EVERYBODY,
    "help": EVERYBODY,
    "api-help": EVERYBODY,
}
"""Which roles open each page with GET."""
POSTS = {"sign-out": EVERYBODY, "revoke-token": EVERYBODY, "test-mail": "M", "send-again": "M", "callback-done": "MSD"}
"""What is only posted to, and by whom."""
OPEN_TO_ALL = {"sign-in", "welcome", "language", "asset"}
PROGRAMS = {
    "api-openapi": EVERYBODY,
    "api-me": EVERYBODY,
    "api-desks": LIVE,
    "api-today": NUMBERS,
    "api-today-stream": NUMBERS,
    "api-live": LIVE,
    "api-live-stream": LIVE,
    "api-summary": NUMBERS,
    "api-report": NUMBERS,
    "api-calls": NUMBERS,
    "api-call": NUMBERS,
    "api-visits": NUMBERS,
    "api-ratings": NUMBERS,
    "api-outcomes": NUMBERS,
    "api-services": NUMBERS,
    "api-voices": NUMBERS,
    "api-records": NUMBERS,
    "api-callbacks": NUMBERS,
    "api-kpis": EVERYBODY,
    "api-settings": "MAF",
    "api-people": "MA",
    "api-changes": "MA",
    "api-seen": "MA",
}
"""Which roles' tokens open each address of the API."""
FILES = ("csv", "json", "xlsx", "html")
LISTS = {"calls", "visits", "ratings", "outcomes", "services", "voices", "records", "callbacks"}
OF_A_PERIOD = LISTS | {"summary", "report", "reports"}
OF_DESKS = OF_A_PERIOD | {"log", "brief"}
HAS_FILES = LISTS | {"reports", "log", "brief"}

Ask = Callable[[str], HttpResponseBase]


def patterns() -> dict[str, URLPattern]:
    found = get_resolver().url_patterns
    assert all(isinstance(each, URLPattern) for each in found), "a nested table: walk it too"
    return {str(each.name): each for each in found if isinstance(each, URLPattern)}


def needed(pattern: URLPattern) -> object:
    """Return what a page needs of whoever opens it, None when it is open to everybody."""
    return getattr(pattern.callback, "needs", "nothing is said")


def address(name: str, unit: str = OWN_DESK) -> str:
    """Return an address of the page `name` that is about `unit`, if it is about one."""
    person = str(Person.objects.get(login="desk").pk)
    filled = {"unit": unit, "boot": "4", "number": "1", "pk": person, "token": "unknown", "digest": "0",
              "name": "thirdring.css"}  # fmt: skip
    return "/" + re.sub(r"<\w+:(\w+)>", lambda found: filled[found[1]], str(patterns()[name].pattern))


def content(answer: HttpResponseBase) -> str:
    """Return what an answer says; of a stream, its first event."""
    if "event-stream" in answer.headers["Content-Type"]:
        return asyncio.run(first_event(answer))
    body = b"".join(answer) if answer.streaming else answer.content  # type: ignore[attr-defined] # the two kinds
    if not body.startswith(b"PK"):
        return str(body.decode())
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        return "".join(book.read(name).decode() for name in book.namelist())


async def first_event(answer: HttpResponseBase) -> str:
    async for part in answer:  # type: ignore[attr-defined] # a streaming answer
        return part.decode() if isinstance(part, bytes) else str(part)
    return ""


def by_token(role: Role) -> Ask:
    """Return how a program asks with a token of a role."""
    return lambda path: Client().get(path, headers={"authorization": f"Bearer {TOKENS[role]}"})


def by_browser(role: Role) -> Ask:
    """Return how a browser asks in which a role is signed in."""
    browser = Client()
    browser.cookies["sessionid"] = SESSIONS[role]
    return browser.get


# ---- every address is in the table


def test_every_address_has_an_entry_that_says_who_opens_it() -> None:
    assert set(patterns()) == {*PAGES, *POSTS, *OPEN_TO_ALL, *PROGRAMS}


def test_every_address_says_itself_who_may_open_it() -> None:
    for name, pattern in patterns().items():
        assert needed(pattern) != "nothing is said", name
        assert (needed(pattern) is None) == (name in OPEN_TO_ALL), name


@pytest.mark.usefixtures("branch")
def test_without_signing_in_every_page_leads_to_the_sign_in_page() -> None:
    for name in PAGES:
        answer = Client().get(address(name))
        assert answer.status_code == 302, name
        assert answer.headers["Location"].startswith("/sign-in"), name
    for name in POSTS:
        assert Client().post(address(name)).headers["Location"].startswith("/sign-in"), name


@pytest.mark.usefixtures("branch")
def test_without_a_token_every_address_of_the_api_asks_for_one() -> None:
    for name in PROGRAMS:
        for headers in ({}, {"authorization": "Bearer thirdring_wrong"}, {"authorization": "Basic d2FuZzp4"}):
            answer = Client().get(address(name), headers=headers, REMOTE_ADDR=f"10.0.0.{len(name)}")
            assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="Thirdring"'), name


@pytest.mark.usefixtures("branch")
@pytest.mark.parametrize("letter", LETTERS)
def test_each_role_opens_its_addresses_and_no_others(letter: str) -> None:
    browser, program = by_browser(LETTERS[letter]), by_token(LETTERS[letter])
    for table, ask in ((PAGES, browser), (PROGRAMS, program)):
        for name, roles in table.items():
            status = ask(address(name)).status_code
            usual = (404,) if name == "sent-file" else (200, 302)  # nothing was sent yet
            assert status in usual if letter in roles else status == 403, (name, status)


@pytest.mark.usefixtures("branch")
def test_a_token_opens_no_page_and_changes_nothing() -> None:
    headers = {"authorization": f"Bearer {TOKENS[Role.MANAGER]}"}
    for name in PAGES:
        assert Client().get(address(name), headers=headers).headers["Location"].startswith("/sign-in"), name
    for name in PROGRAMS:
        assert Client().post(address(name), headers=headers).status_code == 405, name


# ---- nothing of another desk


def asks_of(name: str) -> list[str]:
    """Return what is asked of an address: as it is, and for desks that are not one's own."""
    plain = name.removeprefix("api-")
    asks = ["", *([f"?period=month&which=all&format={kind}" for kind in FILES] if name in HAS_FILES else [])]
    if plain in OF_A_PERIOD:
        asks += ["?period=month"]
    if plain in OF_DESKS:
        asks += [f"?period=month&desk={OTHERS[0]}", f"?period=month&desk={OWN_DESK}&desk={OTHERS[0]}"]
    return asks


@pytest.mark.usefixtures("branch")
@pytest.mark.parametrize("role", NARROW)
def test_no_page_file_stream_or_program_sees_another_desk(role: Role) -> None:
    browser, program = by_browser(role), by_token(role)
    letter = next(letter for letter, each in LETTERS.items() if each == role)
    saw_own = set()
    for table, ask in ((PAGES, browser), (PROGRAMS, program)):
        for name, roles in table.items():
            for query in asks_of(name) if letter in roles else []:
                text = content(ask(address(name) + query))
                text = re.sub(r'name="next" value="[^"]*"', "", text)  # the way back names what was asked for
                assert not [desk for desk in OTHERS if desk in text], (name, query)
                saw_own |= {name} if OWN_DESK in text else set()
    streams = {"today-stream", "live-stream", "api-today-stream", "api-live-stream"}
    assert streams | {"today", "calls", "summary", "api-report", "api-calls", "api-voices"} <= saw_own


@pytest.mark.usefixtures("branch")
@pytest.mark.parametrize("role", NARROW)
def test_a_call_at_another_desk_is_as_missing_as_one_that_never_was(role: Role) -> None:
    for ask, base in ((by_browser(role), "/calls"), (by_token(role), "/api/v1/calls")):
        assert ask(f"{base}/{OWN_DESK}/4/1").status_code == 200
        assert ask(f"{base}/desk-01/4/1").status_code == 404
        assert ask(f"{base}/desk-01/4/1/form").status_code == 404
        assert ask(f"{base}/{OWN_DESK}/4/9999").status_code == 404
    other, none = (by_token(role)(f"/api/v1/calls?desk={desk}") for desk in ("desk-01", "desk-99"))
    assert (other.status_code, content(other)) == (none.status_code, content(none)) == (404, content(none))


@pytest.mark.usefixtures("branch")
def test_the_manager_sees_every_desk() -> None:
    for text in (content(by_browser(Role.MANAGER)("/live")), content(by_token(Role.MANAGER)("/api/v1/live/stream"))):
        assert all(desk in text for desk in (OWN_DESK, *OTHERS))


# ---- what is recorded, what is refused


def test_who_opened_a_page_about_people_is_recorded_with_what_was_asked(signed_in: SignedIn) -> None:
    browser = signed_in("manager")
    browser.get("/calls?which=late&period=month")
    browser.get("/help")
    row = Seen.objects.get()
    assert (row.person.login, row.page) == ("manager", "/calls?which=late&period=month")


@pytest.mark.usefixtures("branch")
def test_what_a_program_read_about_people_is_recorded_with_its_token() -> None:
    ask = by_token(Role.AUDITOR)
    ask("/api/v1/calls?which=late")
    ask("/api/v1/kpis")
    row = Seen.objects.get()
    assert (row.person.login, row.page) == ("auditor", "/api/v1/calls?which=late [of auditor]")


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
