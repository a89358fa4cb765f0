"""The ledger: what is appended, what may be acknowledged, and numbers that do not depend on the order of arrival."""

import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from thirdring_gateway.domain.facts import wire_of
from thirdring_gateway.domain.hours import hour_start_ms
from thirdring_gateway.domain.settings import BranchSettings
from thirdring_gateway.domain.sums import SumsRow, added
from thirdring_gateway.ledger import tables
from thirdring_gateway.ledger.append import QUARANTINE_ROWS_MAX, Ack, Appender, Batch, counters
from thirdring_gateway.ledger.database import open_database
from thirdring_gateway.reports import as_json, as_text, make
from thirdring_gateway.trouble import Trouble

from tests.gateway.domain_desk import DAY_MS, MINUTE, MONDAY_9_MS, SECOND, Desk

HEARD_MS = MONDAY_9_MS + MINUTE
WireFact = dict[str, Any]


def fact(seq: int, *, boot: int = 1, unit: str = "desk-07", kind: str = "ring", **data: Any) -> WireFact:
    envelope = {"v": 1, "branch": "b12", "unit": unit, "boot": boot, "seq": seq, "up_ms": seq * SECOND, "kind": kind}
    return envelope | ({"call": 1, "n": 1} if kind == "ring" else {}) | data


def batch(*facts: WireFact, beats: tuple[WireFact, ...] = ()) -> Batch:
    told = [(each, json.dumps(each)) for each in facts]
    return Batch(HEARD_MS, told, [("b12", "desk-07", beat) for beat in beats])


def beat(up_ms: int, boot: int, oldest: int) -> WireFact:
    return {"boot": boot, "up_ms": up_ms, "backlog": 0, "oldest": [boot, oldest]}


def acked(acks: list[Ack]) -> dict[int, int]:
    return {ack.boot: ack.seq for ack in acks}


@pytest.mark.usefixtures("ledger")
def test_only_an_unbroken_run_of_facts_is_acknowledged() -> None:
    appender = Appender()
    assert acked(appender.append(batch(fact(1), fact(2), fact(4)))) == {1: 2}
    assert acked(appender.append(batch(fact(6)))) == {1: 2}
    assert acked(appender.append(batch(fact(3)))) == {1: 4}
    assert acked(appender.append(batch(fact(5)))) == {1: 6}


@pytest.mark.usefixtures("ledger")
def test_a_repeated_fact_changes_nothing_and_is_acknowledged_again() -> None:
    appender = Appender()
    appender.append(batch(fact(1), fact(2)))
    assert acked(appender.append(batch(fact(2), fact(1)))) == {1: 2}
    assert (tables.Fact.objects.count(), appender.added, appender.contradicting) == (2, 2, 0)


@pytest.mark.usefixtures("ledger")
def test_a_new_appender_goes_on_where_the_last_one_ended() -> None:
    Appender().append(batch(fact(1), fact(2), fact(4)))
    assert acked(Appender().append(batch(fact(3)))) == {1: 4}


@pytest.mark.usefixtures("ledger")
def test_dropped_facts_close_their_gap_even_in_an_earlier_boot() -> None:
    appender = Appender()
    appender.append(batch(fact(1), fact(5)))
    dropped = fact(1, boot=2, kind="dropped", n=3, of_boot=1, first=2, last=4)
    assert acked(appender.append(batch(dropped))) == {1: 5, 2: 1}


@pytest.mark.usefixtures("ledger")
def test_a_replaced_ledger_takes_the_oldest_fact_of_the_unit_as_its_base() -> None:
    appender = Appender()
    assert acked(appender.append(batch(fact(11)))) == {1: 0}
    assert acked(appender.append(batch(beats=(beat(20 * SECOND, 1, oldest=11),)))) == {1: 11}
    assert tables.Gap.objects.get().why == "not here"


@pytest.mark.usefixtures("ledger")
def test_a_beat_that_waits_for_a_lost_acknowledgement_gets_it_again() -> None:
    appender = Appender()
    appender.append(batch(fact(1), fact(2)))
    assert acked(appender.append(batch(beats=(beat(9 * SECOND, 1, oldest=1),)))) == {1: 2}
    assert acked(appender.append(batch(beats=(beat(9 * SECOND, 1, oldest=3),)))) == {}


