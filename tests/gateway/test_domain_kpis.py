"""Each KPI of the design with its edges, on a day told in a few facts."""

import json

import pytest
from thirdring_gateway.domain.hours import OpeningHours
from thirdring_gateway.domain.settings import BranchSettings, Tier

from tests.gateway.domain_desk import MINUTE, MONDAY_9_MS, SECOND, Desk, day_report, kpi, listed

DAYTIME = BranchSettings("b12", hours=OpeningHours(week=(((540, 1020),),) * 7))


def test_six_of_six_timely_is_61_to_100_percent() -> None:
    desk = Desk()
    for call in range(1, 7):
        desk.answer(call * MINUTE, call, rings=3)
    value = kpi(desk, "timely_answer")
    assert (value["k"], value["n"], value["rate"], value["unclassified"]) == (6, 6, 1.0, 0)
    assert value["low"] == pytest.approx(0.61, abs=0.005)
    assert value["high"] == 1.0


def test_a_call_is_late_from_the_fourth_ring_on() -> None:
    desk = Desk()
    desk.answer(0, 1, rings=3)
    desk.answer(MINUTE, 2, rings=4)
    assert (kpi(desk, "timely_answer")["k"], kpi(desk, "timely_answer")["n"]) == (1, 2)


def test_an_unknown_ring_count_is_excluded_and_counted() -> None:
    desk = Desk()
    desk.answer(0, 1, rings=None)
    value = kpi(desk, "timely_answer")
    assert (value["n"], value["rate"], value["low"], value["unclassified"]) == (0, None, None, 1)


def test_dialled_and_test_calls_are_out_of_every_answer_kpi() -> None:
    desk = Desk()
    desk.tell(0, "dialled", call=1)
    desk.tell(MINUTE, "ring", call=2, n=1)
    desk.tell(MINUTE, "answered", call=2, rings=1, rings_completed=1, wait_ms=0, test=True)
    for name in ("timely_answer", "reach", "timely_of_offered"):
        assert kpi(desk, name)["n"] == 0
    assert kpi(desk, "answer_time")["count"] == 0


def test_a_missed_call_counts_from_five_seconds_of_ringing() -> None:
    desk = Desk()
    desk.answer(0, 1)
    desk.miss(MINUTE, 2, wait_ms=5_000)
    desk.miss(2 * MINUTE, 3, wait_ms=4_999)
    desk.miss(3 * MINUTE, 4, wait_ms=None)
    value = kpi(desk, "reach")
    assert (value["k"], value["n"], value["short"], value["unknown"]) == (1, 2, 1, 1)
    assert kpi(desk, "timely_of_offered")["n"] == 2


def test_calls_out_of_hours_stand_apart() -> None:
    desk = Desk()
    desk.answer(0, 1)
    desk.answer(8 * 60 * MINUTE - 1, 2)
    desk.answer(8 * 60 * MINUTE, 3)
    desk.miss(9 * 60 * MINUTE, 4, wait_ms=9_000)
    value = kpi(desk, "reach", DAYTIME)
    assert (value["k"], value["n"], value["out_of_hours"]) == (2, 2, 2)
    assert [row["call"] for row in listed(desk, "out_of_hours", DAYTIME)] == ["desk-07/1/3", "desk-07/1/4"]


def test_answer_time_is_exact_by_nearest_rank() -> None:
    desk = Desk()
    for call in range(1, 11):
        desk.answer(call * MINUTE, call, wait_ms=call * SECOND)
    assert kpi(desk, "answer_time") == {
        "count": 10,
        "total_ms": 55_000,
        "mean_ms": 5_500,
        "median_ms": 5_000,
        "p90_ms": 9_000,
        "max_ms": 10_000,
        "unknown": 0,
    }


def test_a_hold_of_exactly_sixty_seconds_passes() -> None:
    desk = Desk()
    for call, held_ms in ((1, 60_000), (2, 60_001)):
        desk.answer(call * 10 * MINUTE, call)
        desk.hold(call * 10 * MINUTE + MINUTE, call, held_ms)
        desk.end(call * 10 * MINUTE + 5 * MINUTE, call)
    assert (kpi(desk, "hold_over_limit")["k"], kpi(desk, "hold_over_limit")["n"]) == (1, 2)


def test_two_short_holds_are_no_hold_over_the_limit_but_add_up() -> None:
    desk = Desk()
    desk.answer(0, 1)
    desk.hold(MINUTE, 1, 40_000)
    desk.hold(3 * MINUTE, 1, 40_000)
    desk.end(5 * MINUTE, 1)
    assert kpi(desk, "hold_over_limit")["k"] == 0
    value = kpi(desk, "hold")
    assert (value["count"], value["total_ms"], value["segments"]) == (1, 80_000, 2)


