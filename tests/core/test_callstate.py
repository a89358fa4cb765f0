"""Calls: what happens on a line becomes facts, each at the time at which it happened."""

from thirdring_unit.core.callstate import Line
from thirdring_unit.core.events import Signal

from tests.core.desk import Desk, kinds, only, settings


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


def test_the_states_of_a_line_can_be_watched() -> None:
    line = Line(settings())
    line.start(0, [])
    seen = [line.state]
    for at_ms, name, active in (
        (1000, "ring", True),
        (2000, "ring", False),
        (4000, "loop", True),
        (9000, "hold_key", True),
        (9200, "hold_key", False),
        (20_000, "hold_key", True),
        (20_200, "hold_key", False),
        (30_000, "loop", False),
        (40_000, "loop", True),
    ):
        line.edge(at_ms, name, active)
        line.tick(at_ms + 950)
        seen.append(line.state)
    assert seen == ["idle", "ringing", "ringing", "talking", "held", "held", "talking", "talking", "idle", "dialling"]


def test_a_rating_soon_after_a_call_belongs_to_it() -> None:
    desk = Desk(settings(light={"rating_window_ms": 60_000})).ring(1000, 1).off_hook(3000, 20_000)
    line = Line(desk.settings)
    desk.facts(line=line)
    calls = []
    for at_ms in (80_000, 80_001):
        line.tick(at_ms)
        calls.append(line.call)
    assert calls == [1, None]


def test_a_rating_after_a_missed_call_is_not_the_missed_calls() -> None:
    line = Line(settings())
    Desk().ring(1000, 1).off_hook(3000, 20_000).ring(40_000, 1).facts(line=line)
    assert line.call == 1


def test_a_call_has_its_number_from_the_first_ring_until_it_is_missed() -> None:
    line = Line(settings())
    calls = [line.call]
    for at_ms, active in ((1000, True), (1500, True), (2000, False), (30_000, False)):
        line.edge(at_ms, "ring", active)
        calls.append(line.call)
    assert calls == [None, None, 1, 1, None]


def test_time_that_goes_backwards_counts_as_now() -> None:
    line = Line(settings())
    line.start(10_000, [])
    line.edge(5000, "loop", True)
    assert line.tick(11_000) == [(10_000, "dialled", {"call": 1})]


def test_a_signal_from_the_future_counts_as_now() -> None:
    line = Line(settings(sound={"line_device": "line"}))
    line.edge(1000, "ring", True)
    line.edge(2000, "ring", False)
    line.edge(3000, "loop", True)
    line.tick(5000)
    line.hear(6000, Signal("music", "line", True, 999_000))
    assert line.tick(7000) == []
    assert line.state == "held"


def test_inputs_that_are_none_of_the_lines_change_nothing() -> None:
    line = Line(settings())
    assert line.edge(1000, "vip_in", True) == []
    assert line.next_ms() is None
