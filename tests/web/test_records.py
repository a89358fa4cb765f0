"""What people enter: records of calls, outcomes, promised replies; and who sees who called (R20 to R24)."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from thirdring_gateway import reports
from thirdring_gateway.accounts.models import Change, Person, Seen
from thirdring_gateway.accounts.roles import Role
from thirdring_gateway.entered.models import CallRecord, Promise
from thirdring_gateway.entered.store import compared
from thirdring_gateway.web import numbers
from thirdring_gateway.web.entered_lists import KEPT, LATE, OPEN, OVERDUE, SOON, SOON_MS, state_of
from thirdring_gateway.web.today import today_of

from tests.web import made_up
from tests.web.conftest import SignedIn
from tests.web.people import OWN_DESK
from tests.web.test_who_sees_what import by_browser, by_token, content

pytestmark = pytest.mark.usefixtures("branch")
CALL = f"/calls/{OWN_DESK}/4/5"  # nothing was entered of it yet
NAME, CONTACT = "欧阳明", "138-1234 5678"
WRITTEN = {
    "record-matter": "consultation",
    "record-name": NAME,
    "record-contact": CONTACT,
    "record-problem": "询问网点时间",
    "record-resolved": "yes",
}
SHANGHAI_15_MS = made_up.MIDNIGHT_MS + 15 * made_up.HOUR_MS


def record() -> CallRecord:
    return CallRecord.objects.get(unit=OWN_DESK, boot=4, number=5)


def kpi(name: str) -> dict[str, int]:
    day = made_up.DAY_MS
    made = reports.make(numbers.settings(), made_up.MIDNIGHT_MS, made_up.MIDNIGHT_MS + day, made_up.NOW_MS, [OWN_DESK])
    figure: dict[str, int] = made["kpis"][name]
    return figure


# ---- the record of a call


def test_desk_staff_add_to_the_sensed_call_what_only_they_know(signed_in: SignedIn) -> None:
    browser = signed_in("desk")
    assert browser.post(CALL, WRITTEN).headers["Location"] == f"{CALL}?saved=1#record"
    kept = record()
    assert (kept.name, kept.who, kept.resolved, kept.by.login) == (NAME, "13812345678", True, "desk")
    call = json.loads(content(by_token(Role.DESK)(f"/api/v1{CALL}")))
    assert kept.start_ms == call["start_ms"], "the time of the record is the sensed one"
    page = browser.get(CALL).content.decode()
    assert f'value="{NAME}"' in page
    assert NAME in browser.get("/records?period=today").content.decode()


def test_the_record_of_changes_tells_which_parts_were_changed_and_not_who_called(signed_in: SignedIn) -> None:
    browser = signed_in("desk")
    browser.post(CALL, WRITTEN)
    change = Change.objects.get()
    assert (change.what, change.new["changed"]) == (
        f"record {OWN_DESK}/4/5",
        ["matter", "name", "contact", "problem", "resolved"],
    )
    browser.post(CALL, WRITTEN)
    assert Change.objects.count() == 1, "nothing changed the second time"
    assert NAME not in str(list(Change.objects.values()))


def test_a_complaint_needs_somebody_who_sees_to_it_and_a_time(signed_in: SignedIn) -> None:
    browser = signed_in("supervisor")
    complaint = WRITTEN | {"record-matter": "complaint", "record-resolved": "no"}
    page = browser.post(CALL, complaint).content.decode()
    assert page.count("A complaint needs somebody who sees to it, and a time.") == 2
    assert not CallRecord.objects.filter(unit=OWN_DESK, boot=4, number=5).exists()
    owner = Person.objects.get(login="supervisor").pk
    browser.post(CALL, complaint | {"record-owner": str(owner), "record-due_ms": "2026-11-23T15:00"})
    assert (record().owner_id, record().due_ms) == (owner, SHANGHAI_15_MS)
    assert NAME in browser.get("/records?which=complaints-open").content.decode()
    assert NAME not in browser.get("/records?which=complaints-overdue").content.decode()


def test_only_who_may_see_the_desk_can_be_made_to_see_to_its_complaint(signed_in: SignedIn) -> None:
    Person.objects.filter(login="supervisor").update(desks=["desk-01"])
    page = signed_in("desk").get(CALL).content.decode()
    assert "Some manager" in page
    assert "Some supervisor" not in page
    assert "Some auditor" not in page


@pytest.mark.parametrize("wrong", ["yesterday", "2026-13-01T09:00", "25:00"])
def test_a_time_that_is_none_is_refused_in_words(signed_in: SignedIn, wrong: str) -> None:
    page = signed_in("desk").post(CALL, WRITTEN | {"record-due_ms": wrong}).content.decode()
    assert "A time looks like 2026-11-02T09:30." in page


def test_nobody_writes_who_only_reads(signed_in: SignedIn) -> None:
    browser = signed_in("auditor")
    assert "<textarea" not in browser.get(CALL).content.decode()
    assert browser.post(CALL, WRITTEN).status_code == 403
    assert browser.post(f"/callbacks/{Promise.objects.all()[0].pk}/done").status_code == 403
    assert not CallRecord.objects.filter(name=NAME).exists()


def test_nobody_writes_at_another_desk(signed_in: SignedIn) -> None:
    assert signed_in("desk").post("/calls/desk-01/4/5", WRITTEN).status_code == 404
    assert not CallRecord.objects.filter(name=NAME).exists()


# ---- who called


def test_only_who_serves_customers_sees_their_names() -> None:
    CallRecord.objects.filter(unit=OWN_DESK).update(name=NAME, contact=CONTACT)
    of_call = f"/calls/{OWN_DESK}/4/1"
    places = [of_call, f"{of_call}/form", "/records?period=month", "/callbacks?which=all&period=month"]
    places += [f"{place}&format={kind}" for place in places[2:] for kind in ("csv", "json")]
    for place in places:
        for role, sees in ((Role.MANAGER, True), (Role.SUPERVISOR, True), (Role.DESK, True), (Role.AUDITOR, False)):
            text = content(by_browser(role)(place))
            assert (NAME in text, CONTACT in text) == (sees, sees), (place, role)
    for name in ("records", "callbacks"):
        path = f"/api/v1/{name}?which=all&period=month"
        assert NAME in content(by_token(Role.DESK)(path))
        assert NAME not in content(by_token(Role.AUDITOR)(path))


def test_whoever_sees_a_record_is_recorded(signed_in: SignedIn) -> None:
    browser = signed_in("desk")
    for path in (CALL, f"{CALL}/form", "/records", "/callbacks"):
        browser.get(path)
    assert list(Seen.objects.order_by("pk").values_list("page", flat=True)) == [
        CALL,
        f"{CALL}/form",
        "/records",
        "/callbacks",
    ]


# ---- outcomes


def test_what_is_entered_stands_in_place_of_what_was_pressed(signed_in: SignedIn) -> None:
    pressed = f"/calls/{OWN_DESK}/4/3"
    CallRecord.objects.all().delete()
    before = kpi("resolution")
    browser = signed_in("desk")
    browser.post(pressed, {"record-resolved": "no"})
    once = kpi("resolution")
    assert (once["k"], once["n"]) == (before["k"] - 1, before["n"])
    browser.post(CALL, {"record-resolved": "yes"})
    assert (kpi("resolution")["k"], kpi("resolution")["n"]) == (before["k"], before["n"] + 1)


def test_a_customer_who_calls_again_within_the_days_was_not_helped(signed_in: SignedIn) -> None:
    CallRecord.objects.all().delete()
    browser = signed_in("desk")
    browser.post(CALL, WRITTEN)
    resolved = kpi("resolution")["k"]
    browser.post(f"/calls/{OWN_DESK}/4/6", {"record-contact": "(138) 1234-5678"})
    assert kpi("resolution")["k"] == resolved - 1
    assert ">yes<" in browser.get("/outcomes?which=revoked&period=today").content.decode()


@given(st.text(max_size=60))
def test_a_contact_is_compared_without_regard_to_how_it_was_written(text: str) -> None:
    assert compared(f"  {text} ") == compared(text) == compared(compared(text))


@pytest.mark.parametrize(
    ("ones", "others", "same"),
    [
        ("138 1234 5678", "138-1234-5678", True),
        ("Wang@Example.org", "wang@example.org ", True),
        ("13812345678", "13812345679", False),
        ("room 12345", "room 12346", False),
        ("", "", True),
    ],
)
def test_contacts_of_the_same_customer_are_the_same(ones: str, others: str, same: bool) -> None:
    assert (compared(ones) == compared(others)) is same


# ---- promised replies


def test_a_promised_reply_is_overdue_on_today_until_it_is_done(signed_in: SignedIn) -> None:
    Promise.objects.all().delete()
    browser = signed_in("desk")
    promise = {"record-promised_what": "回电说明", "record-promised_ms": "2026-11-23T14:29"}
    browser.post(CALL, promise)
    person = Person.objects.get(login="desk")
    assert today_of(person).overdue == 1
    assert (kpi("callbacks")["k"], kpi("callbacks")["n"]) == (0, 1)
    made = Promise.objects.get()
    assert "回电说明" in browser.get("/callbacks?which=overdue").content.decode()
    assert browser.post(f"/callbacks/{made.pk}/done").status_code == 302
    made.refresh_from_db()
    assert (made.done_ms, made.done_by) == (made_up.NOW_MS, person)
    assert today_of(person).overdue == 0
    assert (kpi("callbacks")["k"], kpi("callbacks")["n"]) == (0, 1), "done, but late"


def test_a_reply_needs_a_time_and_is_done_only_once_and_only_at_one_s_own_desk(signed_in: SignedIn) -> None:
    browser = signed_in("desk")
    page = browser.post(CALL, {"record-promised_what": "回电"}).content.decode()
    assert "By when was the reply promised?" in page
    other = Promise.objects.filter(unit="desk-01", done_ms__isnull=True).first()
    assert other is not None
    assert browser.post(f"/callbacks/{other.pk}/done").status_code == 404
    done = Promise.objects.filter(unit=OWN_DESK, done_ms__isnull=False).first()
    assert done is not None
    browser.post(f"/callbacks/{done.pk}/done")
    assert Promise.objects.get(pk=done.pk).done_ms == done.done_ms


@pytest.mark.parametrize(
    ("due_ms", "done_ms", "state"),
    [
        (1_000, None, OVERDUE),
        (2_000, None, SOON),
        (2_000 + SOON_MS, None, SOON),
        (2_001 + SOON_MS, None, OPEN),
        (1_000, 1_000, KEPT),
        (1_000, 1_001, LATE),
    ],
)
def test_how_it_stands_with_a_promise(due_ms: int, done_ms: int | None, state: str) -> None:
    assert state_of(Promise(due_ms=due_ms, done_ms=done_ms), 2_000) == state


# ---- paper, and what is left to do


def test_the_form_for_paper_is_blank_or_tells_all_that_is_known(signed_in: SignedIn) -> None:
    browser = signed_in("desk")
    assert "☐ Complaint" in browser.get("/records/form").content.decode()
    browser.post(CALL, WRITTEN)
    filled = browser.get(f"{CALL}/form").content.decode()
    assert all(
        text in filled for text in (NAME, CONTACT, "询问网点时间", "Consultation", "Resolved", f"{OWN_DESK}/4/5")
    )


def test_today_leads_desk_staff_to_the_calls_that_have_no_record_yet(signed_in: SignedIn) -> None:
    browser = signed_in("desk")
    assert f'href="{CALL}#record"' in browser.get("/today").content.decode()
    browser.post(CALL, WRITTEN)
    assert f'href="{CALL}#record"' not in browser.get("/today").content.decode()
    assert not today_of(Person.objects.get(login="auditor")).to_record
