"""The hook: off-hook, hang-up, flash, dial pulses and a far end that clears are told apart by time alone."""

from thirdring_unit.core.callstate import Line
from thirdring_unit.core.countries import Country, codes

from tests.core.desk import Desk, kinds, only, settings


def answered(country: str = "CN", **sections: "dict[str, object]") -> Desk:
    """A call answered at 10 s."""
    return Desk(settings(country, **sections)).ring(7000, 1).off_hook(10_000)


def rung(**line: object) -> Desk:
    return Desk(settings(line=line)).ring(2000, 1)


def test_a_call_may_be_answered_and_dropped_within_300_ms() -> None:
    for length_ms in (200, 210, 250, 299):
        facts = rung().off_hook(5000, 5000 + length_ms).facts()
        assert kinds(facts) == ["ring", "answered", "ended"], length_ms
        assert only(facts, "answered")[0] == 5000
        assert only(facts, "ended")[2]["talk_ms"] == length_ms


def test_a_shorter_closure_of_the_loop_is_no_answer() -> None:
    for length_ms in (1, 14, 60, 199):
        assert kinds(rung().off_hook(5000, 5000 + length_ms).facts()) == ["ring", "missed"], length_ms


def chatter(desk: Desk, at_ms: int, closed: bool, pairs: int, gap_ms: int = 3) -> Desk:
    """The loop contact moves at a time, and then bounces so many times before it rests."""
    desk.edge(at_ms, "loop", closed)
    for pair in range(pairs):
        desk.edge(at_ms + (2 * pair + 1) * gap_ms, "loop", not closed)
        desk.edge(at_ms + (2 * pair + 2) * gap_ms, "loop", closed)
    return desk


def test_a_contact_that_bounces_has_moved_when_it_first_moved() -> None:
    facts = chatter(chatter(rung(), 5000, True, 3), 60_000, False, 3).facts()
    assert only(facts, "answered")[0] == 5000
    assert only(facts, "ended")[0] == 60_000


def test_a_flash_by_hand_that_bounces_at_either_end_is_as_long_as_the_hand_made_it() -> None:
    for country in [Country(code) for code in codes()]:
        for length_ms in (country.flash_ms[0], country.flash_ms[1]):
            for opening, closing in ((3, 0), (0, 3), (3, 3)):
                flashing = chatter(answered(country.code), 20_000, False, opening)
                chatter(flashing, 20_000 + length_ms, True, closing)
                facts = flashing.edge(60_000, "loop", False).facts()
                assert only(facts, "flashed")[0] == 20_000, (country.code, length_ms, opening, closing)
                assert only(facts, "held")[0] == 20_000


def test_a_flash_that_bounces_brings_the_caller_back() -> None:
    for country, length_ms in (("GB", 80), ("FR", 100)):
        flashing = answered(country)
        for at_ms in (20_000, 30_000):
            chatter(chatter(flashing, at_ms, False, 3), at_ms + length_ms, True, 3)
        facts = flashing.edge(60_000, "loop", False).facts()
        assert kinds(facts) == ["ring", "answered", "flashed", "held", "resumed", "flashed", "ended"], country
        assert only(facts, "resumed")[2]["held_ms"] == 10_000


def test_an_open_loop_of_the_longest_kind_may_bounce_when_it_closes() -> None:
    facts = chatter(answered().edge(20_000, "loop", False), 20_900, True, 3).edge(23_000, "loop", False).facts()
    assert only(facts, "ended")[2]["why"] == "open loop"


def test_noise_shorter_than_the_debounce_is_not_seen_on_the_loop() -> None:
    noisy = answered()
    for at_ms in range(11_000, 20_000, 137):
        noisy.open_loop(at_ms, 5)
    facts = noisy.edge(20_000, "loop", False).off_hook(20_400, 20_410).facts()
    assert kinds(facts) == ["ring", "answered", "ended"]
    assert only(facts, "ended")[0] == 20_000


