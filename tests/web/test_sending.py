"""Reports that are made by themselves: once for each period, to everybody they are for, whatever happens meanwhile."""

import json
import os
import re
import socket
import stat
import threading
from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from thirdring_gateway.accounts.models import Change
from thirdring_gateway.branch import store as branch_store
from thirdring_gateway.domain.settings import BranchSettings
from thirdring_gateway.ledger.database import open_database
from thirdring_gateway.sending import mail, making, store, work
from thirdring_gateway.sending.mail import FAILED, Letter, MailError, send
from thirdring_gateway.sending.models import Delivery
from thirdring_gateway.sending.plan import BACK_OFF_MIN, MINUTE_MS, MOST, Plan, due, due_ms, may_try, next_due_ms
from thirdring_gateway.sending.process import Patience, Reporting
from thirdring_gateway.sending.store import NO_TLS, STARTTLS, TLS, Server
from thirdring_gateway.sending.words import FAILURES
from thirdring_gateway.sending.work import Office
from thirdring_gateway.web import site
from thirdring_gateway.web.period import ONE_DAY, Period, around

from tests.web import made_up
from tests.web.conftest import SignedIn, StandingClock
from tests.web.post_office import PASSWORD, USER, PostOffice, certificate, free_port, knows, opened

ZONE = made_up.ZONE
WORKING_WEEK = [[[540, 1050]]] * 5 + [[], []]
LETTER = Letter("key-1", "日报: b12", "及时率 9/10\n")


def at(text: str) -> int:
    """Return a moment of the branch's wall clock."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE)).timestamp() * 1000)


class OwnClock:
    """A clock that a test sets."""

    def __init__(self, text: str) -> None:
        self.time = at(text)

    def now_ms(self) -> int:
        return self.time

    def wait_s(self, moment_ms: int) -> float:
        return (moment_ms - self.time) / 1000


# ---- when a report is due


def days(found: list[Period]) -> list[str]:
    return [period.first.isoformat() for period in found]


def due_at(
    now: str, kind: str = "day", known: tuple[str, ...] = (), since: str = "2026-11-01T12:00",
    heard: Callable[[Period], bool] = lambda _: True,
) -> list[str]:  # fmt: skip
    daily = Plan(kind, at(since), minute=8 * 60)
    return days(due(daily, at(now), ZONE, {date.fromisoformat(day) for day in known}, lambda _: True, heard))


def test_a_day_is_due_on_the_next_one_at_the_time_that_was_set() -> None:
    known = tuple(f"2026-11-{day:02}" for day in range(1, 22))
    assert due_at("2026-11-23T07:59", known=known) == []
    assert due_at("2026-11-23T08:00", known=known) == ["2026-11-22"]


def test_a_week_is_due_on_monday_and_a_month_on_the_first() -> None:
    assert due_at("2026-11-23T08:00", "week", ("2026-11-02", "2026-11-09")) == ["2026-10-26", "2026-11-16"]
    assert due_at("2026-11-30T23:00", "month", since="2026-11-02T00:00") == []
    assert due_at("2026-12-01T08:00", "month", since="2026-11-02T00:00") == ["2026-11-01"]


def test_what_was_due_before_the_plan_was_switched_on_is_left_alone() -> None:
    assert due_at("2026-11-23T09:00", since="2026-11-21T08:01") == ["2026-11-21", "2026-11-22"]


def test_what_was_missed_is_made_afterwards_the_oldest_first_and_within_bounds() -> None:
    assert due_at("2026-11-23T09:00", known=("2026-11-18", "2026-11-20"))[-4:] == [
        "2026-11-17", "2026-11-19", "2026-11-21", "2026-11-22",
    ]  # fmt: skip
    for kind, most in MOST.items():
        assert len(due_at("2026-11-23T09:00", kind, since="2010-01-01T00:00")) == most


def test_a_clock_that_is_years_ahead_makes_one_report_and_not_a_flood() -> None:
    heard_until = date(2026, 11, 22)
    ahead = due_at("2040-06-01T09:00", since="2026-11-01T00:00", heard=lambda period: period.first <= heard_until)
    assert ahead == ["2040-05-31"]
    assert due_at("2026-11-23T09:00", known=("2040-05-31",), since="2026-11-22T00:00") == ["2026-11-21", "2026-11-22"]


def test_a_clock_that_is_behind_makes_nothing() -> None:
    assert due_at("1970-01-03T09:00") == []


def test_a_closed_day_on_which_nothing_was_heard_is_not_reported() -> None:
    daily = Plan("day", at("2026-11-22T00:00"))
    assert due(daily, at("2026-11-23T09:00"), ZONE, {date(2026, 11, 21)}, lambda _: False, lambda _: False) == []


@given(st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)), st.sampled_from(sorted(MOST)), st.integers(0, 1439))  # noqa: DTZ001 -- the branch's wall clock
def test_each_period_is_due_once_and_the_next_one_lies_ahead(now: datetime, kind: str, minute: int) -> None:
    now_ms = at(now.isoformat())
    one = Plan(kind, 0, minute)
    found = due(one, now_ms, ZONE, (), lambda _: True, lambda _: True)
    assert len(set(days(found))) == len(found) == MOST[kind]
    assert all(due_ms(one, period) <= now_ms for period in found)
    assert next_due_ms(one, now_ms, ZONE) > now_ms
    assert next_due_ms(one, now_ms, ZONE) == due_ms(one, around(kind, found[-1].last + ONE_DAY, ZONE))


def test_an_attempt_waits_for_its_time_but_not_for_one_that_a_wrong_clock_set() -> None:
    assert not may_try(next_ms=1_000, now_ms=999)
    assert may_try(next_ms=1_000, now_ms=1_000)
    assert may_try(next_ms=at("2040-01-01T00:00"), now_ms=at("2026-11-23T09:00"))


# ---- mail


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A certificate that this machine trusts."""
    context = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    return context


