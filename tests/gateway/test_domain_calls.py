"""Facts to calls, visits and marks: gaps, repetitions, lost units."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from thirdring_gateway.domain.calls import Hold, Records, Subject, Voice, finish, project, subject_of
from thirdring_gateway.domain.facts import Fact, FactError, fact_of, wire_of
from thirdring_unit.core.wire import WireError

from tests.gateway.domain_desk import MINUTE, MONDAY_9_MS, SECOND, Desk, days

ENVELOPE = {"v": 1, "branch": "b12", "unit": "desk-07", "boot": 17, "seq": 482, "up_ms": 93_211}


# ---- facts


def test_a_fact_comes_back_from_the_wire_as_it_went() -> None:
    wire = ENVELOPE | {"kind": "answered", "call": 12, "rings": 2, "rings_completed": 2, "wait_ms": 7_400}
    assert wire_of(fact_of(wire)) == wire


def test_unknown_kinds_and_fields_are_kept() -> None:
    assert fact_of(ENVELOPE | {"kind": "sneezed", "call": "what"}).data == {"call": "what"}
    assert fact_of(ENVELOPE | {"kind": "ring", "call": 1, "n": 1, "colour": "blue"}).data["colour"] == "blue"


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"kind": "answered", "call": "12"}, "call"),
        ({"kind": "answered", "call": True}, "call"),
        ({"kind": "answered"}, "call"),
        ({"kind": "answered", "call": 1, "rings": -1}, "rings"),
        ({"kind": "answered", "call": 1, "rings": 2.0}, "rings"),
        ({"kind": "answered", "call": 1, "wait_ms": 2**31}, "wait_ms"),
        ({"kind": "missed", "call": 2**32, "rings": 1}, "call"),
        ({"kind": "ended", "call": 1, "by": "ghost"}, "by"),
        ({"kind": "ended", "call": 1, "by": "agent", "agent_ms": "long"}, "agent_ms"),
        ({"kind": "vip_in", "ticket": "票", "tier": 1}, "ticket"),
        ({"kind": "vip_in", "tier": 1}, "ticket"),
        ({"kind": "rated", "score": 6}, "score"),
        ({"kind": "outcome", "resolved": 1}, "resolved"),
        ({"kind": "clock", "epoch_ms": 10**18, "source": "ntp"}, "epoch_ms"),
        ({"kind": "ring", "call": 1, "n": 1, "up_ms": 2**60}, "up_ms"),
    ],
)
def test_what_has_the_wrong_type_is_refused_in_one_line_that_names_it(fields: dict[str, object], named: str) -> None:
    with pytest.raises(FactError, match=rf"^fact `{fields['kind']}` with {named} .*: it should be .*$") as refusal:
        fact_of(ENVELOPE | fields)
    assert isinstance(refusal.value, WireError)


# ---- calls


def test_a_call_is_told_from_its_first_ring_to_its_end() -> None:
    desk = Desk()
    desk.answer(MINUTE, 1, rings=2, wait_ms=7_400)
    desk.hold(2 * MINUTE, 1, 15_000)
    desk.tell(3 * MINUTE, "flashed", call=1)
    desk.end(4 * MINUTE, 1, by="agent", talk_ms=172_600, held_ms=15_000, greeting_ms=900, interruptions=2)
    (call,) = desk.records().calls
    assert (call.key, call.verdict, call.rings, call.wait_ms) == ("desk-07/1/1", "answered", 2, 7_400)
    assert (call.start_ms, call.end_ms) == (MONDAY_9_MS + MINUTE, MONDAY_9_MS + 4 * MINUTE)
    assert call.holds == (Hold(2 * MINUTE, "key", 15_000),)
    assert (call.flashes, call.by, call.why, call.talk_ms, call.held_ms) == (1, "agent", "test", 172_600, 15_000)
    assert call.voice == Voice(greeting_ms=900, interruptions=2)


def test_the_start_of_a_call_is_known_when_its_rings_were_lost() -> None:
    desk = Desk()
    desk.tell(MINUTE, "answered", call=1, rings=3, wait_ms=12_000)
    assert desk.records().calls[0].start_ms == MONDAY_9_MS + 48_000


def test_a_hold_whose_beginning_was_lost_has_its_length() -> None:
    desk = Desk()
    desk.answer(0, 1)
    desk.tell(MINUTE, "resumed", call=1, held_ms=20_000)
    assert desk.records().calls[0].holds == (Hold(40_000, "unknown", 20_000),)


def test_a_hold_whose_end_was_lost_has_no_length() -> None:
    desk = Desk()
    desk.answer(0, 1)
    desk.tell(MINUTE, "held", call=1, how="key")
    desk.hold(3 * MINUTE, 1, 20_000)
    desk.end(5 * MINUTE, 1)
    call = desk.records().calls[0]
    assert [hold.held_ms for hold in call.holds] == [None, 20_000]
    assert call.held_ms is None


def test_what_is_not_monitored_is_unknown_and_not_zero() -> None:
    desk = Desk()
    desk.answer(0, 1)
    desk.end(MINUTE, 1)
    desk.answer(2 * MINUTE, 2)
    desk.end(3 * MINUTE, 2, held_ms=0)
    assert [call.held_ms for call in desk.records().calls] == [None, 0]


def test_an_answer_wins_over_every_other_verdict_on_the_same_call() -> None:
    desk = Desk()
    desk.miss(0, 1, wait_ms=9_000)
    desk.tell(10_000, "answered", call=1, rings=3, wait_ms=10_000)
    assert [call.verdict for call in desk.records().calls] == ["answered"]


# ---- units that were lost


def ringing_desk() -> Desk:
    """A desk whose phone rings when its unit is lost."""
    desk = Desk()
    desk.tell(MINUTE, "ring", call=1, n=1)
    return desk


def test_the_last_call_may_still_be_ringing() -> None:
    assert [call.verdict for call in ringing_desk().records().calls] == ["ringing"]


def test_a_ringing_call_of_an_earlier_boot_was_cut() -> None:
    desk = ringing_desk()
    desk.restart(MONDAY_9_MS + 10 * MINUTE)
    desk.answer(MINUTE, 1)
    assert [call.verdict for call in desk.records().calls] == ["cut", "answered"]


def test_a_ringing_that_outlives_two_restarts_is_one_call() -> None:
    desk = ringing_desk()
    desk.restart(MONDAY_9_MS + MINUTE + 10 * SECOND)
    desk.tell(SECOND, "ring", call=1, n=None)
    desk.restart(MONDAY_9_MS + MINUTE + 20 * SECOND)
    desk.tell(SECOND, "ring", call=1, n=None)
    desk.tell(9 * SECOND, "missed", call=1, rings=None, wait_ms=None)
    assert [(call.key, call.verdict) for call in desk.records().calls] == [("desk-07/1/1", "missed")]


def test_the_wait_of_a_ringing_that_outlives_a_restart_is_told_by_the_time_of_day() -> None:
    desk = ringing_desk()
    desk.restart(MONDAY_9_MS + MINUTE + 6 * SECOND)
    desk.answer(SECOND, 1, rings=None, wait_ms=3 * SECOND)
    assert [call.wait_ms for call in desk.records().calls] == [10 * SECOND]


def test_the_wait_of_a_ringing_that_outlives_a_restart_is_unknown_without_a_clock() -> None:
    desk = ringing_desk()
    desk.restart(None)
    desk.answer(SECOND, 1, rings=None, wait_ms=3 * SECOND)
    assert [(call.key, call.wait_ms) for call in desk.records().calls] == [("desk-07/1/1", None)]


@pytest.mark.parametrize(
    ("up_ms", "rings"),
    [(2 * SECOND, 1), (30 * SECOND, None)],
    ids=["its rings were counted from the first", "the unit was back long before"],
)
def test_a_call_soon_after_a_restart_that_rang_anew_is_a_call_of_its_own(up_ms: int, rings: int | None) -> None:
    desk = ringing_desk()
    desk.restart(MONDAY_9_MS + MINUTE + 10 * SECOND)
    desk.answer(up_ms, 1, rings=rings)
    assert [call.verdict for call in desk.records().calls] == ["cut", "answered"]


def test_a_call_that_is_known_to_have_ended_has_no_rest() -> None:
    desk = ringing_desk()
    desk.end(MINUTE + 5 * SECOND, 1)
    desk.restart(MONDAY_9_MS + MINUTE + 10 * SECOND)
    desk.answer(2 * SECOND, 1, rings=None)
    assert [call.verdict for call in desk.records().calls] == ["cut", "answered"]


def test_an_uncounted_call_hours_later_is_not_the_rest_of_a_cut_one() -> None:
    desk = ringing_desk()
    desk.restart(MONDAY_9_MS + 3 * 60 * MINUTE)
    desk.answer(2 * SECOND, 1, rings=None)
    assert [call.verdict for call in desk.records().calls] == ["cut", "answered"]


def test_without_the_time_of_day_only_the_very_next_boot_can_tell_the_rest() -> None:
    for boots, calls in ((1, 1), (2, 2)):
        desk = ringing_desk()
        desk.samples.clear()
        for _ in range(boots):
            desk.restart(None)
        desk.answer(2 * SECOND, 1, rings=None)
        assert len(desk.records().calls) == calls


# ---- visits and marks


def test_a_visit_lasts_over_a_restart_by_the_time_of_day() -> None:
    desk = Desk()
    desk.tell(MINUTE, "vip_in", ticket="1.1", tier=2)
    desk.restart(MONDAY_9_MS + 5 * MINUTE)
    desk.tell(2 * MINUTE, "vip_served", ticket="1.1", wait_ms=None)
    (visit,) = desk.records().visits
    assert (visit.start_ms, visit.state, visit.wait_ms) == (MONDAY_9_MS + MINUTE, "served", 6 * MINUTE)


def test_a_visit_over_a_restart_without_a_clock_has_no_invented_wait() -> None:
    desk = Desk()
    desk.tell(MINUTE, "vip_in", ticket="1.1", tier=2)
    desk.restart(None)
    desk.tell(2 * MINUTE, "vip_left", ticket="1.1")
    (visit,) = desk.records().visits
    assert (visit.state, visit.wait_ms) == ("left", None)


def test_a_visit_whose_arrival_was_lost_began_its_wait_before_it_was_served() -> None:
    desk = Desk()
    desk.tell(10 * MINUTE, "vip_served", ticket="1.1", wait_ms=4 * MINUTE)
    (visit,) = desk.records().visits
    assert (visit.start_ms, visit.tier) == (MONDAY_9_MS + 6 * MINUTE, None)


def test_a_press_of_served_while_nobody_waits_is_no_visit() -> None:
    desk = Desk()
    desk.tell(0, "vip_served", ticket=None, wait_ms=None)
    assert desk.records() == Records()


def test_the_last_rating_of_a_call_counts() -> None:
    desk = Desk()
    desk.tell(0, "rated", score=1, call=1)
    desk.tell(MINUTE, "rated", score=5, call=1)
    desk.tell(2 * MINUTE, "rated", score=2)
    assert [(mark.value, mark.call) for mark in desk.records().marks] == [(5, 1), (2, None)]


def test_facts_that_belong_together_have_one_subject() -> None:
    desk = Desk()
    desk.answer(0, 3)
    desk.tell(1, "vip_in", ticket="1.1", tier=1)
    desk.tell(2, "boot")
    desk.tell(3, "sneezed")
    desk.tell(4, "fault", what="mic")
    assert [subject_of(fact) for fact in desk.facts] == [
        Subject("call", 1, "3"),
        Subject("call", 1, "3"),
        Subject("visit", 0, "1.1"),
        None,
        None,
        Subject("mark", 1, "6"),
    ]


# ---- whatever comes in


@given(days(), st.randoms(use_true_random=False))
def test_order_and_repetition_of_facts_change_nothing(desk: Desk, chance: random.Random) -> None:
    facts = desk.facts + chance.choices(desk.facts, k=len(desk.facts) // 2) if desk.facts else []
    chance.shuffle(facts)
    assert project(facts, desk.clocks()) == project(desk.facts, desk.clocks())


@given(days())
def test_projecting_subject_by_subject_gives_the_same_records(desk: Desk) -> None:
    subjects: dict[Subject | None, list[Fact]] = {}
    for fact in desk.facts:
        subjects.setdefault(subject_of(fact), []).append(fact)
    parts = [project(group, desk.clocks()) for group in subjects.values()]
    whole = project(desk.facts, desk.clocks())
    assert sorted((call for part in parts for call in part.calls), key=lambda call: call.order) == list(whole.calls)
    assert sorted(visit.key for part in parts for visit in part.visits) == sorted(visit.key for visit in whole.visits)
    assert {mark for part in parts for mark in part.marks} == set(whole.marks)


@given(days())
def test_no_call_is_lost_or_counted_twice_when_calls_are_finished(desk: Desk) -> None:
    raw = project(desk.facts, desk.clocks()).calls
    finished = finish(raw)
    orders = [call.order for call in finished]
    assert orders == sorted(set(orders))
    assert {call.order for call in raw} >= set(orders)
    decided = [call for call in finished if call.verdict in ("answered", "missed", "dialled")]
    assert len(decided) == sum(call.verdict in ("answered", "missed", "dialled") for call in raw)
    assert finish(finished) == finished
