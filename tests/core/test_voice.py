"""Voice: what the ears know of a call stands in its `ended` fact, and nothing else does."""

from thirdring_unit.core.events import Signal
from thirdring_unit.core.voice import Voice

from tests.core.desk import Desk, only, settings

BOTH: dict[str, object] = {"line_device": "line", "agent_device": "agent"}


def heard(*spoken: "tuple[str, int, int]", **sound: object) -> Desk:
    """A call from 10 s to 60 s with some speech: channel, from, to."""
    desk = Desk(settings(sound=sound or BOTH, hold={"quiet_ms": 60_000})).ring(7000, 1).off_hook(10_000, 60_000)
    for channel, from_ms, to_ms in spoken:
        desk.hear("voice", channel, from_ms, to_ms)
    return desk


def ended(desk: Desk) -> "dict[str, object]":
    return only(desk.facts(), "ended")[2]


def test_the_greeting_is_the_agents_first_speech_after_off_hook() -> None:
    assert ended(heard(("line", 10_300, 11_000), ("agent", 12_500, 14_000)))["greeting_ms"] == 2500
    assert ended(heard(("agent", 9_800, 14_000)))["greeting_ms"] == 0
    assert ended(heard(("agent", 1_000, 12_000), ("agent", 13_000, 14_000)))["greeting_ms"] == 3000
    assert "greeting_ms" not in ended(heard(("line", 12_500, 14_000)))


def test_each_partys_speech_is_summed() -> None:
    fields = ended(heard(("agent", 11_000, 13_000), ("line", 14_000, 19_000), ("agent", 20_000, 20_500)))
    assert (fields["agent_ms"], fields["caller_ms"]) == (2500, 5000)


def test_speech_beyond_the_call_is_not_of_the_call() -> None:
    fields = ended(heard(("agent", 5000, 12_000), ("line", 59_000, 70_000)))
    assert (fields["agent_ms"], fields["caller_ms"]) == (2000, 1000)


def test_speaking_at_the_same_time_is_overlap() -> None:
    for (begun_ms, ended_ms), line, overlap_ms in (
        ((11_000, 15_000), (14_000, 18_000), 1000),
        ((14_000, 18_000), (11_000, 15_000), 1000),
        ((11_000, 20_000), (13_000, 15_000), 2000),
        ((11_000, 13_000), (13_000, 15_000), 0),
        ((59_000, 70_000), (58_000, 65_000), 1000),
    ):
        desk = heard(("agent", begun_ms, ended_ms), ("line", line[0], line[1]))
        assert ended(desk)["overlap_ms"] == overlap_ms, (begun_ms, line)


def test_speaking_into_the_callers_words_interrupts() -> None:
    caller = ("line", 11_000, 20_000)
    assert ended(heard(caller, ("agent", 15_000, 17_000)))["interruptions"] == 1
    assert ended(heard(caller, ("agent", 13_000, 14_000), ("agent", 16_000, 17_000)))["interruptions"] == 2
    assert ended(heard(caller, ("agent", 15_000, 15_400)))["interruptions"] == 0  # "mhm"
    assert ended(heard(("agent", 11_000, 20_000), ("line", 15_000, 17_000)))["interruptions"] == 0  # by the caller


def test_the_longest_two_way_silence_counts() -> None:
    assert ended(heard(("agent", 11_000, 13_000), ("line", 20_000, 59_500)))["silence_max_ms"] == 7000
    assert ended(heard(("agent", 11_000, 13_000)))["silence_max_ms"] == 47_000
    assert ended(heard(("agent", 5000, 70_000)))["silence_max_ms"] == 0


def test_silence_on_hold_is_no_silence_of_the_conversation() -> None:
    desk = heard(("agent", 10_000, 20_000), ("agent", 52_000, 60_000))
    assert ended(desk.press(22_000).press(50_000))["silence_max_ms"] == 2000