def test_a_hold_without_a_known_end_is_excluded_and_counted() -> None:
    desk = Desk()
    desk.answer(0, 1)
    desk.tell(MINUTE, "held", call=1, how="key")
    value = kpi(desk, "hold")
    assert (value["count"], value["unknown"], value["not_monitored"]) == (0, 1, 0)
    assert (kpi(desk, "hold_over_limit")["n"], kpi(desk, "hold_over_limit")["unknown"]) == (0, 1)


def test_a_hold_counts_in_a_dialled_call_and_not_in_a_test_call() -> None:
    desk = Desk()
    desk.tell(0, "dialled", call=1)
    desk.hold(MINUTE, 1, 70_000)
    desk.tell(9 * MINUTE, "answered", call=2, rings=1, wait_ms=0, test=True)
    desk.hold(10 * MINUTE, 2, 70_000)
    assert (kpi(desk, "hold")["count"], kpi(desk, "hold")["segments"]) == (1, 1)
    assert [row["call"] for row in listed(desk, "holds_over_limit")] == ["desk-07/1/1"]


def test_a_hold_ends_with_its_call() -> None:
    desk = Desk()
    desk.answer(0, 1)
    desk.tell(MINUTE, "held", call=1, how="key")
    desk.end(3 * MINUTE, 1)
    assert kpi(desk, "hold")["total_ms"] == 2 * MINUTE


def test_the_mean_hold_per_answered_call_counts_calls_that_were_not_held() -> None:
    desk = Desk()
    desk.answer(0, 1)
    desk.hold(MINUTE, 1, 30_000)
    desk.end(5 * MINUTE, 1, held_ms=30_000)
    desk.answer(10 * MINUTE, 2)
    desk.end(15 * MINUTE, 2, held_ms=0)
    desk.answer(20 * MINUTE, 3)
    desk.end(25 * MINUTE, 3)  # holds are not monitored
    value = kpi(desk, "hold")
    assert (value["mean_ms"], value["mean_per_answered_ms"], value["not_monitored"]) == (30_000, 15_000, 1)


def test_a_vip_wait_of_exactly_the_limit_passes() -> None:
    desk = Desk()
    for number, wait_ms in ((1, 600_000), (2, 600_001)):
        desk.tell(number * SECOND, "vip_in", ticket=f"1.{number}", tier=1)
        desk.tell(number * SECOND + wait_ms, "vip_served", ticket=f"1.{number}", wait_ms=wait_ms)
    assert (kpi(desk, "vip_over_limit")["k"], kpi(desk, "vip_over_limit")["n"]) == (1, 2)
    assert kpi(desk, "vip_wait")["max_ms"] == 600_001


def test_a_vip_who_left_late_counts_and_one_who_still_waits_counts_only_when_late() -> None:
    desk = Desk()
    desk.tell(0, "vip_in", ticket="1.1", tier=2)
    desk.tell(SECOND, "vip_in", ticket="1.2", tier=2)
    desk.tell(6 * MINUTE, "vip_left", ticket="1.1")
    desk.tell(6 * MINUTE, "vip_in", ticket="1.3", tier=1)
    assert (kpi(desk, "vip_over_limit")["k"], kpi(desk, "vip_over_limit")["n"]) == (2, 2)


def test_the_waiting_time_is_that_of_the_served_and_the_others_are_counted_beside_it() -> None:
    desk = Desk()
    for number in (1, 2, 3):
        desk.tell(number * SECOND, "vip_in", ticket=f"1.{number}", tier=1)
    desk.tell(MINUTE, "vip_served", ticket="1.1", wait_ms=59_000)
    desk.tell(9 * MINUTE, "vip_left", ticket="1.2", wait_ms=538_000)
    value = kpi(desk, "vip_wait")
    assert (value["count"], value["max_ms"], value["left"], value["waiting"]) == (1, 59_000, 1, 1)


def test_a_limit_that_was_changed_holds_for_those_who_came_after_it() -> None:
    desk = Desk()
    for number, up_ms in ((1, 0), (2, 30 * MINUTE)):
        desk.tell(up_ms, "vip_in", ticket=f"1.{number}", tier=1)
        desk.tell(up_ms + 5 * MINUTE, "vip_served", ticket=f"1.{number}", wait_ms=5 * MINUTE)
    changed = BranchSettings("b12", tiers=(Tier(1, 60_000, since_ms=MONDAY_9_MS + 30 * MINUTE), Tier(1, 600_000)))
    assert (kpi(desk, "vip_over_limit", changed)["k"], kpi(desk, "vip_over_limit", changed)["n"]) == (1, 2)


def test_a_limit_that_the_unit_froze_at_arrival_wins_over_the_branchs() -> None:
    desk = Desk()
    desk.tell(0, "vip_in", ticket="1.1", tier=1, limit_ms=60_000)
    desk.tell(2 * MINUTE, "vip_served", ticket="1.1", wait_ms=2 * MINUTE)
    assert kpi(desk, "vip_over_limit")["k"] == 1


