"""What people enter, what microphones hear, and what managers set as targets: the rest of the KPIs."""

import re

import pytest
from thirdring_gateway.domain.entered import DAY_MS, Callback, Contact, revoked
from thirdring_gateway.domain.kpis import KPIS, Kpi
from thirdring_gateway.domain.lists import LISTS
from thirdring_gateway.domain.report import DeskData, Question, report
from thirdring_gateway.domain.settings import BranchSettings

from tests.gateway.domain_desk import MINUTE, MONDAY, MONDAY_9_MS, Desk, kpi

BRANCH = BranchSettings("b12")


def asked(
    data: DeskData, name: str, question: Question = MONDAY, settings: BranchSettings = BRANCH
) -> dict[str, object]:
    kpis = report(question, settings, {"desk-07": data})["kpis"]
    assert isinstance(kpis, dict)
    value = kpis[name]
    assert isinstance(value, dict)
    return value


# ---- callbacks and repeat contacts


def test_a_callback_is_kept_only_by_its_first_promised_time() -> None:
    due_ms = MONDAY_9_MS
    promised = [
        Callback("on the dot", due_ms, due_ms),
        Callback("late", due_ms, due_ms + 1),
        Callback("overdue and open", due_ms),
        Callback("of another day", due_ms + DAY_MS),
    ]
    value = asked(DeskData(callbacks=promised), "callbacks")
    assert (value["k"], value["n"], value["not_due"]) == (1, 3, 0)


def test_a_callback_that_is_not_yet_due_is_left_out_until_it_is() -> None:
    data = DeskData(callbacks=[Callback("open", MONDAY_9_MS)])
    early = Question(MONDAY.from_ms, MONDAY.to_ms, as_of_ms=MONDAY_9_MS)
    late = Question(MONDAY.from_ms, MONDAY.to_ms, as_of_ms=MONDAY_9_MS + 1)
    done_early = DeskData(callbacks=[Callback("done", MONDAY_9_MS, MONDAY.from_ms)])
    assert asked(done_early, "callbacks", early)["n"] == 0
    assert (asked(data, "callbacks", early)["n"], asked(data, "callbacks", early)["not_due"]) == (0, 1)
    assert (asked(data, "callbacks", late)["k"], asked(data, "callbacks", late)["n"]) == (0, 1)


def test_a_customer_who_calls_again_within_the_days_revokes_the_resolution() -> None:
    contacts = [
        Contact("desk-07", 1, 1, MONDAY_9_MS, "wang"),
        Contact("desk-01", 4, 9, MONDAY_9_MS + 7 * DAY_MS, "wang"),
        Contact("desk-07", 1, 2, MONDAY_9_MS, "li"),
        Contact("desk-07", 1, 8, MONDAY_9_MS + 7 * DAY_MS + 1, "li"),
    ]
    again = revoked(contacts, repeat_days=7)
    assert again == {"desk-07": {(1, 1)}}

    desk = Desk()
    for call in (1, 2):
        desk.answer(call * MINUTE, call)
        desk.tell(call * MINUTE + 30_000, "outcome", resolved=True, call=call)
    value = asked(DeskData(desk.rows(), revoked=again["desk-07"]), "resolution")
    assert (value["k"], value["n"]) == (1, 2)


# ---- as of which moment


def test_who_still_waits_is_judged_as_of_the_asked_moment_and_not_beyond_the_last_sign_of_life() -> None:
    desk = Desk()
    desk.tell(0, "vip_in", ticket="1.1", tier=1)
    at = [
        asked(DeskData(desk.rows(), [(MONDAY_9_MS, MONDAY_9_MS + seen)]), "vip_over_limit", question)["n"]
        for seen, question in (
            (11 * MINUTE, MONDAY),
            (9 * MINUTE, MONDAY),
            (11 * MINUTE, Question(MONDAY.from_ms, MONDAY.to_ms, as_of_ms=MONDAY_9_MS + 9 * MINUTE)),
            (11 * MINUTE, Question(MONDAY.from_ms, MONDAY_9_MS + MINUTE, as_of_ms=MONDAY_9_MS + 11 * MINUTE)),
        )
    ]
    assert at == [1, 0, 0, 1]


# ---- voices


def test_the_voice_kpis_count_only_what_was_monitored() -> None:
    desk = Desk()
    heard: tuple[dict[str, int], ...] = (
        {"agent_ms": 100_000, "greeting_ms": 900, "loud_ms": 10_001, "interruptions": 1, "silence_max_ms": 3_000},
        {"agent_ms": 100_000, "greeting_ms": 2_900, "loud_ms": 10_000, "interruptions": 0, "silence_max_ms": 9_000},
        {"agent_ms": 0},
        {},
    )
    for call, told in enumerate(heard, 1):
        desk.answer(call * 10 * MINUTE, call)
        desk.end(call * 10 * MINUTE + 5 * MINUTE, call, by="caller", **told)
    assert (kpi(desk, "greeting")["count"], kpi(desk, "greeting")["unspoken"]) == (2, 1)
    assert kpi(desk, "silence")["max_ms"] == 9_000
    assert (kpi(desk, "interrupted")["k"], kpi(desk, "interrupted")["n"]) == (1, 2)
    assert (kpi(desk, "loud")["k"], kpi(desk, "loud")["n"]) == (1, 2)


# ---- targets, gaps, definitions


def test_a_rate_with_a_target_says_whether_it_is_met() -> None:
    desk = Desk()
    for call in range(1, 21):
        desk.answer(call * MINUTE, call, rings=4 if call == 1 else 1)
    for target, met in ((95, True), (96, False)):
        value = kpi(desk, "timely_answer", BranchSettings("b12", targets_percent={"timely_answer": target}))
        assert (value["target_percent"], value["met"]) == (target, met)
    assert "met" not in kpi(desk, "timely_answer")


def test_what_is_missing_is_said() -> None:
    found = report(MONDAY, BRANCH, {"desk-07": DeskData(gaps={"undated": 3}), "desk-08": DeskData()})
    assert found["gaps"] == {"desk-07": {"undated": 3}}


@pytest.mark.parametrize("each", KPIS, ids=lambda each: each.key)
def test_every_kpi_is_defined_in_both_languages_and_names_its_rules(each: Kpi) -> None:
    assert all(re.fullmatch(r"R\d\d", rule) for rule in each.rules)
    assert all(each.en)
    assert all(re.search(r"[\u4e00-\u9fff]", words) for words in each.zh)


def test_only_a_rate_may_have_a_target() -> None:
    assert {each.key for each in KPIS if not each.is_rate} == {"answer_time", "hold", "vip_wait", "greeting", "silence"}


def test_the_kpis_of_the_design_are_there_and_none_twice() -> None:
    keys = [each.key for each in KPIS]
    assert len(set(keys)) == len(keys)
    rates = ["timely_answer", "reach", "timely_of_offered", "hold_over_limit", "vip_over_limit", "caller_hung_up_first"]
    rates += ["satisfaction", "response", "resolution", "callbacks", "coverage"]
    assert {*rates, "answer_time", "hold", "vip_wait"} <= set(keys)
    assert set(LISTS) >= {"late_answers", "holds_over_limit", "missed", "vip_over_limit", "vip_out_of_order"}
