"""Opening hours in the branch's time zone: lunch, holidays, made-up working days, summer time."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from thirdring_gateway.domain.hours import (
    HOUR_MS,
    MINUTE_MS,
    OpeningHours,
    Period,
    covered_minutes,
    hour_start_ms,
    merged,
    midnight_ms,
    overlap,
    whole_minutes,
)

SHANGHAI = "Asia/Shanghai"
OFFICE = ((9 * 60, 12 * 60), (13 * 60 + 30, 17 * 60 + 30))
WEEK = (OFFICE,) * 5 + ((), ())


def moment(text: str, zone: str = SHANGHAI) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


def test_a_lunch_break_is_closed() -> None:
    hours = OpeningHours(SHANGHAI, WEEK)
    monday = hours.open_periods(moment("2026-11-02"), moment("2026-11-03"))
    assert monday == [
        (moment("2026-11-02T09:00"), moment("2026-11-02T12:00")),
        (moment("2026-11-02T13:30"), moment("2026-11-02T17:30")),
    ]


def test_holidays_and_made_up_working_days_replace_the_weekday() -> None:
    holiday, made_up = date(2026, 10, 1), date(2026, 10, 10)  # a Thursday and a Saturday
    hours = OpeningHours(SHANGHAI, WEEK, {holiday: (), made_up: OFFICE})
    assert hours.open_periods(moment("2026-10-01"), moment("2026-10-02")) == []
    assert whole_minutes(hours.open_periods(moment("2026-10-10"), moment("2026-10-11"))) == 7 * 60


def test_what_no_manager_has_set_is_open_always() -> None:
    day = (moment("2026-11-02"), moment("2026-11-04"))
    assert OpeningHours().open_periods(*day) == [day]


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-01", 24)])
def test_a_day_of_summer_time_change_has_its_true_length(day: str, hours: int) -> None:
    start = date.fromisoformat(day)
    from_ms, to_ms = (
        midnight_ms(start, "Europe/Berlin"),
        midnight_ms(date.fromordinal(start.toordinal() + 1), "Europe/Berlin"),
    )
    assert to_ms - from_ms == hours * HOUR_MS
    opened = OpeningHours("Europe/Berlin").open_periods(from_ms, to_ms)
    assert whole_minutes(opened) == hours * 60


def test_an_opening_across_the_hour_that_comes_twice_is_an_hour_longer() -> None:
    hours = OpeningHours("Europe/Berlin", (((60, 180),),) * 7)
    sunday = midnight_ms(date(2026, 10, 25), "Europe/Berlin")
    assert whole_minutes(hours.open_periods(sunday, sunday + 25 * HOUR_MS)) == 180


def test_local_hours_begin_where_the_wall_clock_says_so() -> None:
    for zone in (SHANGHAI, "Asia/Kolkata", "Europe/Berlin"):
        assert hour_start_ms(moment("2026-11-02T10:59:59", zone), zone) == moment("2026-11-02T10:00", zone)
        assert hour_start_ms(moment("2026-11-02T10:00", zone), zone) == moment("2026-11-02T10:00", zone)


def test_both_hours_that_are_called_two_oclock_are_kept_apart() -> None:
    first = moment("2026-10-25T02:30", "Europe/Berlin")
    assert hour_start_ms(first + HOUR_MS, "Europe/Berlin") == hour_start_ms(first, "Europe/Berlin") + HOUR_MS


def test_a_minute_is_covered_only_as_a_whole_and_only_once() -> None:
    opened = [(0, 10 * MINUTE_MS)]
    assert covered_minutes(opened, [(0, 90_000)]) == (1, 10)
    assert covered_minutes(opened, [(30_000, 150_000)]) == (1, 10)
    assert covered_minutes(opened, [(30_000, 120_000), (60_000, 180_000), (60_000, 180_000)]) == (2, 10)
    assert covered_minutes(opened, []) == (0, 10)


periods = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda p: (min(p), max(p))), max_size=8)


@given(periods, periods)
def test_merging_and_overlap_are_those_of_sets(ones: list[Period], others: list[Period]) -> None:
    def points(many: list[Period]) -> set[int]:
        return {point for start, end in many for point in range(start, end)}

    assert points(merged(ones)) == points(ones)
    assert points(overlap(merged(ones), merged(others))) == points(ones) & points(others)
