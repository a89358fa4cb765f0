"""The pages of scheduled reports: plans, mail server, and what became of each report."""

import json
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from thirdring_gateway.accounts.models import Change
from thirdring_gateway.branch import store as branch_store
from thirdring_gateway.sending import store, work
from thirdring_gateway.sending.store import NO_TLS, STARTTLS, TLS
from thirdring_gateway.sending.work import Office
from thirdring_gateway.web import site

from tests.web import made_up
from tests.web.conftest import SignedIn
from tests.web.post_office import PASSWORD, USER, PostOffice, free_port, opened
from tests.web.sending import WORKING_WEEK, OwnClock, begin, fridays, use


@pytest.fixture
def state(branch: None, tmp_path: Path) -> Iterator[Path]:  # noqa: ARG001 -- the pages need it
    branch_store.save(branch_store.WEEK, WORKING_WEEK)
    before = site.composed
    site.compose(before._replace(state_dir=tmp_path, folder=tmp_path / "reports"))
    yield tmp_path
    site.compose(before)


def typed_plans(**changed: Any) -> dict[str, Any]:
    usual = {"day_at": "08:00", "week_at": "08:00", "month_at": "08:00"}
    return usual | {"day_on": "on", "day_formats": ["pdf"], "day_languages": ["en"]} | changed


def typed_server(**changed: Any) -> dict[str, Any]:
    usual = {"host": "127.0.0.1", "port": "587", "security": STARTTLS, "sender": "gateway@b12.example"}
    return usual | {"user": USER, "password": PASSWORD} | changed


def test_a_manager_chooses_reports_and_the_change_is_recorded(signed_in: SignedIn, state: Path) -> None:
    assert state
    browser = signed_in("manager")
    chosen = typed_plans(day_at="07:30", day_to="a@b.example, c@d.example\ne@f.example")
    assert browser.post("/settings/reports", chosen).status_code == 302
    daily = store.plans()["day"]
    assert (daily.minute, daily.since_ms, list(daily.formats)) == (450, made_up.NOW_MS, ["pdf"])
    assert daily.recipients == ["a@b.example", "c@d.example", "e@f.example"]
    assert Change.objects.get().what == store.PLANS
    page = browser.get("/settings/reports").content.decode()
    assert "Tue 24 Nov 2026 07:30:00" in page
    browser.post("/settings/reports", typed_plans(day_at="07:45"))
    assert store.plans()["day"].since_ms == made_up.NOW_MS


@pytest.mark.parametrize("wrong", [
    {"day_at": "25:00"}, {"day_at": ""}, {"day_formats": []}, {"day_languages": []}, {"day_formats": ["exe"]},
    {"day_to": "nobody"}, {"day_to": "a@b.example\nBcc: c@d.example"},
    {"day_to": " ".join(f"n{n}@b.example" for n in range(51))},
])  # fmt: skip
def test_a_mistake_in_a_plan_is_named_and_nothing_is_stored(
    signed_in: SignedIn, state: Path, wrong: dict[str, Any]
) -> None:
    assert state
    answer = signed_in("manager").post("/settings/reports", typed_plans(**wrong))
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()
    assert store.plans() == {}


def test_the_password_is_kept_where_only_its_owner_reads_it_and_is_never_shown_or_recorded(
    signed_in: SignedIn, state: Path
) -> None:
    browser = signed_in("manager")
    assert browser.post("/settings/mail", typed_server()).status_code == 302
    assert store.password(state) == PASSWORD
    assert stat.S_IMODE(os.stat(state / store.SECRET_FILE).st_mode) == 0o600  # noqa: PTH116 -- plain is clearer
    pages = "".join(
        browser.get(path).content.decode() for path in ("/settings/mail", "/settings/changes", "/settings/reports")
    )
    records = json.dumps(list(Change.objects.values("what", "old", "new")), ensure_ascii=False)
    stored = json.dumps(branch_store.stored())
    assert not [text for text in (pages, records, stored) if PASSWORD in text]
    assert {change.what for change in Change.objects.all()} == {store.SERVER, "mail_password"}
    browser.post("/settings/mail", typed_server(password="", sender="other@b12.example"))
    assert store.password(state) == PASSWORD
    browser.post("/settings/mail", typed_server(password="", user=""))
    assert not (state / store.SECRET_FILE).exists()


