"""The report: the same to the byte whatever the order of what it is made of, and every number traceable."""

import json
import random
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from thirdring_gateway.domain.calls import Call, Mark, Records, Visit
from thirdring_gateway.domain.figures import Spread
from thirdring_gateway.domain.hours import HOUR_MS, OpeningHours
from thirdring_gateway.domain.lists import LISTS
from thirdring_gateway.domain.report import DeskData, Question, report
from thirdring_gateway.domain.settings import BranchSettings
from thirdring_gateway.domain.sums import SumsRow, added, by_hour, sums_of

from tests.gateway.domain_desk import MINUTE, MONDAY, MONDAY_9_MS, SECOND, Desk, day_report, days, listed

DAYTIME = BranchSettings("b12", hours=OpeningHours(week=(((540, 1020),),) * 7))
BEHIND: list[tuple[str, Callable[[dict[str, int]], int], str]] = [
    ("timely_answer", lambda value: value["n"] - value["k"], "late_answers"),
    ("timely_answer", lambda value: value["unclassified"], "unclassified"),
    ("reach", lambda value: value["n"] - value["k"] + value["unknown"], "missed"),
    ("reach", lambda value: value["short"], "short"),
    ("reach", lambda value: value["out_of_hours"], "out_of_hours"),
    ("reach", lambda value: value["cut"], "cut"),
    ("hold_over_limit", lambda value: value["k"], "holds_over_limit"),
    ("vip_over_limit", lambda value: value["k"], "vip_over_limit"),
    ("caller_hung_up_first", lambda value: value["n"] - value["k"], "agent_hung_up_first"),
]


def unknown_or(numbers: st.SearchStrategy[int]) -> st.SearchStrategy[int | None]:
    return st.none() | numbers


spans = st.integers(0, 120_000)
scores = st.integers(0, 1)
starts = st.integers(MONDAY.from_ms - HOUR_MS, MONDAY.to_ms + HOUR_MS)


@st.composite
def desk_records(draw: st.DrawFn) -> Records:
    """A desk's day of any calls, visits and marks, whose hours reach over its midnights."""
    calls = [
        Call(
            "desk-07", 1, number, draw(unknown_or(starts)), 0,
            draw(st.sampled_from(["answered", "missed", "dialled", "cut"])),
            rings=draw(unknown_or(st.integers(0, 9))), wait_ms=draw(unknown_or(spans)),
            held_ms=draw(unknown_or(spans)), by=draw(st.sampled_from([None, "caller", "agent", "unknown"])),
        )
        for number in range(1, draw(st.integers(1, 12)))
    ]  # fmt: skip
    visits = [
        Visit("desk-07", f"1.{number}", draw(unknown_or(starts)), draw(unknown_or(st.integers(1, 3))), None,
              draw(st.sampled_from(["waiting", "served", "left"])), draw(unknown_or(st.integers(0, 900_000))))
        for number in range(draw(st.integers(0, 4)))
    ]  # fmt: skip
    marks = [
        Mark("desk-07", 1, seq, draw(starts), draw(st.sampled_from(["rated", "outcome", "service"])), draw(scores))
        for seq in range(draw(st.integers(0, 6)))
    ]  # fmt: skip
    return Records(tuple(calls), tuple(visits), tuple(marks))


def rows_of(records: Records) -> list[SumsRow]:
    return [sums_of(hour).row() for hour in by_hour(records, "Asia/Shanghai").values()]


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Europe/Berlin", "Australia/Lord_Howe"])
@given(records=desk_records(), chance=st.randoms(use_true_random=False))
def test_a_day_made_again_hour_by_hour_in_any_order_is_the_day_made_at_once(
    zone: str, records: Records, chance: random.Random
) -> None:
    hours = by_hour(records, zone)
    at_once = added([sums_of(hour).row() for hour in hours.values()])
    again = at_once
    for hour_ms in chance.sample([*hours, *hours], k=2 * len(hours)):
        again = again.with_hour(hour_ms, sums_of(hours[hour_ms]), zone)
    assert again.row() == at_once.row()
    for hour_ms in chance.sample([*hours], k=len(hours)):
        again = again.with_hour(hour_ms, sums_of(Records()), zone)
    assert again.row() == added([]).row()


