"""When a report is due: once for each period, the oldest first, and no flood from a wrong clock."""

from collections.abc import Callable
from datetime import date, datetime

from hypothesis import given
from hypothesis import strategies as st
from thirdring_gateway.sending.plan import MOST, Plan, due, due_ms, may_try, next_due_ms
from thirdring_gateway.web.period import ONE_DAY, Period, around

from tests.web.sending import ZONE, at


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