@pytest.mark.usefixtures("ledger")
def test_another_fact_under_a_taken_key_is_quarantined_and_not_lost() -> None:
    appender = Appender()
    appender.append(batch(fact(1)))
    appender.append(batch(fact(1, n=2)))
    row = tables.Quarantine.objects.get()
    assert "wiped" in row.why
    assert json.loads(bytes(row.payload))["n"] == 2
    assert appender.contradicting == 1


@pytest.mark.usefixtures("ledger")
def test_a_failed_append_writes_nothing_and_forgets_what_it_thought() -> None:
    appender = Appender()
    appender.append(batch(fact(1)))
    broken = batch(fact(2))
    broken.garbage.append(("topic", b"x", None))  # type: ignore[arg-type] # the database refuses it at the very end
    with pytest.raises((DatabaseError, TypeError)):
        appender.append(broken)
    assert tables.Fact.objects.count() == 1
    assert acked(appender.append(batch(fact(3)))) == {1: 1}
    assert acked(appender.append(batch(fact(2)))) == {1: 3}


@pytest.mark.usefixtures("ledger")
def test_the_quarantine_is_bounded_and_counts_what_it_let_go() -> None:
    garbage = Batch(HEARD_MS)
    garbage.garbage = [("t", b"?", "nonsense")] * (QUARANTINE_ROWS_MAX + 5)
    Appender().append(garbage)
    assert tables.Quarantine.objects.count() == QUARANTINE_ROWS_MAX
    assert counters()["quarantined"] == QUARANTINE_ROWS_MAX + 5


@pytest.mark.usefixtures("ledger")
def test_an_acknowledged_fact_survives_the_loss_of_power() -> None:
    with connection.cursor() as cursor:
        pragmas = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")}
    assert pragmas == {"journal_mode": "wal", "synchronous": 2}  # 2: FULL


def test_a_file_that_is_no_ledger_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no database\n" * 100)
    with pytest.raises(Trouble, match="not a database"):
        open_database(str(tmp_path / "notes.txt"))


def a_day() -> list[WireFact]:
    """Two desks that lose power while the phone rings at 10:59:50, and come back after 11 while it still rings."""
    day = []
    for unit in ("desk-07", "desk-08"):
        desk = Desk(unit)
        desk.tell(0, "clock", epoch_ms=MONDAY_9_MS, source="replay")
        for call in range(1, 9):
            desk.answer(call * 11 * MINUTE, call, rings=1 + call % 5, wait_ms=call * 1_700)
            desk.tell(call * 11 * MINUTE + 30 * SECOND, "held", call=call, how="key")
            desk.tell(
                call * 11 * MINUTE + 30 * SECOND + call * 15 * SECOND, "resumed", call=call, held_ms=call * 15_000
            )
            desk.end(call * 11 * MINUTE + 9 * MINUTE, call, by="agent" if call % 3 else "caller", greeting_ms=800)
            desk.tell(call * 11 * MINUTE + 10 * MINUTE, "rated", score=1 + call % 5, call=call)
        desk.tell(100 * MINUTE, "vip_in", ticket="1.1", tier=1)
        desk.tell(119 * MINUTE + 50 * SECOND, "ring", call=9, n=1)
        desk.restart(MONDAY_9_MS + 120 * MINUTE + 5 * SECOND)
        desk.tell(0, "clock", epoch_ms=MONDAY_9_MS + 120 * MINUTE + 5 * SECOND, source="replay")
        desk.tell(2 * SECOND, "answered", call=1, rings=None, rings_completed=None, wait_ms=None)
        desk.end(60 * SECOND, 1)
        desk.tell(30 * MINUTE, "vip_served", ticket="1.1")
        day += [wire_of(each) for each in desk.facts]
    return day


DAY = a_day()


def report_of(batches: list[list[WireFact]], folder: Path) -> str:
    path = folder / "orders.sqlite3"
    path.unlink(missing_ok=True)
    open_database(str(path))
    appender = Appender()
    for facts in batches:
        appender.append(batch(*facts))
        report_now()
    return report_now()


def report_now() -> str:
    units = ["desk-07", "desk-08"]
    return as_json(make(BranchSettings("b12"), MONDAY_9_MS - DAY_MS, MONDAY_9_MS + DAY_MS, MONDAY_9_MS, units))


