"""Holds: the caller's waiting, to the millisecond, with how it is known."""

from thirdring_unit.core.settings import Settings

from tests.core.desk import Desk, kinds, only, settings

EARS: dict[str, object] = {"line_device": "line", "agent_device": "agent"}
LINE_EAR: dict[str, object] = {"line_device": "line"}


def answered(of: "Settings | None" = None) -> Desk:
    """A call answered at 10 s."""
    return Desk(of or settings()).ring(7000, 1).off_hook(10_000)


def talked(of: Settings) -> Desk:
    """An answered call in which both have spoken until 15 s."""
    return answered(of).talk("agent", 10_500, 12_000).talk("line", 12_000, 15_000)


def holds(facts: "list[tuple[int, str, dict[str, object]]]") -> "list[tuple[object, ...]]":
    """Each hold as (from, how, to, held_ms)."""
    begun = [(at_ms, fields["how"]) for at_ms, kind, fields in facts if kind == "held"]
    ended = [(at_ms, fields["held_ms"]) for at_ms, kind, fields in facts if kind == "resumed"]
    assert len(begun) == len(ended)
    return [first + second for first, second in zip(begun, ended)]


def test_a_press_of_the_key_holds_and_the_next_one_resumes() -> None:
    facts = answered().press(20_000).press(50_000).edge(60_000, "loop", False).facts()
    assert holds(facts) == [(20_000, "key", 50_000, 30_000)]
    ended = only(facts, "ended")[2]
    assert (ended["held_ms"], ended["talk_ms"]) == (30_000, 20_000)


def test_a_hold_lamp_holds_as_long_as_it_is_lit() -> None:
    facts = answered().press(20_000, 30_000).press(55_000, 3000).edge(60_000, "loop", False).facts()
    assert holds(facts) == [(20_000, "key", 50_000, 30_000), (55_000, "key", 58_000, 3000)]


def test_a_hang_up_ends_the_hold() -> None:
    facts = answered().press(20_000).edge(60_000, "loop", False).facts()
    assert kinds(facts)[-3:] == ["held", "resumed", "ended"]
    assert holds(facts) == [(20_000, "key", 60_000, 40_000)]
    assert only(facts, "ended")[2]["held_ms"] == 40_000


def test_a_bouncing_key_is_one_press() -> None:
    bouncing = answered()
    for at_ms in (20_000, 20_005, 20_010):
        bouncing.press(at_ms, 2)
    assert holds(bouncing.press(20_014).press(50_000).edge(60_000, "loop", False).facts()) == [
        (20_000, "key", 50_000, 30_000)
    ]


def test_the_key_means_nothing_without_a_call() -> None:
    assert Desk().press(1000).facts() == []
    assert kinds(Desk().ring(1000, 1).press(2500).facts()) == ["ring", "missed"]


def test_a_stuck_key_is_a_fault_and_the_line_goes_on() -> None:
    of = settings(hold={"key_stuck_ms": 60_000})
    facts = answered(of).press(20_000, 90_000).edge(120_000, "loop", False).facts()
    assert only(facts, "fault") == (80_000, "fault", {"what": "stuck", "input": "hold_key"})
    assert holds(facts) == [(20_000, "key", 110_000, 90_000)]


def test_without_an_ear_on_the_agent_a_flash_holds_and_a_flash_resumes() -> None:
    facts = answered().open_loop(20_000, 100).open_loop(50_000, 100).edge(60_000, "loop", False).facts()
    assert kinds(facts) == ["ring", "answered", "flashed", "held", "resumed", "flashed", "ended"]
    assert holds(facts) == [(20_000, "flash", 50_000, 30_000)]


def test_a_flash_need_not_be_a_hold() -> None:
    of = settings(hold={"flash_holds": False})
    facts = answered(of).open_loop(20_000, 100).edge(60_000, "loop", False).facts()
    assert kinds(facts) == ["ring", "answered", "flashed", "ended"]


def test_a_flash_followed_by_the_agents_silence_is_a_hold_from_the_flash() -> None:
    of = settings(sound=EARS)
    desk = talked(of).open_loop(20_000, 100).talk("agent", 32_000, 34_000).talk("line", 34_000, 60_000)
    facts = desk.edge(60_000, "loop", False).facts()
    assert holds(facts) == [(20_000, "flash", 32_000, 12_000)]


def test_a_flash_followed_by_the_agents_voice_is_no_hold() -> None:
    desk = talked(settings(sound=EARS)).open_loop(20_000, 100).talk("agent", 21_000, 39_000)
    facts = desk.edge(40_000, "loop", False).facts()
    assert kinds(facts) == ["ring", "answered", "flashed", "ended"]


