"""Five minutes before opening every unit is asked to check itself, once, whatever the clock does (R11)."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from thirdring_gateway.domain.hours import MINUTE_MS, OpeningHours
from thirdring_gateway.roll_call import RollCall
from thirdring_unit.core import wire

from tests.gateway.test_domain_hours import SHANGHAI, WEEK, moment

HOURS = OpeningHours(SHANGHAI, WEEK, {date(2026, 11, 4): (), date(2026, 11, 7): ((10 * 60, 12 * 60),)})
UNITS = ["desk-01", "desk-02"]
SUNDAY, MONDAY_8_55 = moment("2026-11-01"), moment("2026-11-02T08:55")


def asked(*moments_ms: int, hours: OpeningHours = HOURS) -> list[tuple[int, str]]:
    """When somebody is asked, and in which request, if the clock shows these moments."""
    roll_call = RollCall(moments_ms[0])
    return [
        (now_ms, wire.decode("cmd", payload)["id"])
        for now_ms in moments_ms
        for topic, payload in roll_call.due(now_ms, hours, "b12", UNITS)
        if topic.endswith("/desk-01/cmd")
    ]


def test_every_unit_is_asked_for_its_self_check_five_minutes_before_opening() -> None:
    roll_call = RollCall(MONDAY_8_55 - 1)
    assert roll_call.due(MONDAY_8_55, HOURS, "b12", UNITS) == []
    questions = roll_call.due(MONDAY_8_55 + 1, HOURS, "b12", UNITS)
    assert [topic for topic, _ in questions] == ["thirdring/1/b12/desk-01/cmd", "thirdring/1/b12/desk-02/cmd"]
    assert wire.decode("cmd", questions[0][1]) == {"id": "opening-2026-11-02", "do": "self-check"}
    assert roll_call.due(MONDAY_8_55 + 1_000, HOURS, "b12", UNITS) == []


@given(st.lists(st.integers(1, 7_200), min_size=200, max_size=400))
def test_each_morning_is_asked_once_but_not_on_holidays_nor_after_lunch(steps_s: list[int]) -> None:
    moments_ms = [SUNDAY]
    for step_s in steps_s:
        moments_ms.append(moments_ms[-1] + step_s * 1_000)
    expected = [
        f"opening-2026-11-{day:02}"
        for day, at in ((2, "08:55"), (3, "08:55"), (5, "08:55"), (6, "08:55"), (7, "09:55"), (9, "08:55"))
        if moment(f"2026-11-{day:02}T{at}") < moments_ms[-1]
    ]
    assert [request for _, request in asked(*moments_ms) if request <= "opening-2026-11-09"] == expected


def test_a_clock_that_is_set_back_asks_again_and_one_that_is_set_on_asks_for_the_last_morning_it_passed() -> None:
    later = MONDAY_8_55 + 2 * MINUTE_MS
    assert len(asked(MONDAY_8_55 - MINUTE_MS, later, MONDAY_8_55 - MINUTE_MS, later)) == 2
    assert asked(SUNDAY, moment("2026-11-06T12:00")) == [(moment("2026-11-06T12:00"), "opening-2026-11-06")]


def test_a_branch_that_never_closes_never_opens() -> None:
    assert asked(*range(SUNDAY, SUNDAY + 3 * 86_400_000, 60_000), hours=OpeningHours(SHANGHAI)) == []
