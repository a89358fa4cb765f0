"""The branch's settings: what is typed, what is stored, what is recorded."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from thirdring_gateway.accounts.models import Change, Person
from thirdring_gateway.branch import store
from thirdring_gateway.branch.hours import HoursError, parse_days, parse_hours, written_days, written_hours
from thirdring_gateway.domain.hours import OpeningHours
from thirdring_gateway.domain.settings import BranchSettings, Tier
from thirdring_gateway.sending.store import PLANS, SERVER
from thirdring_gateway.web import numbers
from thirdring_gateway.web.setting_forms import SETTING_TITLES
from thirdring_gateway.web.views.sending import PASSWORD_CHANGED

from tests.web.conftest import SignedIn

minutes = st.lists(st.integers(0, 1440), min_size=2, max_size=8, unique=True).map(sorted)
periods = minutes.map(lambda each: [(each[i], each[i + 1]) for i in range(0, len(each) - 1, 2)])
days = st.dictionaries(st.dates(date(2020, 1, 1), date(2030, 1, 1)), periods, max_size=8)


@given(periods)
def test_hours_that_were_written_are_understood_again(hours: list[tuple[int, int]]) -> None:
    assert parse_hours(written_hours(hours, "closed")) == hours


@given(days)
def test_days_that_were_written_are_understood_again(own: dict[date, list[tuple[int, int]]]) -> None:
    assert parse_days(written_days(own, "休息")) == {day.isoformat(): hours for day, hours in own.items()}


def test_hours_are_understood_as_people_type_them() -> None:
    assert parse_hours("9:00-12:00,13:30 – 17:30") == [(540, 720), (810, 1050)]
    assert parse_hours("09:00至12:00，13:30至24:00") == [(540, 720), (810, 1440)]
    assert parse_hours("休息") == parse_hours("") == []
    week = parse_days("2026-10-01..2026-10-07 closed\n\n2026-10-10 09:00-17:30")
    assert len(week) == 8
    assert (week["2026-10-07"], week["2026-10-10"]) == ([], [(540, 1050)])


@pytest.mark.parametrize("text", ["9-5", "25:00-26:00", "12:00-09:00", "09:00-12:00, 11:00-13:00", "09:61-10:00", "x"])
def test_what_is_no_opening_time_is_named(text: str) -> None:
    with pytest.raises(HoursError):
        parse_hours(text)


@pytest.mark.parametrize(
    "text", ["2026-02-30 closed", "tomorrow closed", "2026-10-07..2026-10-01 closed", "2026-10-01 9"]
)
def test_what_is_no_day_is_named(text: str) -> None:
    with pytest.raises(HoursError):
        parse_days(text)


def form(**changed: str) -> dict[str, str]:
    usual = {"timely_rings": "3", "hold_limit_s": "60", "short_s": "5", "near_percent": "80", "satisfied_score": "4"}
    return usual | {"coverage_percent": "90", "tier_1": "10", "tier_2": "5"} | changed


def test_a_change_is_recorded_with_who_and_the_old_value_and_counts_at_once(signed_in: SignedIn) -> None:
    browser = signed_in("manager")
    before = numbers.settings()
    assert browser.post("/settings/limits", form(timely_rings="2", target_reach="97")).status_code == 302
    after = numbers.settings()
    assert (before.timely_rings, after.timely_rings, after.targets_percent) == (3, 2, {"reach": 97})
    rows = Change.objects.values_list("person__login", "what", "old", "new")
    recorded = {(login, what, str(old), str(new)) for login, what, old, new in rows}
    assert recorded == {
        ("manager", "timely_rings", "3", "2"),
        ("manager", "targets_percent", "{}", "{'reach': 97}"),
    }


def test_saving_without_a_change_records_nothing(signed_in: SignedIn) -> None:
    assert signed_in("manager").post("/settings/limits", form()).status_code == 302
    assert (Change.objects.count(), store.revision()) == (0, 0)


@pytest.mark.usefixtures("branch")
def test_settings_that_were_written_are_read_again() -> None:
    hours = OpeningHours("Europe/Berlin", (((540, 720), (810, 1050)),) * 5 + ((), ()), {date(2026, 10, 1): ()})
    tiers = (Tier(1, 480_000), Tier(1, 300_000, 1_795_000_000_000))
    settings = BranchSettings("b12", hours, 2, 45_000, 4_000, 70, 5, tiers=tiers, targets_percent={"reach": 95})
    assert store.settings_of(BranchSettings("b12"), json.loads(json.dumps(store.values_of(settings)))) == settings


def test_a_new_vip_limit_leaves_those_alone_who_came_before(signed_in: SignedIn) -> None:
    signed_in("manager").post("/settings/limits", form(tier_1="3"))
    branch, now = numbers.settings(), numbers.now_ms()
    assert branch.vip_limit_ms(1, now - 1) == 600_000
    assert branch.vip_limit_ms(1, now) == 180_000
    assert branch.vip_limit_ms(2, now) == 300_000


def test_hours_with_lunch_holidays_and_a_made_up_day_are_stored(signed_in: SignedIn) -> None:
    given_hours = {f"day_{place}": "09:00-12:00, 13:30-17:30" for place in range(5)}
    typed = given_hours | {"zone": "Asia/Shanghai", "days": "2026-10-01..2026-10-03 休息\n2026-10-10 09:00-17:00"}
    assert signed_in("manager").post("/settings", typed).status_code == 302
    hours = numbers.settings().hours
    assert hours.of_day(date(2026, 11, 23)) == ((540, 720), (810, 1050))
    assert hours.of_day(date(2026, 10, 2)) == hours.of_day(date(2026, 11, 22)) == ()
    assert hours.of_day(date(2026, 10, 10)) == ((540, 1020),)


def test_a_mistake_is_named_beside_its_field_and_nothing_is_stored(signed_in: SignedIn) -> None:
    page = signed_in("manager").post("/settings", {"zone": "Mars/Base", "day_0": "9-5", "days": "soon"})
    text = page.content.decode()
    assert text.count('role="alert"') == 3
    assert store.revision() == 0


@pytest.mark.usefixtures("branch")
def test_what_nobody_changed_is_as_the_gateway_was_configured() -> None:
    base = BranchSettings(branch="b99", timely_rings=4)
    assert store.load(base) == base
    store.save("timely_rings", 2)
    assert store.load(base).timely_rings == 2


def test_a_desk_gets_a_name_that_every_page_uses(signed_in: SignedIn) -> None:
    browser = signed_in("facilities")
    names = {f"title-desk-0{n}": "" for n in (1, 2, 3, 4)} | {"title-desk-02": "<b>Two</b>"}
    assert browser.post("/settings/desks", names).status_code == 302
    page = browser.get("/live").content.decode()
    assert "&lt;b&gt;Two&lt;/b&gt;" in page
    assert "<b>Two" not in page
    assert Change.objects.get().what == "desk desk-02"


def test_the_last_manager_cannot_be_sent_away(signed_in: SignedIn) -> None:
    browser, manager = signed_in("manager"), Person.objects.get(login="manager")
    typed = {"name": "x", "login": "manager", "role": "auditor", "is_active": "on"}
    assert browser.post(f"/settings/people/{manager.pk}", typed).status_code == 200
    manager.refresh_from_db()
    assert manager.role == "manager"


def test_a_person_is_added_without_a_password_and_gets_a_link(signed_in: SignedIn) -> None:
    browser = signed_in("manager")
    typed = {"name": "李明", "login": "li", "role": "supervisor", "desks": ["desk-01"], "is_active": "on"}
    page = browser.post("/settings/people/new", typed).content.decode()
    assert "/welcome/" in page
    made = Person.objects.get(login="li")
    assert not made.has_usable_password()
    assert made.desks == ["desk-01"]
    assert Change.objects.get().new["role"] == "supervisor"


def test_every_setting_that_can_change_is_named_in_the_record() -> None:
    reporting = {PLANS, SERVER, PASSWORD_CHANGED}
    assert set(store.values_of(BranchSettings())) | reporting == set(SETTING_TITLES)