def test_a_flash_that_is_soon_taken_back_is_no_hold() -> None:
    desk = talked(settings(sound=EARS)).open_loop(20_000, 100).open_loop(21_000, 100)
    facts = desk.talk("line", 22_000, 39_000).edge(40_000, "loop", False).facts()
    assert kinds(facts) == ["ring", "answered", "flashed", "flashed", "ended"]


def test_a_flash_and_then_on_hook_is_a_transfer() -> None:
    for of in (settings(), settings(sound=EARS)):
        facts = answered(of).open_loop(20_000, 100).edge(24_000, "loop", False).facts()
        ended = only(facts, "ended")[2]
        assert (ended["by"], ended["why"]) == ("unknown", "transfer")


def test_a_flash_back_is_no_transfer() -> None:
    facts = answered().open_loop(20_000, 100).open_loop(30_000, 100).edge(40_000, "loop", False).facts()
    assert only(facts, "ended")[2]["why"] == "no tone sensing"


def test_music_on_the_line_is_a_hold_while_it_plays() -> None:
    desk = talked(settings(sound=EARS)).hear("music", "line", 16_000, 46_000).talk("line", 46_500, 59_000)
    assert holds(desk.edge(60_000, "loop", False).facts()) == [(16_000, "music", 46_000, 30_000)]


def test_the_music_of_a_hold_by_key_makes_no_second_hold() -> None:
    desk = talked(settings(sound=EARS)).press(20_000).hear("music", "line", 20_500, 50_500).press(50_000)
    desk.talk("agent", 50_600, 59_000)
    assert holds(desk.edge(60_000, "loop", False).facts()) == [(20_000, "key", 50_000, 30_000)]


def test_music_that_is_told_after_its_hold_makes_no_second_hold() -> None:
    desk = talked(settings(sound=EARS)).press(20_000).press(22_000).talk("agent", 22_500, 59_000)
    desk.hear("music", "line", 21_950, 22_100)
    assert holds(desk.edge(60_000, "loop", False).facts()) == [(20_000, "key", 22_000, 2000)]


def test_a_hold_tone_counts_as_music() -> None:
    desk = talked(settings(sound=EARS)).hear("tone", "line", 16_000, 46_000, "hold").talk("line", 46_500, 59_000)
    assert holds(desk.edge(60_000, "loop", False).facts()) == [(16_000, "music", 46_000, 30_000)]


def test_two_way_silence_beyond_its_limit_is_a_hold_from_its_beginning() -> None:
    for limit_ms, found in ((20_000, True), (30_001, False)):
        of = settings(sound=EARS, hold={"quiet_ms": limit_ms})
        desk = talked(of).talk("agent", 45_000, 59_000)
        facts = desk.edge(60_000, "loop", False).facts()
        assert holds(facts) == ([(15_000, "quiet", 45_000, 30_000)] if found else []), limit_ms


def test_silence_is_not_monitored_without_an_ear_on_the_line() -> None:
    for sound in ({}, {"agent_device": "agent"}):
        facts = answered(settings(sound=dict(sound))).edge(500_000, "loop", False).facts()
        assert kinds(facts) == ["ring", "answered", "ended"]
        assert "silence_max_ms" not in only(facts, "ended")[2]


def test_with_one_ear_on_the_line_any_speech_ends_the_silence() -> None:
    desk = answered(settings(sound=LINE_EAR)).talk("line", 10_500, 15_000).talk("line", 45_000, 59_000)
    assert holds(desk.edge(60_000, "loop", False).facts()) == [(15_000, "quiet", 45_000, 30_000)]


def test_after_a_flash_the_speech_on_the_line_is_another_partys() -> None:
    desk = answered(settings(sound=LINE_EAR)).talk("line", 10_500, 19_000).open_loop(20_000, 100)
    desk.talk("line", 25_000, 40_000).open_loop(45_000, 100).talk("line", 45_500, 59_000)
    assert holds(desk.edge(60_000, "loop", False).facts()) == [(20_000, "flash", 45_000, 25_000)]


def test_a_voice_that_is_no_talk_neither_breaks_the_silence_of_a_hold_nor_ends_it() -> None:
    for sound in (EARS, LINE_EAR):
        desk = answered(settings(sound=sound)).talk("line", 10_500, 15_000)
        desk.hear("voice", "line", 25_000, 25_600).hear("voice", "line", 45_000, 65_000)
        desk.talk("line", 70_000, 79_000)
        assert holds(desk.edge(80_000, "loop", False).facts()) == [(15_000, "quiet", 70_000, 55_000)]


