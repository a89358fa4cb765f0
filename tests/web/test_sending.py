"""Reports that are made by themselves: once for each period, to everybody they are for, whatever happens meanwhile."""

import stat
import threading
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from thirdring_gateway.branch import store as branch_store
from thirdring_gateway.domain.settings import BranchSettings
from thirdring_gateway.ledger.database import open_database
from thirdring_gateway.sending import making, store, work
from thirdring_gateway.sending.models import Delivery
from thirdring_gateway.sending.plan import BACK_OFF_MIN, MINUTE_MS, Plan
from thirdring_gateway.sending.process import Patience, Reporting
from thirdring_gateway.sending.work import Office

from tests.web import made_up
from tests.web.conftest import StandingClock
from tests.web.post_office import PostOffice, free_port, opened
from tests.web.sending import WORKING_WEEK, OwnClock, at, begin, fridays, later, use


@pytest.fixture
def office(branch: None, tmp_path: Path) -> Office:  # noqa: ARG001 -- it is reported
    """An office on the morning of Monday, November 23rd, whose daily plan began on Friday noon."""
    branch_store.save(branch_store.WEEK, WORKING_WEEK)
    clock = OwnClock("2026-11-23T08:30")
    return Office(BranchSettings(made_up.BRANCH), clock, tmp_path, tmp_path / "reports")


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