def test_a_break_inside_the_countrys_window_is_a_flash() -> None:
    for country in [Country(code) for code in codes()]:
        shortest_ms, longest_ms = country.flash_ms
        for length_ms in (shortest_ms, (shortest_ms + longest_ms) // 2, longest_ms):
            facts = answered(country.code).open_loop(20_000, length_ms).edge(60_000, "loop", False).facts()
            assert kinds(facts) == ["ring", "answered", "flashed", "held", "resumed", "ended"], (
                country.code,
                length_ms,
            )
            assert only(facts, "flashed")[0] == 20_000


def test_a_break_outside_the_window_is_no_flash() -> None:
    for country in [Country(code) for code in codes()]:
        shortest_ms, longest_ms = country.flash_ms
        for length_ms in (shortest_ms - 1, longest_ms + 1):
            facts = answered(country.code).open_loop(20_000, length_ms).edge(60_000, "loop", False).facts()
            assert "flashed" not in kinds(facts), (country.code, length_ms)


def test_a_break_too_short_for_a_flash_changes_nothing() -> None:
    for length_ms in (16, 30, 49):
        facts = answered().open_loop(20_000, length_ms).edge(60_000, "loop", False).facts()
        assert kinds(facts) == ["ring", "answered", "ended"]
        assert only(facts, "ended")[0] == 60_000


def test_a_break_longer_than_a_flash_and_too_short_for_an_open_loop_is_a_hang_up() -> None:
    facts = answered().open_loop(20_000, 220).edge(60_000, "loop", False).facts()
    assert kinds(facts) == ["ring", "answered", "ended", "dialled", "ended"]
    assert [at_ms for at_ms, kind, _ in facts if kind == "ended"] == [20_000, 60_000]
    assert facts[3][0] == 20_220


def test_an_open_loop_that_returns_says_that_the_caller_hung_up_first() -> None:
    for length_ms in (250, 500, 900):
        facts = answered().open_loop(20_000, length_ms).edge(23_000, "loop", False).facts()
        assert kinds(facts) == ["ring", "answered", "ended"], length_ms
        at_ms, _, fields = only(facts, "ended")
        assert (at_ms, fields["by"], fields["why"]) == (23_000, "caller", "open loop")


def test_a_break_that_does_not_return_is_a_hang_up_dated_by_its_beginning() -> None:
    for length_ms in (901, 1200, 5000):
        facts = answered().open_loop(20_000, length_ms).edge(60_000, "loop", False).facts()
        assert kinds(facts) == ["ring", "answered", "ended", "dialled", "ended"], length_ms
        assert facts[2][0] == 20_000
        assert facts[3][0] == 20_000 + length_ms


def test_dial_pulses_are_neither_flashes_nor_calls() -> None:
    for break_ms, make_ms in ((67, 33), (60, 40), (33, 17)):
        dialling = Desk(settings()).off_hook(1000)
        at_ms = 3000
        for digit in (1, 9, 1, 10, 5, 1):
            for _ in range(digit):
                dialling.open_loop(at_ms, break_ms)
                at_ms += break_ms + make_ms
            at_ms += 700
        facts = dialling.edge(60_000, "loop", False).facts()
        assert kinds(facts) == ["dialled", "ended"], (break_ms, facts)
        assert only(facts, "ended")[0] == 60_000


def test_dial_pulses_after_a_flash_are_no_flash_back() -> None:
    transferring = answered().open_loop(20_000, 100)
    for pulse in range(3):
        transferring.open_loop(22_000 + 100 * pulse, 60)
    facts = transferring.open_loop(23_500, 60).edge(40_000, "loop", False).facts()
    assert kinds(facts) == ["ring", "answered", "flashed", "held", "resumed", "ended"]
    assert only(facts, "resumed")[2]["held_ms"] == 20_000


def test_dial_pulses_to_a_colleague_are_no_flash_back() -> None:
    ears: dict[str, object] = {"line_device": "line", "agent_device": "agent"}
    consulting = answered(sound=ears).open_loop(20_000, 100).hear("voice", "agent", 20_800, 21_500)
    for pulse in range(3):
        consulting.open_loop(22_000 + 100 * pulse, 60)
    facts = consulting.edge(40_000, "loop", False).facts()
    assert kinds(facts) == ["ring", "answered", "flashed", "ended"]
    assert only(facts, "ended")[2]["why"] == "transfer"


def test_a_flash_as_short_as_a_dial_pulse_counts_in_an_answered_call() -> None:
    facts = answered().open_loop(20_000, 60).edge(40_000, "loop", False).facts()
    assert only(facts, "flashed")[0] == 20_000


def test_a_ring_right_after_the_call_ends_the_call_and_begins_another() -> None:
    for gap_ms in (100, 200, 500, 850):
        for hz in (0, 17, 25):
            facts = answered().edge(20_000, "loop", False).burst(20_000 + gap_ms, 21_000 + gap_ms, hz).facts()
            assert kinds(facts) == ["ring", "answered", "ended", "ring", "missed"], (gap_ms, hz)
            assert only(facts, "ended")[0] == 20_000
            assert facts[3] == (20_000 + gap_ms, "ring", {"call": 2, "n": 1})


def test_a_ring_right_after_the_call_may_ripple_on_the_loop() -> None:
    for hz in (15, 17, 20, 25):
        rippling = answered().edge(20_000, "loop", False)
        for half in range(2 * hz):
            start_ms = 20_300 + half * 500 // hz
            rippling.off_hook(start_ms, start_ms + 54 * 5 // hz)
        facts = rippling.burst(20_540, 21_500).facts()
        assert kinds(facts) == ["ring", "answered", "ended", "ring", "missed"], (hz, facts)
        assert only(facts, "ended")[0] == 20_000


def test_a_loop_closed_at_the_start_carries_a_call_of_before() -> None:
    line = Line(settings())
    line.start(5000, ["loop"])
    assert (line.state, line.call) == ("taken", None)
    later = Desk().open_loop(8000, 100).press(9000).edge(20_000, "loop", False).ring(30_000, 1).off_hook(33_000, 50_000)
    facts = later.facts(line=line)
    assert kinds(facts) == ["ring", "answered", "ended"]
    assert facts[1][2]["rings"] == 1


def test_a_handset_that_is_never_laid_down_is_a_fault_and_the_call_goes_on() -> None:
    facts = answered(line={"loop_stuck_ms": 60_000}).edge(100_000, "loop", False).facts()
    assert kinds(facts) == ["ring", "answered", "fault", "ended"]
    assert only(facts, "fault") == (70_000, "fault", {"what": "stuck", "input": "loop"})
