"""Signing in: the first manager's link, throttling, sessions, what the browser is told."""

import pytest
from django.test import Client
from thirdring_gateway.accounts import throttle
from thirdring_gateway.accounts.invitations import VALID_MS, find, first_link, invite
from thirdring_gateway.accounts.models import Change, Person
from thirdring_gateway.accounts.roles import Role
from thirdring_gateway.entered.models import CallRecord, Promise
from thirdring_gateway.web import asking, gate

from tests.web.conftest import SignedIn
from tests.web.people import PASSWORD

GOOD = {"name": "王芳", "login": "wang", "password": "open at nine sharp", "again": "open at nine sharp"}


@pytest.fixture
def empty(visitor: Client) -> Client:
    """A browser on a gateway that has no people yet."""
    for entered in (Promise, CallRecord, Person):
        entered.objects.all().delete()
    return visitor


def test_the_first_start_gives_a_link_that_makes_one_manager_and_no_second(empty: Client) -> None:
    link = first_link(asking.now_ms())
    assert link is not None
    assert empty.get(link).status_code == 200
    assert empty.post(link, GOOD).headers["Location"] == "/"
    manager = Person.objects.get()
    assert (manager.role, manager.login, manager.check_password(GOOD["password"])) == (Role.MANAGER, "wang", True)
    assert Change.objects.get().new == {"role": "manager"}
    assert empty.post(link, GOOD | {"login": "other"}).status_code == 404
    assert first_link(asking.now_ms()) is None


def test_each_start_without_a_manager_ends_the_link_before(empty: Client) -> None:
    old, new = first_link(asking.now_ms()), first_link(asking.now_ms())
    assert empty.get(str(old)).status_code == 404
    assert empty.get(str(new)).status_code == 200


@pytest.mark.usefixtures("branch")
def test_a_link_ends_after_three_days() -> None:
    token = invite(None, now_ms=0).rpartition("/")[2]
    assert find(token, VALID_MS - 1) is not None
    assert find(token, VALID_MS) is None


@pytest.mark.usefixtures("branch")
def test_the_link_is_not_kept_where_it_can_be_read() -> None:
    token = invite(None, now_ms=0).rpartition("/")[2]
    found = find(token, 0)
    assert found is not None
    assert token not in found.digest


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"password": "short", "again": "short"}, "password"),
        ({"password": "1234567890", "again": "1234567890"}, "password"),
        ({"password": "wang wang wang", "again": "wang wang wing"}, "again"),
        ({"login": "no spaces"}, "login"),
    ],
)
def test_a_weak_or_mistyped_password_is_refused(empty: Client, wrong: dict[str, str], field: str) -> None:
    answer = empty.post(str(first_link(asking.now_ms())), GOOD | wrong)
    assert answer.status_code == 200
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert not Person.objects.exists()


def test_failed_tries_are_slowed_down_and_a_right_password_does_not_help_before_the_pause_is_over(
    visitor: Client,
) -> None:
    for _ in range(throttle.FREE_PER_NAME):
        assert visitor.post("/sign-in", {"login": "manager", "password": "wrong"}).status_code == 403
    assert visitor.post("/sign-in", {"login": "Manager", "password": PASSWORD}).status_code == 429
    assert visitor.post("/sign-in", {"login": "auditor", "password": PASSWORD}).status_code == 302


def test_the_pause_doubles_with_each_failure_and_ends() -> None:
    pauses = [throttle.pause_ms([0] * n, free=5, now_ms=0) for n in range(4, 16)]
    assert pauses[:4] == [0, 15_000, 30_000, 60_000]
    assert max(pauses) == throttle.LONGEST_PAUSE_MS
    assert throttle.pause_ms([0] * 5, free=5, now_ms=15_000) == 0


def test_a_session_that_nobody_used_for_two_hours_has_ended(
    signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = signed_in("manager")
    assert browser.get("/help").status_code == 200
    later = asking.now_ms() + gate.IDLE_MS + 1
    monkeypatch.setattr(gate, "now_ms", lambda: later)
    assert browser.get("/help").headers["Location"].startswith("/sign-in?next=")


def test_a_person_who_may_not_sign_in_any_more_is_out_at_once(signed_in: SignedIn) -> None:
    browser = signed_in("supervisor")
    Person.objects.filter(login="supervisor").update(is_active=False)
    assert browser.get("/today").headers["Location"].startswith("/sign-in")


@pytest.mark.usefixtures("branch")
def test_signing_in_leads_nowhere_but_to_this_site() -> None:
    for target in ("https://example.org/", "//example.org", "/\\example.org", "javascript:alert(1)"):
        answer = Client().post("/sign-in", {"login": "manager", "password": PASSWORD, "next": target})
        assert answer.headers["Location"] == "/", target


@pytest.mark.usefixtures("branch")
def test_a_form_without_its_token_is_refused() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/sign-in", {"login": "manager", "password": PASSWORD}).status_code == 403


def test_every_answer_tells_the_browser_to_load_nothing_from_elsewhere(signed_in: SignedIn) -> None:
    browser = signed_in("manager")
    for path in ("/today", "/sign-in", "/no-such-page", "/calls?format=csv"):
        answer = browser.get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Cache-Control"] == "no-store"