def test_loud_speech_is_summed_where_the_ears_measure_it() -> None:
    desk = (
        heard()
        .hear("voice", "agent", 11_000, 13_000, {"loud_ms": 300})
        .hear("voice", "agent", 14_000, 15_000, {"loud_ms": 50})
    )
    assert ended(desk)["loud_ms"] == 350
    assert "loud_ms" not in ended(heard(("agent", 11_000, 13_000)))


def test_what_is_not_sensed_is_not_reported() -> None:
    always = {"call", "by", "why", "talk_ms", "held_ms"}
    spoken = (("agent", 11_000, 13_000), ("line", 14_000, 59_000))
    assert set(ended(heard(*spoken))) == always | {
        "greeting_ms",
        "agent_ms",
        "caller_ms",
        "overlap_ms",
        "silence_max_ms",
        "interruptions",
    }
    assert set(ended(heard(*spoken, agent_device="agent"))) == always | {"greeting_ms", "agent_ms"}
    assert set(ended(heard(*spoken, line_device="line"))) == always | {"silence_max_ms"}
    assert set(ended(heard(*spoken, room_device="room"))) == always


def test_a_failed_ear_measures_nothing_in_that_call() -> None:
    desk = heard(("agent", 11_000, 13_000), ("line", 14_000, 20_000)).hear("fault", "line", 30_000)
    assert {"silence_max_ms", "caller_ms", "overlap_ms"}.isdisjoint(ended(desk))


def test_an_ear_that_failed_before_a_call_is_no_silent_party_and_hears_again_once_it_is_mended() -> None:
    voice = Voice(settings(sound=BOTH))
    for on, expected in ((True, False), (False, True)):
        voice.hear(Signal("fault", "agent", on, 0))
        voice.begin(1000, answered=True)
        voice.hear(Signal("voice", "agent", True, 2000))
        voice.hear(Signal("voice", "agent", False, 3000))
        assert ("agent_ms" in voice.finish(9000)) == expected


def test_of_two_faults_of_an_ear_one_that_is_mended_leaves_the_other() -> None:
    voice = Voice(settings(sound=BOTH))
    for on in (True, True, False):
        voice.hear(Signal("fault", "agent", on, 0))
    voice.begin(1000, answered=True)
    assert not voice.hears("agent")


def test_an_end_told_late_takes_back_overlap_that_was_none() -> None:
    voice = Voice(settings(sound=BOTH))
    voice.begin(0, answered=True)
    for channel, on, at_ms in (
        ("line", True, 1000),
        ("agent", True, 5000),
        ("agent", False, 9000),
        ("line", False, 5200),  # told after the agent's end, although it was before
    ):
        voice.hear(Signal("voice", channel, on, at_ms))
    measures = voice.finish(20_000)
    assert (measures["overlap_ms"], measures["interruptions"]) == (200, 0)
    assert measures["silence_max_ms"] == 11_000


def test_a_beginning_told_late_finds_the_overlap_that_was() -> None:
    voice = Voice(settings(sound=BOTH))
    voice.begin(0, answered=True)
    for channel, on, at_ms in (
        ("line", True, 1000),
        ("line", False, 5000),
        ("agent", True, 4000),  # told after the caller's end, although it was before
        ("agent", False, 9000),
    ):
        voice.hear(Signal("voice", channel, on, at_ms))
    measures = voice.finish(20_000)
    assert (measures["overlap_ms"], measures["interruptions"]) == (1000, 1)


def test_speech_that_goes_on_from_one_call_into_the_next_counts_in_both() -> None:
    desk = heard(("agent", 50_000, 80_000)).ring(66_000, 1).off_hook(70_000, 90_000)
    sums = [fields["agent_ms"] for _, kind, fields in desk.facts() if kind == "ended"]
    assert sums == [10_000, 10_000]


def test_only_a_caller_is_greeted() -> None:
    desk = Desk(settings(sound=BOTH)).off_hook(10_000, 60_000).hear("voice", "agent", 12_000, 13_000)
    assert "greeting_ms" not in ended(desk)