def sent(server: Server, password: str = "", letter: Letter = LETTER, to: str = "boss@b12.example") -> None:
    with mail.opened(server, password) as connection:
        send(connection, server, letter, to)


def failure_of(server: Server, password: str = "") -> MailError:
    with pytest.raises(MailError) as told:
        sent(server, password)
    assert told.value.failure in FAILURES
    assert "\n" not in told.value.detail
    if password:
        assert password not in str(told.value)
    return told.value


def plain(port: int) -> Server:
    return Server("127.0.0.1", port, NO_TLS, sender="gateway@b12.example")


def secured(port: int, security: str = STARTTLS) -> Server:
    return Server("127.0.0.1", port, security, USER, "gateway@b12.example")


@pytest.mark.parametrize("security", [STARTTLS, TLS])
def test_a_letter_arrives_over_tls_with_its_chinese_and_its_files(tmp_path: Path, trusted: Any, security: str) -> None:
    (tmp_path / "report-zh.pdf").write_bytes(b"%PDF-\x00\xff")
    office, from_the_first_byte = PostOffice(), security == TLS
    options: dict[str, Any] = {"auth_required": not from_the_first_byte, "auth_require_tls": not from_the_first_byte}
    options |= {"ssl_context": trusted} if from_the_first_byte else {"tls_context": trusted, "require_starttls": True}
    with opened(office, authenticator=knows, **options) as port:
        sent(secured(port, security), PASSWORD, LETTER._replace(files=[tmp_path / "report-zh.pdf"]))
    ((address, letter),) = office.letters
    assert (address, letter["Subject"], letter["Message-ID"]) == (
        "boss@b12.example",
        "日报: b12",
        "<key-1@b12.example>",
    )
    body = letter.get_body()
    assert body is not None
    assert "及时率 9/10" in body.get_content()
    ((name, content),) = [(part.get_filename(), part.get_content()) for part in letter.iter_attachments()]
    assert (name, content) == ("report-zh.pdf", b"%PDF-\x00\xff")


def test_a_wrong_password_is_said_and_not_told(trusted: Any) -> None:
    with opened(PostOffice(), authenticator=knows, auth_required=True, tls_context=trusted) as port:
        assert failure_of(secured(port), "a wrong secret").failure == "sign-in refused"


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    with opened(PostOffice(), authenticator=knows, tls_context=certificate(tmp_path)) as port:
        assert failure_of(secured(port), PASSWORD).failure == "not trusted"


def test_what_the_server_cannot_do_is_said() -> None:
    with opened(PostOffice()) as port:
        assert failure_of(secured(port)).failure == "not supported"  # no STARTTLS
        assert failure_of(secured(port, TLS)).failure == "no TLS"


def test_a_password_never_travels_without_encryption() -> None:
    office = PostOffice()
    with opened(office, authenticator=knows, auth_require_tls=False) as port:
        assert failure_of(secured(port, NO_TLS), PASSWORD).failure == "password without TLS"
    assert not office.letters


def test_a_host_that_is_dead_unknown_or_silent_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "TIMEOUT_S", 0.2)
    assert failure_of(plain(free_port())).failure == "no server"
    assert failure_of(Server("mail.invalid", 25, NO_TLS, sender="a@b.example")).failure == "unknown host"
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert failure_of(plain(silent.getsockname()[1])).failure == "no answer"


