"""The panel: two lights told apart by rhythm, not by colour."""

from thirdring_unit.core.panel import IDENTIFY_MS, PATTERNS, SELF_TEST_MS, Panel

READY = SELF_TEST_MS


def lit(panel: Panel, from_ms: int, to_ms: int, light: int) -> int:
    """Return for how many of these milliseconds a light (0: VIP, 1: prompt) is lit."""
    return sum([panel.lights(up_ms)[light] for up_ms in range(from_ms, to_ms)])


def changes(panel: Panel, from_ms: int, to_ms: int) -> int:
    """Return how often the VIP light changes."""
    lights = [panel.lights(up_ms)[0] for up_ms in range(from_ms, to_ms)]
    return len([index for index in range(1, len(lights)) if lights[index] != lights[index - 1]])


def test_both_lights_are_lit_for_a_moment_at_the_start_and_off_after_it() -> None:
    panel = Panel(100)
    assert panel.lights(100) == (True, True)
    assert panel.lights(100 + SELF_TEST_MS - 1) == (True, True)
    assert panel.lights(100 + SELF_TEST_MS) == (False, False)


def test_near_blinks_slowly_and_over_is_steady() -> None:
    panel = Panel(0)
    panel.show(READY, "near", "off")
    assert lit(panel, READY, READY + 4000, 0) == 2000
    assert changes(panel, READY, READY + 4000) == 3
    panel.show(10_000, "over", "off")
    assert lit(panel, 10_000, 14_000, 0) == 4000
    assert lit(panel, 10_000, 14_000, 1) == 0


def test_a_light_shows_its_new_word_at_once() -> None:
    panel = Panel(0)
    for up_ms in (5000, 5001, 5999, 6001):
        panel.show(up_ms, "off", "off")
        panel.show(up_ms, "near", "near")
        assert panel.lights(up_ms) == (True, True)


def test_saying_the_same_word_again_does_not_disturb_the_rhythm() -> None:
    panel = Panel(0)
    for up_ms in range(READY, READY + 2000, 10):
        panel.show(up_ms, "near", "off")
        assert panel.lights(up_ms)[0] == (up_ms - READY < 1000)


def test_identify_blinks_both_fast_for_a_while_and_then_the_words_are_back() -> None:
    panel = Panel(0)
    panel.show(READY, "over", "off")
    panel.identify(20_000)
    assert changes(panel, 20_000, 22_000) == 9
    assert lit(panel, 20_000, 22_000, 1) == 1000
    assert panel.lights(20_000 + IDENTIFY_MS) == (True, False)


def test_the_next_change_is_told_exactly() -> None:
    panel = Panel(0)
    panel.show(0, "near", "off")
    for start_ms in (0, 2500, 3999, 20_000, 25_000):
        if start_ms == 20_000:
            panel.identify(start_ms)
        next_ms = panel.next_ms(start_ms)
        assert next_ms is not None
        assert next_ms > start_ms
        for up_ms in range(start_ms, next_ms):
            assert panel.lights(up_ms) == panel.lights(start_ms)
        assert panel.lights(next_ms) != panel.lights(start_ms)


def test_lights_that_stay_as_they_are_need_no_looking_after() -> None:
    panel = Panel(0)
    panel.show(READY, "over", "off")
    assert panel.next_ms(READY) is None


def test_no_light_flashes_more_than_three_times_a_second() -> None:
    for lit_ms, cycle_ms in PATTERNS.values():
        assert lit_ms in (0, cycle_ms) or 3 * cycle_ms >= 1000


def test_any_two_words_are_told_apart_by_rhythm_alone() -> None:
    words = list(PATTERNS)
    for index in range(len(words)):
        for other in words[index + 1 :]:
            (lit_1, cycle_1), (lit_2, cycle_2) = PATTERNS[words[index]], PATTERNS[other]
            shares = abs(lit_1 * cycle_2 - lit_2 * cycle_1) * 5 >= 2 * cycle_1 * cycle_2
            tempos = max(cycle_1, cycle_2) >= 4 * min(cycle_1, cycle_2)
            assert shares or tempos, (words[index], other)