def test_a_silence_begins_after_the_callers_last_word_in_answer() -> None:
    desk = answered(settings(sound=EARS)).hear("voice", "agent", 10_500, 15_000).hear("voice", "line", 16_000, 16_900)
    desk.hear("voice", "agent", 50_000, 59_000)
    assert holds(desk.edge(60_000, "loop", False).facts()) == [(16_900, "quiet", 50_000, 33_100)]


def test_a_word_of_the_agent_ends_a_silence() -> None:
    desk = talked(settings(sound=EARS)).hear("voice", "agent", 50_000, 50_600).hear("voice", "line", 52_000, 59_000)
    assert holds(desk.edge(60_000, "loop", False).facts()) == [(15_000, "quiet", 50_000, 35_000)]


def test_talk_without_a_voice_for_long_is_no_hold() -> None:
    desk = answered(settings(sound=LINE_EAR)).hear("voice", "line", 10_500, 15_000).hear("talk", "line", 10_500, 58_000)
    assert holds(desk.edge(60_000, "loop", False).facts()) == []


def test_music_while_people_talk_is_no_hold() -> None:
    desk = answered(settings(sound=LINE_EAR)).talk("line", 10_500, 58_000).hear("music", "line", 20_000, 40_000)
    assert holds(desk.edge(60_000, "loop", False).facts()) == []


def test_an_announcement_over_the_music_does_not_end_its_hold() -> None:
    for sound in (EARS, LINE_EAR):
        desk = answered(settings(sound=sound)).talk("line", 10_500, 15_000)
        desk.hear("music", "line", 16_000, 70_000).talk("line", 40_000, 46_000)
        desk.talk("line", 70_500, 79_000)
        assert holds(desk.edge(80_000, "loop", False).facts()) == [(16_000, "music", 70_000, 54_000)]


def test_an_announcement_between_the_music_does_not_end_its_hold() -> None:
    for sound in (EARS, LINE_EAR):
        desk = answered(settings(sound=sound)).talk("line", 10_500, 15_000)
        desk.hear("music", "line", 16_000, 40_000).talk("line", 40_500, 58_000).hear("music", "line", 59_000, 90_000)
        desk.talk("line", 90_000, 130_000)
        assert holds(desk.edge(140_000, "loop", False).facts()) == [(16_000, "music", 90_000, 74_000)]


def test_talk_for_longer_than_any_announcement_was_the_return_and_music_after_it_is_another_hold() -> None:
    desk = talked(settings(sound=LINE_EAR)).hear("music", "line", 16_000, 40_000).talk("line", 40_000, 72_000)
    desk.hear("music", "line", 73_000, 90_000).talk("line", 90_000, 130_000)
    assert holds(desk.edge(140_000, "loop", False).facts()) == [
        (16_000, "music", 40_000, 24_000),
        (73_000, "music", 90_000, 17_000),
    ]


def test_whoever_talks_after_the_music_until_the_call_ends_had_returned() -> None:
    desk = talked(settings(sound=LINE_EAR)).hear("music", "line", 16_000, 40_000).talk("line", 40_000, 48_000)
    assert holds(desk.edge(50_000, "loop", False).facts()) == [(16_000, "music", 40_000, 24_000)]


def test_whoever_talks_after_the_music_and_then_presses_the_key_had_returned() -> None:
    desk = talked(settings(sound=LINE_EAR)).hear("music", "line", 16_000, 40_000).talk("line", 40_000, 48_000)
    assert holds(desk.press(48_500).press(60_000).edge(70_000, "loop", False).facts()) == [
        (16_000, "music", 40_000, 24_000),
        (48_500, "key", 60_000, 11_500),
    ]


def test_talk_that_pauses_long_was_an_announcement_even_if_the_music_is_not_known_again() -> None:
    desk = talked(settings(sound=LINE_EAR)).hear("music", "line", 16_000, 40_000).talk("line", 40_000, 50_000)
    desk.talk("line", 70_000, 110_000)
    assert holds(desk.edge(120_000, "loop", False).facts()) == [(16_000, "music", 70_000, 54_000)]


def test_a_pause_between_two_tunes_does_not_end_the_hold() -> None:
    desk = talked(settings(sound=LINE_EAR)).hear("music", "line", 16_000, 40_000).hear("music", "line", 52_000, 70_000)
    desk.talk("line", 70_400, 79_000)
    assert holds(desk.edge(80_000, "loop", False).facts()) == [(16_000, "music", 70_000, 54_000)]


def test_a_caller_who_hangs_up_after_the_music_had_waited_until_its_end() -> None:
    desk = talked(settings(sound=LINE_EAR)).hear("music", "line", 16_000, 40_000)
    assert holds(desk.edge(44_000, "loop", False).facts()) == [(16_000, "music", 40_000, 24_000)]


