"""The unit's buttons: bounce, long presses, ratings that settle."""

from tests.core.bench import Bench, ring_and_answer


def test_a_bouncing_button_is_one_press() -> None:
    bench = Bench().connect()
    for at_ms, active in ((1000, True), (1004, False), (1009, True), (1200, False), (1203, True), (1210, False)):
        bench.edge(at_ms, "serve", active)
    bench.pass_time(2000)
    assert [(fact["up_ms"], fact["began"]) for fact in bench.facts("service")] == [(1009, True)]


def test_a_button_held_at_the_start_counts_from_its_next_press() -> None:
    bench = Bench().connect()
    bench.unit.start(0, ["serve", "vip_in"])
    bench.edge(5000, "serve", False).edge(5000, "vip_in", False).press(6000, "serve").pass_time(7000)
    assert [fact["up_ms"] for fact in bench.facts("service", "vip_in")] == [6000]


def test_a_long_press_is_a_top_tier_customer_told_while_the_finger_is_still_down() -> None:
    bench = Bench().connect().press(1000, "vip_in", 999).edge(5000, "vip_in", True).pass_time(6000)
    facts = bench.facts("vip_in")
    assert [(fact["up_ms"], fact["ticket"], fact["tier"]) for fact in facts] == [(1000, "1.1", 1), (5000, "1.2", 2)]
    bench.edge(9000, "vip_in", False).pass_time(10_000)
    assert bench.facts("vip_in") == []


def test_rating_presses_within_five_seconds_are_one_the_last() -> None:
    bench = Bench().connect().press(1000, "rate_2").press(6000, "rate_5").pass_time(11_000)
    assert bench.facts("rated") == []
    bench.press(11_001, "rate_1").pass_time(30_000)
    facts = bench.facts("rated")
    assert [(fact["up_ms"], fact["score"]) for fact in facts] == [(6000, 5), (11_001, 1)]
    assert "call" not in facts[0]


def test_a_rating_belongs_to_the_call_that_has_just_ended() -> None:
    bench = Bench().connect()
    ended_ms = ring_and_answer(bench, 10_000, 1) + 20_000
    bench.edge(ended_ms, "loop", False).press(ended_ms + 3000, "rate_4").press(ended_ms + 4000, "unresolved")
    bench.pass_time(ended_ms + 20_000)
    facts = {str(fact["kind"]): fact for fact in bench.facts("rated", "outcome")}
    assert (facts["rated"]["score"], facts["rated"]["call"]) == (4, 1)
    assert (facts["outcome"]["resolved"], facts["outcome"]["call"]) == (False, 1)


def test_unknown_inputs_are_ignored() -> None:
    Bench().edge(5, "coffee", True).edge(6, "", False).pass_time(100)
