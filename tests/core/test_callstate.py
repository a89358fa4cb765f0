"""Calls: what happens on a line becomes facts, each at the time at which it happened."""

from tests.core.desk import Desk, kinds, only


def test_an_answered_call_is_rings_then_answered_then_ended() -> None:
    facts = Desk().ring(1000, 2).off_hook(8400, 68_400).facts()
    assert facts[:3] == [
        (1000, "ring", {"call": 1, "n": 1}),
        (6000, "ring", {"call": 1, "n": 2}),
        (8400, "answered", {"call": 1, "rings": 2, "rings_completed": 2, "wait_ms": 7400}),
    ]
    at_ms, kind, fields = facts[3]
    assert (at_ms, kind, fields["talk_ms"], fields["held_ms"]) == (68_400, "ended", 60_000, 0)
    assert len(facts) == 4


def test_a_call_that_nobody_answers_is_missed_at_its_last_sound() -> None:
    facts = Desk().ring(1000, 4).facts()
    assert kinds(facts) == ["ring"] * 4 + ["missed"]
    assert facts[-1] == (17_000, "missed", {"call": 1, "rings": 4, "wait_ms": 16_000})


def test_off_hook_without_a_ring_is_a_dialled_call() -> None:
    facts = Desk().off_hook(5000, 25_000).facts()
    assert kinds(facts) == ["dialled", "ended"]
    assert only(facts, "ended")[2]["by"] == "unknown"


def test_every_call_has_its_own_number() -> None:
    facts = Desk().ring(1000, 1).off_hook(2500, 9000).ring(20_000, 1).ring(60_000, 1).off_hook(61_500, 70_000).facts()
    assert [fields["call"] for _, kind, fields in facts if kind in {"answered", "missed"}] == [1, 2, 3]