def test_the_agents_voice_ends_a_hold_with_music_at_once() -> None:
    desk = talked(settings(sound=EARS)).hear("music", "line", 16_000, 55_000).talk("agent", 50_000, 59_000)
    assert holds(desk.edge(60_000, "loop", False).facts()) == [(16_000, "music", 50_000, 34_000)]


def test_a_silence_that_counts_as_a_hold_is_a_silence_still() -> None:
    desk = talked(settings(sound=EARS)).talk("agent", 45_000, 59_000)
    assert only(desk.edge(60_000, "loop", False).facts(), "ended")[2]["silence_max_ms"] == 30_000


def test_the_agents_voice_ends_a_hold_by_the_key() -> None:
    desk = talked(settings(sound=EARS)).press(20_000).talk("agent", 50_000, 58_000)
    assert holds(desk.edge(60_000, "loop", False).facts())[0] == (20_000, "key", 50_000, 30_000)


def test_words_said_while_pressing_the_key_do_not_end_the_hold() -> None:
    desk = talked(settings(sound=EARS)).talk("agent", 19_000, 21_500).press(20_000).press(50_000)
    assert holds(desk.edge(52_000, "loop", False).facts()) == [(20_000, "key", 50_000, 30_000)]


def test_a_cough_does_not_end_a_hold() -> None:
    desk = talked(settings(sound=EARS)).press(20_000).talk("agent", 30_000, 30_400).press(50_000)
    assert holds(desk.edge(52_000, "loop", False).facts()) == [(20_000, "key", 50_000, 30_000)]


def test_with_an_ear_on_the_agent_nobody_elses_talk_ends_a_hold_with_music() -> None:
    desk = talked(settings(sound=EARS)).hear("music", "line", 16_000, 30_000).talk("line", 30_000, 65_000)
    desk.hear("music", "line", 66_000, 90_000).talk("agent", 90_500, 99_000)
    assert holds(desk.edge(100_000, "loop", False).facts()) == [(16_000, "music", 90_500, 74_500)]


def test_an_agent_who_returned_for_longer_than_an_announcement_and_then_waits_in_silence_is_back() -> None:
    desk = talked(settings(sound=LINE_EAR)).hear("music", "line", 16_000, 30_000).talk("line", 30_000, 50_500)
    desk.talk("line", 90_000, 99_000)
    assert holds(desk.edge(100_000, "loop", False).facts()) == [
        (16_000, "music", 30_000, 14_000),
        (50_500, "quiet", 90_000, 39_500),
    ]


def test_the_agents_voice_does_not_put_out_a_lit_hold_lamp() -> None:
    desk = talked(settings(sound=EARS)).press(20_000, 30_000).talk("agent", 25_000, 35_000)
    assert holds(desk.edge(52_000, "loop", False).facts()) == [(20_000, "key", 50_000, 30_000)]


def test_the_key_during_a_silence_begins_a_hold_of_its_own() -> None:
    desk = talked(settings(sound=EARS)).press(45_000).press(55_000).edge(60_000, "loop", False)
    assert holds(desk.facts()) == [(15_000, "quiet", 45_000, 30_000), (45_000, "key", 55_000, 10_000)]


def test_a_desk_that_dials_holds_by_key_but_not_by_the_exchanges_music() -> None:
    desk = Desk(settings(sound=EARS)).off_hook(1000).hear("music", "line", 5000, 30_000).press(40_000).press(50_000)
    facts = desk.edge(55_000, "loop", False).facts()
    assert holds(facts) == [(40_000, "key", 50_000, 10_000)]


def test_the_end_of_the_call_is_dated_before_what_is_heard_after_it() -> None:
    desk = talked(settings(sound=EARS)).edge(20_000, "loop", False).hear("music", "line", 20_300, 25_000).press(20_100)
    facts = desk.facts()
    assert kinds(facts) == ["ring", "answered", "ended"]
    assert facts[-1][0] == 20_000


def test_silence_after_the_caller_left_is_no_hold() -> None:
    desk = talked(settings(sound=EARS)).hear("tone", "line", 16_000, 59_000, "busy").edge(60_000, "loop", False)
    facts = desk.facts()
    assert holds(facts) == []
    assert only(facts, "ended")[2]["silence_max_ms"] == 1000


def test_music_that_begins_with_the_call_while_the_agent_speaks_is_one_hold_and_never_another() -> None:
    desk = Desk(settings(sound=EARS)).hear("voice", "agent", 1000)
    desk.edge(10_000, "ring", True).edge(10_000, "loop", True).hear("music", "line", 10_000).edge(10_400, "ring", False)
    facts = desk.edge(60_000, "loop", False).facts()
    assert len(holds(facts)) <= 1
    assert kinds(facts)[-1] == "ended"