def text_of(records: list[Records], chance: random.Random) -> str:
    """The report as bytes would have it, from rows of parts in a random order."""
    rows = [row for part in records for row in rows_of(part)]
    chance.shuffle(rows)
    desks = {"desk-07": DeskData(rows, [(MONDAY_9_MS, MONDAY.to_ms)]), "desk-01": DeskData()}
    if chance.random() < 0.5:
        desks = dict(reversed(desks.items()))
    return json.dumps(report(MONDAY, DAYTIME, desks), allow_nan=False)


def batches_of(records: Records, chance: random.Random) -> list[Records]:
    """The records dealt out to three batches."""
    calls, visits, marks = (
        [chance.randrange(3) for _ in items] for items in (records.calls, records.visits, records.marks)
    )
    return [
        Records(
            tuple(call for call, batch in zip(records.calls, calls, strict=True) if batch == number),
            tuple(visit for visit, batch in zip(records.visits, visits, strict=True) if batch == number),
            tuple(mark for mark, batch in zip(records.marks, marks, strict=True) if batch == number),
        )
        for number in range(3)
    ]


@settings(max_examples=60)
@given(desk_records(), st.randoms(use_true_random=False))
def test_any_split_into_batches_and_any_order_gives_the_same_bytes(records: Records, chance: random.Random) -> None:
    assert text_of(batches_of(records, chance), chance) == text_of([records], chance)


@settings(max_examples=60)
@given(days(), st.randoms(use_true_random=False))
def test_facts_in_any_order_and_told_twice_give_the_same_bytes(desk: Desk, chance: random.Random) -> None:
    again = replace(desk, facts=desk.facts + chance.choices(desk.facts, k=9) if desk.facts else [])
    chance.shuffle(again.facts)
    assert json.dumps(day_report(again)) == json.dumps(day_report(desk))


@settings(max_examples=60)
@given(desk_records())
def test_sums_of_hours_add_up_to_the_sums_of_the_day(records: Records) -> None:
    assert added(rows_of(records)).row() == added([sums_of(records).row()]).row()


@settings(max_examples=60)
@given(desk_records())
def test_every_number_equals_the_length_of_the_list_behind_it(records: Records) -> None:
    found = report(MONDAY, DAYTIME, {"desk-07": DeskData(rows_of(records), [(MONDAY_9_MS, MONDAY.to_ms)])})
    kpis, lists = found["kpis"], found["lists"]
    assert isinstance(kpis, dict)
    assert isinstance(lists, dict)
    for key, number, name in BEHIND:
        assert len(lists[name]) == number(kpis[key]), name
    for value in kpis.values():
        if "n" in value and value["low"] is not None:
            assert 0 <= value["low"] <= value["rate"] <= value["high"] <= 1


@settings(max_examples=40)
@given(desk_records())
def test_answer_times_equal_a_count_over_the_plain_calls(records: Records) -> None:
    kpis = report(MONDAY, DAYTIME, {"desk-07": DeskData(rows_of(records))})["kpis"]
    assert isinstance(kpis, dict)
    waits = [
        call.wait_ms
        for call in records.calls
        if call.verdict == "answered" and call.start_ms and MONDAY.from_ms <= call.start_ms < MONDAY.to_ms
    ]
    known = [wait_ms for wait_ms in waits if wait_ms is not None]
    unknown = {"unknown": len(waits) - len(known)}
    assert kpis["answer_time"] == Spread(np.array(known, np.int64), unknown).as_dict()


@settings(max_examples=40)
@given(desk_records())
def test_rates_equal_a_count_over_the_plain_calls(records: Records) -> None:
    kpis = report(MONDAY, DAYTIME, {"desk-07": DeskData(rows_of(records))})["kpis"]
    assert isinstance(kpis, dict)
    today = [call for call in records.calls if call.start_ms and MONDAY.from_ms <= call.start_ms < MONDAY.to_ms]
    answered = [call for call in today if call.verdict == "answered"]
    counted = [call for call in answered if call.rings is not None]
    open_to_ms = MONDAY_9_MS + 8 * HOUR_MS
    in_hours = [call for call in today if MONDAY_9_MS <= (call.start_ms or 0) < open_to_ms]
    reached = [call for call in in_hours if call.verdict == "answered"]
    lost = [call for call in in_hours if call.verdict == "missed" and (call.wait_ms or 0) >= 5_000]
    ended = [call.by for call in answered if call.by in ("caller", "agent")]
    expected = {
        "timely_answer": (sum((call.rings or 0) <= 3 for call in counted), len(counted)),
        "reach": (len(reached), len(reached) + len(lost)),
        "timely_of_offered": (
            sum(call.rings is not None and call.rings <= 3 for call in reached),
            len(reached) + len(lost),
        ),
        "caller_hung_up_first": (ended.count("caller"), len(ended)),
    }
    assert {name: (kpis[name]["k"], kpis[name]["n"]) for name in expected} == expected