def test_a_refused_address_a_refused_mail_and_a_lost_connection_are_told_apart() -> None:
    office = PostOffice(refused={"boss@b12.example"})
    with opened(office) as port:
        refused = failure_of(plain(port))
        assert (refused.failure, refused.is_address, refused.detail) == ("address refused", True, "550 no such mailbox")
        office.refused.clear()
        office.answer = "554 looks like spam"
        assert failure_of(plain(port)).detail == "554 looks like spam"
        office.hangs_up_after = 0
        assert failure_of(plain(port)).failure == "hung up"


def test_every_failure_has_its_words() -> None:
    assert {word for _, word, _ in FAILED} | {
        "password without TLS",
        "no mail server",
        "not made",
        "unfinished",
    } == set(FAILURES)


# ---- from the plan to the recipient


@pytest.fixture
def office(branch: None, tmp_path: Path) -> Office:  # noqa: ARG001 -- it is reported
    """An office on the morning of Monday, November 23rd, whose daily plan began on Friday noon."""
    branch_store.save(branch_store.WEEK, WORKING_WEEK)
    clock = OwnClock("2026-11-23T08:30")
    return Office(BranchSettings(made_up.BRANCH), clock, tmp_path, tmp_path / "reports")


def begin(**changed: Any) -> None:
    daily = Plan("day", at("2026-11-20T12:00"), formats=["csv"], languages=["zh-hans"])
    branch_store.save(store.PLANS, {"day": daily.as_dict() | changed})


def use(port: int) -> None:
    branch_store.save(store.SERVER, plain(port).as_dict())


def fridays() -> Delivery:
    """Return what became of Friday's report."""
    return Delivery.objects.get(first=date(2026, 11, 20))


def later(office: Office, minutes: int) -> None:
    assert isinstance(office.clock, OwnClock)
    office.clock.time += minutes * MINUTE_MS


def test_a_report_is_put_into_the_folder_once_however_often_the_gateway_restarts(office: Office) -> None:
    begin(formats=["csv", "json"], languages=["zh-hans", "en"])
    assert work.is_anything_to_do(office)
    work.work(office)
    names = {path.name: path.stat().st_mtime_ns for path in office.folder.iterdir()}
    stem = "thirdring-b12-2026-11-20"
    assert set(names) == {f"{stem}-zh.csv", f"{stem}-en.csv", f"{stem}.json"}
    assert fridays().done_ms
    assert not work.is_anything_to_do(office)
    work.work(office)
    assert {path.name: path.stat().st_mtime_ns for path in office.folder.iterdir()} == names
    assert stat.S_IMODE((office.folder / f"{stem}.json").stat().st_mode) == 0o640
    assert stat.S_IMODE(office.folder.stat().st_mode) == 0o700


def test_only_the_open_day_that_was_heard_is_reported_and_not_the_quiet_weekend(office: Office) -> None:
    begin()
    work.work(office)
    assert [delivery.first for delivery in Delivery.objects.all()] == [date(2026, 11, 20)]


def test_a_report_is_mailed_to_everybody_once_and_says_its_main_numbers(office: Office) -> None:
    begin(recipients=["a@b12.example", "b@b12.example"])
    post = PostOffice()
    with opened(post) as port:
        use(port)
        work.work(office)
        work.work(office)
    assert post.addresses == ["a@b12.example", "b@b12.example"]
    letter = post.letters[0][1]
    body = letter.get_body()
    assert body is not None
    assert "接听及时率" in body.get_content()
    assert [part.get_filename() for part in letter.iter_attachments()] == fridays().files
    assert letter["Message-ID"] == "<thirdring-b12-day-2026-11-20@b12.example>"


def test_who_has_the_mail_does_not_get_it_again_when_the_server_hung_up_in_between(office: Office) -> None:
    begin(recipients=["a@b12.example", "b@b12.example"])
    post = PostOffice(hangs_up_after=1)
    with opened(post) as port:
        use(port)
        work.work(office)
        assert (fridays().failure, fridays().mailed_to) == ("hung up", ["a@b12.example"])
        post.hangs_up_after = None
        later(office, BACK_OFF_MIN[0])
        work.work(office)
    assert post.addresses == ["a@b12.example", "b@b12.example"]
    assert (fridays().failure, bool(fridays().done_ms)) == ("", True)


def test_a_wrong_address_keeps_nobody_else_from_the_mail(office: Office) -> None:
    begin(recipients=["wrong@b12.example", "b@b12.example"])
    post = PostOffice(refused={"wrong@b12.example"})
    with opened(post) as port:
        use(port)
        work.work(office)
    assert post.addresses == ["b@b12.example"]
    assert fridays().detail == "wrong@b12.example: 550 no such mailbox"
    assert fridays().done_ms is None