@pytest.mark.parametrize("moved", [{"host": "evil.example"}, {"port": "2525"}, {"security": TLS}, {"user": "other"}])
def test_a_kept_password_never_goes_to_a_server_that_it_was_not_entered_for(
    signed_in: SignedIn, state: Path, moved: dict[str, str]
) -> None:
    assert state
    browser = signed_in("manager")
    browser.post("/settings/mail", typed_server())
    answer = browser.post("/settings/mail", typed_server(password="", **moved))
    assert "Enter the password again" in answer.content.decode()
    assert store.server().host == "127.0.0.1"


def test_a_password_without_encryption_and_a_server_without_a_sender_are_refused(
    signed_in: SignedIn, state: Path
) -> None:
    assert state
    browser = signed_in("manager")
    for wrong in ({"security": NO_TLS}, {"sender": ""}, {"port": "0"}, {"sender": "nobody"}, {"password": "密码"}):
        assert 'role="alert"' in browser.post("/settings/mail", typed_server(**wrong)).content.decode()
    assert store.server().host == ""


def test_the_test_mail_says_that_it_was_accepted_or_why_not(signed_in: SignedIn, state: Path) -> None:
    assert state
    browser, post = signed_in("manager"), PostOffice()
    with opened(post) as port:
        browser.post("/settings/mail", typed_server(port=str(port), security=NO_TLS, user="", password=""))
        page = browser.post("/settings/mail/test", {"to": "me@b12.example"}).content.decode()
        assert "accepted a test mail for me@b12.example" in page
        assert post.addresses == ["me@b12.example"]
        post.answer = "554 <b>no</b>"
        page = browser.post("/settings/mail/test", {"to": "me@b12.example"}).content.decode()
        assert "refuses the mail" in page
        assert "554 &lt;b&gt;no" in page
    page = browser.post("/settings/mail/test", {"to": "me@b12.example"}).content.decode()
    assert "There is no mail server at this port" in page


def test_the_page_shows_what_became_of_each_report_and_lets_a_manager_try_again(
    signed_in: SignedIn, state: Path
) -> None:
    begin(recipients=["a@b12.example"])
    use(free_port())
    work.work(Office(site.composed.branch, OwnClock("2026-11-23T08:30"), state, state / "reports"))
    browser = signed_in("manager")
    page = browser.get("/reports/sent").content.decode()
    assert "There is no mail server at this port" in page
    assert "Mon 23 Nov 2026 08:31:00" in page
    assert re.search(r'reports/sent".*?class="state over".*?1<', browser.get("/reports").content.decode())
    (name,) = fridays().files
    answer = browser.get(f"/reports/sent/{fridays().pk}/{name}")
    assert b"".join(answer).startswith(b"\xef\xbb\xbf")
    assert browser.get(f"/reports/sent/{fridays().pk}/..%2Fmail.secret").status_code == 404
    assert browser.post(f"/reports/sent/{fridays().pk}/again").status_code == 302
    assert (fridays().attempts, fridays().next_ms) == (0, 0)


def test_an_auditor_sees_what_was_sent_and_changes_nothing(signed_in: SignedIn, state: Path) -> None:
    begin()
    work.work(Office(site.composed.branch, OwnClock("2026-11-23T08:30"), state, state / "reports"))
    browser = signed_in("auditor")
    assert "In the folder" in browser.get("/reports/sent").content.decode()
    for path in (f"/reports/sent/{fridays().pk}/again", "/settings/mail/test", "/settings/mail", "/settings/reports"):
        assert browser.post(path, {"to": "a@b.example"}).status_code == 403