def test_a_period_ends_before_its_last_moment() -> None:
    desk = Desk()
    desk.answer(0, 1)
    desk.answer(MINUTE, 2)
    question = Question(MONDAY_9_MS, MONDAY_9_MS + MINUTE)
    kpis = report(question, BranchSettings("b12"), {"desk-07": DeskData(desk.rows(), desk.evidence())})["kpis"]
    assert isinstance(kpis, dict)
    assert kpis["timely_answer"]["n"] == 1


def test_minutes_that_are_still_to_come_are_not_uncovered() -> None:
    question = replace(MONDAY, as_of_ms=MONDAY_9_MS + 60 * MINUTE)
    desk = DeskData(evidence=[(MONDAY_9_MS, MONDAY_9_MS + 60 * MINUTE)])
    kpis = report(question, DAYTIME, {"desk-07": desk})["kpis"]
    assert isinstance(kpis, dict)
    assert (kpis["coverage"]["k"], kpis["coverage"]["n"]) == (60, 60)


def test_the_branch_is_all_its_desks_together() -> None:
    one, two = Desk("desk-01"), Desk("desk-02")
    one.answer(0, 1, rings=1)
    two.answer(0, 1, rings=9)
    found = day_report(two, one)
    kpis, desks = found["kpis"], found["desks"]
    assert isinstance(kpis, dict)
    assert isinstance(desks, dict)
    assert (kpis["timely_answer"]["k"], kpis["timely_answer"]["n"]) == (1, 2)
    assert [(unit, value["timely_answer"]["rate"]) for unit, value in desks.items()] == [("desk-01", 1), ("desk-02", 0)]


def test_the_report_says_what_it_is_a_report_of() -> None:
    found = day_report(Desk())
    assert [found[key] for key in ("from", "to", "branch", "definitions")] == ["2026-11-02", "2026-11-03", "b12", "1"]
    part = report(Question(MONDAY_9_MS, MONDAY_9_MS + MINUTE), BranchSettings("b12"), {})
    assert (part["from"], part["to"]) == ("2026-11-02T09:00:00+08:00", "2026-11-02T09:01:00+08:00")


def test_the_digest_changes_with_the_data_and_with_nothing_else() -> None:
    desk = Desk()
    desk.answer(0, 1)
    before = day_report(desk)["digest"]
    assert day_report(desk, settings=DAYTIME)["digest"] == before
    desk.answer(MINUTE, 2)
    assert day_report(desk)["digest"] != before


def test_the_digest_of_a_day_that_is_over_stays_while_its_unit_lives_on() -> None:
    desk = Desk()
    desk.tell(0, "vip_in", ticket="1.1", tier=1)
    desk.tell(MINUTE, "vip_served", ticket="1.1", wait_ms=MINUTE)
    days_later = replace(MONDAY, as_of_ms=MONDAY.to_ms + 99 * HOUR_MS)
    digests = []
    for seen_ms in (MONDAY.to_ms, MONDAY.to_ms + HOUR_MS):
        data = {"desk-07": DeskData(desk.rows(), [(MONDAY_9_MS, seen_ms)])}
        digests.append(report(days_later, DAYTIME, data)["digest"])
    assert digests[0] == digests[1]


def test_the_digest_of_a_day_that_is_over_changes_while_a_customer_of_that_day_still_waits() -> None:
    desk = Desk()
    desk.tell(0, "vip_in", ticket="1.1", tier=1)
    days_later = replace(MONDAY, as_of_ms=MONDAY.to_ms + 99 * HOUR_MS)
    seen = [[(MONDAY_9_MS, MONDAY.to_ms + hours * HOUR_MS)] for hours in (0, 1)]
    digests = {str(report(days_later, DAYTIME, {"desk-07": DeskData(desk.rows(), each)})["digest"]) for each in seen}
    assert len(digests) == 2