def test_when_mail_fails_the_files_are_in_the_folder_and_it_is_tried_again_ever_more_slowly(office: Office) -> None:
    begin(recipients=["a@b12.example"])
    use(free_port())
    tried_ms = []
    for _ in range(len(BACK_OFF_MIN) * 1500):
        if work.is_anything_to_do(office):
            tried_ms.append(office.clock.now_ms())
            work.work(office)
        if fridays().has_given_up:
            break
        later(office, max(1, (fridays().next_ms - office.clock.now_ms()) // MINUTE_MS))
    assert [(b - a) // MINUTE_MS for a, b in pairwise(tried_ms)] == list(BACK_OFF_MIN)
    assert (office.folder / fridays().files[0]).exists()
    assert fridays().failure == "no server"
    later(office, 100_000)
    work.again(fridays())
    post = PostOffice()
    with opened(post) as port:
        use(port)
        work.attempt(office, store.plans()["day"], fridays())
    assert post.addresses == ["a@b12.example"]
    assert not fridays().has_given_up


def test_one_dead_server_costs_one_attempt_a_round_and_not_one_for_each_report(office: Office) -> None:
    plans = [Plan(kind, at("2026-11-20T12:00"), recipients=["a@b12.example"]) for kind in ("day", "week")]
    branch_store.save(store.PLANS, {each.kind: each.as_dict() | {"formats": ["csv"]} for each in plans})
    use(free_port())
    work.work(office)
    assert sorted(Delivery.objects.values_list("attempts", flat=True)) == [0, 1]


def test_a_folder_that_cannot_be_written_is_said_and_the_report_is_made_when_it_is_mended(office: Office) -> None:
    begin()
    office.folder.write_text("in the way")
    work.work(office)
    assert fridays().failure == "not made"
    assert str(office.folder) in fridays().detail
    office.folder.unlink()
    later(office, BACK_OFF_MIN[0])
    work.work(office)
    assert fridays().done_ms
    assert len(list(office.folder.iterdir())) == 1


def test_what_an_earlier_gateway_put_into_the_folder_stays_as_it_is(office: Office) -> None:
    begin()
    office.folder.mkdir()
    old = office.folder / "thirdring-b12-2026-11-20-zh.csv"
    old.write_text("as it was printed then")
    work.work(office)
    assert old.read_text() == "as it was printed then"
    assert fridays().done_ms


def test_a_file_that_somebody_removed_before_it_could_be_mailed_is_made_again(office: Office) -> None:
    begin(recipients=["a@b12.example"])
    use(free_port())
    work.work(office)
    made_ms = fridays().made_ms
    (office.folder / fridays().files[0]).unlink()
    later(office, BACK_OFF_MIN[0])
    post = PostOffice()
    with opened(post) as port:
        use(port)
        work.work(office)
    assert post.addresses == ["a@b12.example"]
    assert (office.folder / fridays().files[0]).exists()
    assert fridays().made_ms == made_ms


def test_an_attempt_that_ends_the_program_is_counted_and_not_repeated_at_once(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin()

    def crash(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(making, "make", crash)
    with pytest.raises(MemoryError):
        work.work(office)
    assert (fridays().failure, fridays().attempts) == ("unfinished", 1)
    assert not work.is_anything_to_do(office)


def test_a_plan_that_was_switched_off_leaves_nothing_to_do(office: Office) -> None:
    begin(recipients=["a@b12.example"])
    work.work(office)
    assert fridays().failure == "no mail server"
    branch_store.save(store.PLANS, {})
    later(office, 10_000)
    assert not work.is_anything_to_do(office)


@pytest.mark.slow
@pytest.mark.system
def test_a_running_gateway_makes_what_was_due_while_it_was_off_in_a_process_of_its_own(tmp_path: Path) -> None:
    database = str(tmp_path / "ledger.sqlite3")
    open_database(database)
    made_up.store(list(made_up.branch(desks=1, days=4, calls=3)))
    branch_store.save(branch_store.WEEK, WORKING_WEEK)
    begin(formats=["pdf"])
    office = Office(BranchSettings(made_up.BRANCH), StandingClock(), tmp_path, tmp_path / "reports")
    looked = threading.Event()
    with Reporting(office, database, Patience(0.0, 0.05)):
        for _ in range(600):
            if Delivery.objects.filter(done_ms__isnull=False).exists() or looked.wait(0.1):
                break
    (path,) = office.folder.iterdir()
    assert path.read_bytes().startswith(b"%PDF-")
    assert Delivery.objects.get().files == [path.name]


# ---- the pages


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
