"""The unit at its desk: the phone, and what else becomes a fact."""

from thirdring_unit.core.events import Signal

from tests.core.bench import Bench, ring_and_answer


def test_a_call_is_told_from_the_first_ring_to_the_end() -> None:
    bench = Bench().connect()
    answered_ms = ring_and_answer(bench, 10_000, 2)
    bench.edge(answered_ms + 30_000, "loop", False).pass_time(answered_ms + 35_000)
    facts = bench.facts("ring", "answered", "ended")
    assert [fact["kind"] for fact in facts] == ["ring", "ring", "answered", "ended"]
    answered = facts[2]
    assert (answered["call"], answered["rings"], answered["wait_ms"]) == (1, 2, 7000)
    assert answered["up_ms"] == 17_000


def test_the_ambient_level_and_lost_ears_are_facts() -> None:
    bench = Bench().connect()
    bench.unit.hear(10, Signal("level", "room", True, 5, {"median_db": -52}))
    bench.unit.hear(20, Signal("fault", "room", True, 15, "gone"))
    level, fault = bench.facts("level", "fault")
    assert (level["up_ms"], level["channel"], level["median_db"]) == (5, "room", -52)
    assert (fault["what"], fault["channel"], fault["on"], fault["why"]) == ("sound", "room", True, "gone")


def test_a_fact_too_large_to_be_told_is_told_as_a_fault() -> None:
    bench = Bench().connect()
    bench.unit.hear(10, Signal("level", "room", True, 5, {"x": "y" * 2000}))
    assert "1024" in str(bench.facts("fault")[0]["why"])


def test_a_known_time_is_a_fact() -> None:
    bench = Bench().connect()
    bench.unit.clock(7, 1_793_600_000_000, "ntp")
    fact = bench.facts("clock")[0]
    assert (fact["up_ms"], fact["epoch_ms"], fact["source"]) == (7, 1_793_600_000_000, "ntp")