def test_a_visit_of_a_tier_without_a_limit_is_unknown() -> None:
    desk = Desk()
    desk.tell(0, "vip_in", ticket="1.1", tier=7)
    desk.tell(2 * MINUTE, "vip_served", ticket="1.1", wait_ms=2 * MINUTE)
    assert (kpi(desk, "vip_over_limit")["n"], kpi(desk, "vip_over_limit")["unknown"]) == (0, 1)


def test_who_hung_up_is_a_rate_of_what_is_known() -> None:
    desk = Desk()
    for call, by in enumerate(("caller", "caller", "agent", "unknown"), 1):
        desk.answer(call * MINUTE, call)
        desk.end(call * MINUTE + 30 * SECOND, call, by=by)
    value = kpi(desk, "caller_hung_up_first")
    assert (value["k"], value["n"], value["unknown"]) == (2, 3, 1)


def test_presses_within_five_seconds_are_one_rating_the_last_one() -> None:
    desk = Desk()
    for up_ms, score in ((0, 1), (4 * SECOND, 5), (MINUTE, 3)):
        desk.tell(up_ms, "rated", score=score)
    assert (kpi(desk, "satisfaction")["k"], kpi(desk, "satisfaction")["n"]) == (1, 2)


def test_response_is_ratings_per_service() -> None:
    desk = Desk()
    desk.answer(0, 1)
    desk.tell(MINUTE, "service", began=True)
    desk.tell(2 * MINUTE, "service", began=False)
    desk.tell(2 * MINUTE, "vip_in", ticket="1.1", tier=1)
    desk.tell(2 * MINUTE, "vip_in", ticket="1.2", tier=1)
    desk.tell(3 * MINUTE, "vip_served", ticket="1.1", wait_ms=MINUTE)
    desk.tell(3 * MINUTE, "vip_left", ticket="1.2")
    desk.tell(3 * MINUTE, "rated", score=5, call=1)
    assert (kpi(desk, "response")["k"], kpi(desk, "response")["n"]) == (1, 3)


def test_resolution_counts_what_was_recorded_and_says_what_was_not() -> None:
    desk = Desk()
    for call in (1, 2, 3):
        desk.answer(call * MINUTE, call)
    desk.tell(5 * MINUTE, "outcome", resolved=False, call=1)
    desk.tell(6 * MINUTE, "outcome", resolved=True, call=1)  # corrected: the last one counts
    desk.tell(7 * MINUTE, "outcome", resolved=False, call=2)
    value = kpi(desk, "resolution")
    assert (value["k"], value["n"], value["unrecorded"]) == (1, 2, 1)


def test_coverage_is_open_minutes_between_signs_of_life() -> None:
    desk = Desk()
    desk.tell(0, "boot")
    desk.answer(4 * 60 * MINUTE, 1, wait_ms=0)
    value = kpi(desk, "coverage", DAYTIME)
    assert (value["k"], value["n"]) == (240, 480)


def test_a_report_of_nothing_is_null_and_not_zero() -> None:
    report = day_report()
    kpis = report["kpis"]
    assert isinstance(kpis, dict)
    assert all(value.get("rate") is None and value.get("mean_ms") is None for value in kpis.values())
    assert json.dumps(report, allow_nan=False)


def test_a_late_answer_is_listed_with_the_key_of_its_call() -> None:
    desk = Desk()
    desk.answer(0, 1, rings=3)
    desk.answer(MINUTE, 2, rings=4, wait_ms=17_000)
    lists = day_report(desk)["lists"]
    assert isinstance(lists, dict)
    assert [(row["call"], row["start"], row["wait_ms"]) for row in lists["late_answers"]] == [
        ("desk-07/1/2", "2026-11-02T09:01:00.000+08:00", 17_000)
    ]


def test_a_boot_that_never_knew_the_time_is_in_no_period() -> None:
    desk = Desk()
    desk.restart(None)
    desk.answer(0, 1)
    assert desk.records().calls[0].wait_ms == 2_000
    assert desk.records().calls[0].start_ms is None
    assert kpi(desk, "timely_answer")["n"] == 0


def test_a_call_cut_by_a_restart_is_one_call_with_its_rest() -> None:
    desk = Desk()
    desk.tell(0, "ring", call=1, n=1)
    desk.restart(MONDAY_9_MS + 20 * SECOND)
    desk.tell(2 * SECOND, "answered", call=1, rings=None, rings_completed=None, wait_ms=None)
    (call,) = desk.records().calls
    assert (call.key, call.start_ms, call.verdict, call.rings) == ("desk-07/1/1", MONDAY_9_MS, "answered", None)
    assert (kpi(desk, "reach")["n"], kpi(desk, "timely_answer")["unclassified"]) == (1, 1)