@given(data=st.data())
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_report_is_the_same_to_the_byte_whatever_the_order_the_batches_and_the_repeats(
    tmp_path: Path, data: st.DataObject
) -> None:
    if not hasattr(report_of, "expected"):
        report_of.expected = report_of([DAY], tmp_path)  # type: ignore[attr-defined] # computed once for all examples
    told = data.draw(st.permutations(DAY + data.draw(st.lists(st.sampled_from(DAY), max_size=20))))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(told)), max_size=4)))
    edges = [0, *cuts, len(told)]
    batches = [told[start:end] for start, end in pairwise(edges)]
    assert report_of(batches, tmp_path) == report_of.expected  # type: ignore[attr-defined] # see above


def test_the_day_of_these_tests_has_what_its_calls_say(tmp_path: Path) -> None:
    kpis = json.loads(report_of([DAY], tmp_path))["kpis"]
    assert (kpis["timely_answer"]["k"], kpis["timely_answer"]["n"], kpis["timely_answer"]["unclassified"]) == (
        10,
        16,
        2,
    )
    assert (kpis["hold_over_limit"]["k"], kpis["hold_over_limit"]["n"]) == (8, 16)
    assert (kpis["vip_over_limit"]["k"], kpis["vip_over_limit"]["n"]) == (2, 2)
    assert kpis["reach"]["cut"] == 0


@pytest.mark.parametrize("is_late", [lambda fact: fact["boot"] == 2, lambda fact: fact["boot"] == 1])
def test_a_call_over_two_boots_and_hours_is_one_call_of_the_first_whichever_half_comes_last(
    tmp_path: Path, is_late: Callable[[WireFact], bool]
) -> None:
    halves = [[fact for fact in DAY if not is_late(fact)], [fact for fact in DAY if is_late(fact)]]
    made = report_of(halves, tmp_path)
    keys = [row["call"] for row in json.loads(made)["lists"]["unclassified"]]
    assert keys == ["desk-07/1/9", "desk-08/1/9"]
    assert made == report_of([DAY], tmp_path)


def hours_of_calls() -> set[int]:
    days = [SumsRow(*row) for row in tables.DaySums.objects.values_list(*SumsRow._fields)]
    return {hour_start_ms(int(start_ms), "Asia/Shanghai") for start_ms in added(days).calls["start_ms"]}


@pytest.mark.usefixtures("ledger")
def test_a_better_clock_moves_a_call_into_the_hour_in_which_it_was() -> None:
    appender = Appender()
    late_ms = 40 * MINUTE  # the first beat was on its way for so long that it was ten when it arrived
    first = Batch(MONDAY_9_MS + 50 * MINUTE + late_ms, [], [("b12", "desk-07", beat(50 * MINUTE, 1, 1))])
    appender.append(first)
    desk = Desk()
    desk.answer(55 * MINUTE, 1)
    appender.append(batch(*map(wire_of, desk.facts)))
    report_now()
    before = hours_of_calls()
    appender.append(Batch(MONDAY_9_MS + 51 * MINUTE, [], [("b12", "desk-07", beat(51 * MINUTE, 1, 1))]))
    report_now()
    assert (before, hours_of_calls()) == ({MONDAY_9_MS + 60 * MINUTE}, {MONDAY_9_MS})


@pytest.mark.usefixtures("ledger")
def test_calls_without_a_time_and_lost_facts_are_told_beside_the_numbers() -> None:
    desk = Desk(samples=[])
    desk.answer(MINUTE, 1)
    desk.answer(3 * MINUTE, 2)
    desk.tell(5 * MINUTE, "dropped", n=3, of_boot=7, first=2, last=4)
    Appender().append(batch(*map(wire_of, desk.facts)))
    made = json.loads(report_now())
    assert made["desks"]["desk-07"]["reach"]["n"] == 0
    assert made["gaps"] == {"desk-07": {"undated_calls": 2, "lost_facts": 3}}
    told = as_text(
        make(BranchSettings("b12"), MONDAY_9_MS, MONDAY_9_MS + DAY_MS, MONDAY_9_MS, ["desk-07"]), BranchSettings()
    )
    assert "2 calls without a time of day" in told
    assert "3 facts were lost" in told