def test_a_long_list_shows_its_first_rows_and_says_how_many_are_left_off() -> None:
    desks = {}
    for number in (1, 2):
        desk = Desk(f"desk-0{number}")
        for call in range(1, 4):
            desk.answer(call * MINUTE + number, call, rings=9)
        desks[desk.unit] = DeskData(desk.rows(), desk.evidence())
    found = report(MONDAY, BranchSettings("b12"), desks, rows_max=4)
    lists = found["lists"]
    assert isinstance(lists, dict)
    assert [row["call"] for row in lists["late_answers"]] == [
        "desk-01/1/1",
        "desk-02/1/1",
        "desk-01/1/2",
        "desk-02/1/2",
    ]
    assert found["left_off"] == {"late_answers": 2}


# ---- the lists of the VIP rules


def test_a_vip_who_is_served_before_an_earlier_one_is_listed() -> None:
    desk = Desk()
    desk.tell(0, "vip_in", ticket="1.1", tier=1)
    desk.tell(MINUTE, "vip_in", ticket="1.2", tier=2)
    desk.tell(2 * MINUTE, "vip_served", ticket="1.2", wait_ms=MINUTE)
    desk.tell(3 * MINUTE, "vip_served", ticket="1.1", wait_ms=3 * MINUTE)
    desk.tell(4 * MINUTE, "vip_in", ticket="1.3", tier=1)
    desk.tell(5 * MINUTE, "vip_served", ticket="1.3", wait_ms=MINUTE)
    assert [row["visit"] for row in listed(desk, "vip_out_of_order")] == ["desk-07/1.2"]


def test_a_vip_who_is_served_while_an_earlier_one_still_waits_is_listed() -> None:
    desk = Desk()
    desk.tell(0, "vip_in", ticket="1.1", tier=1)
    desk.tell(MINUTE, "vip_in", ticket="1.2", tier=1)
    desk.tell(2 * MINUTE, "vip_served", ticket="1.2", wait_ms=MINUTE)
    desk.tell(3 * MINUTE, "fault", what="a sign of life")
    assert [row["visit"] for row in listed(desk, "vip_out_of_order")] == ["desk-07/1.2"]


def test_two_vips_who_are_served_at_once_are_served_in_order() -> None:
    desk = Desk()
    for number in (1, 2):
        desk.tell(number * SECOND, "vip_in", ticket=f"1.{number}", tier=1)
        desk.tell(MINUTE, "vip_served", ticket=f"1.{number}", wait_ms=MINUTE - number * SECOND)
    assert listed(desk, "vip_out_of_order") == []


def test_an_ordinary_service_that_begins_as_a_vip_comes_is_listed() -> None:
    desk = Desk()
    desk.tell(MINUTE, "vip_in", ticket="1.1", tier=1)
    desk.tell(MINUTE, "service", began=True)
    desk.tell(2 * MINUTE, "vip_left", ticket="1.1")
    assert len(listed(desk, "ordinary_while_vip")) == 1


def test_an_ordinary_service_is_listed_only_while_a_vip_waits() -> None:
    desk = Desk()
    desk.tell(0, "service", began=True)
    desk.tell(MINUTE, "vip_in", ticket="1.1", tier=1)
    desk.tell(MINUTE + SECOND, "service", began=False)
    desk.tell(2 * MINUTE, "service", began=True)
    desk.tell(3 * MINUTE, "vip_served", ticket="1.1", wait_ms=2 * MINUTE)
    desk.tell(3 * MINUTE, "service", began=True)
    assert [row["start"] for row in listed(desk, "ordinary_while_vip")] == ["2026-11-02T09:02:00.000+08:00"]


def test_a_transferred_call_can_be_followed_up() -> None:
    desk = Desk()
    desk.answer(0, 1)
    desk.tell(MINUTE, "flashed", call=1)
    assert [row["call"] for row in listed(desk, "follow_ups")] == ["desk-07/1/1"]


@pytest.mark.parametrize("name", sorted(LISTS))
def test_every_list_of_an_empty_day_is_empty(name: str) -> None:
    assert listed(Desk(), name) == []
