"""A scenario as edges and sound: contacts bounce, ringing may be raw, speech is speech."""

import pytest
import webrtcvad
from hypothesis import given
from hypothesis import strategies as st
from thirdring_unit.core.events import INPUTS
from thirdring_unit.sim import chance, sound, voices
from thirdring_unit.sim.day import Day, work_out
from thirdring_unit.sim.edges import edges
from thirdring_unit.sim.exchange import exchange_of
from thirdring_unit.sim.story import Call, Hold, Scenario, Vip
from thirdring_unit.sim.voices import RATE_HZ, Samples

SETTLED_MS = 20  # longer than a contact bounces, shorter than anything that means something


def settled(day: Day, name: str) -> list[tuple[int, bool]]:
    """Changes of one input at the first edge of each; what follows within a moment is bounce."""
    changes: list[tuple[int, bool]] = []
    for edge in edges(day):
        if edge.name == name and (not changes or edge.at_ms - changes[-1][0] >= SETTLED_MS):
            changes.append((edge.at_ms, edge.active))
    return changes


def one_call(call: Call, **desk: object) -> Day:
    return work_out(Scenario(desk="desk-07", calls=(call,), **desk))  # type: ignore[arg-type] # a day's other fields


def test_a_chinese_call_rings_every_five_seconds_until_it_is_answered() -> None:
    day = one_call(Call(15_000, "answered", rings=3, after_ring_ms=600, talk_ms=20_000))
    ring = settled(day, "ring")
    assert ring == [(15_000, True), (16_000, False), (20_000, True), (21_000, False), (25_000, True), (25_600, False)]
    assert settled(day, "loop")[0] == (25_600, True)


def test_a_british_ring_sounds_twice() -> None:
    day = one_call(Call(15_000, "missed", rings=2), country="GB")
    starts_ms = [at_ms for at_ms, active in settled(day, "ring") if active]
    assert starts_ms == [15_000, 15_600, 18_000, 18_600]


def test_raw_ringing_current_has_an_edge_for_every_half_wave() -> None:
    day = one_call(Call(15_000, "missed", rings=1), raw_ring=True)
    rises_ms = [edge.at_ms for edge in edges(day) if edge.name == "ring" and edge.active]
    assert rises_ms == list(range(15_000, 16_000, 20))


def test_a_flash_hold_breaks_the_loop_at_its_beginning_and_its_end() -> None:
    day = one_call(Call(15_000, "answered", 1, 1_500, talk_ms=30_000, holds=(Hold(40_000, "flash", 10_000),)))
    breaks_ms = [at_ms for at_ms, active in settled(day, "loop") if not active]
    assert breaks_ms[:2] == [26_500, 66_500]


def test_a_top_tier_vip_presses_long_and_an_ordinary_one_short() -> None:
    day = work_out(Scenario(desk="desk-07", vips=(Vip(15_000, 1, 60_000), Vip(20_000, 2, 60_000))))
    down, up, long_down, long_up = [at_ms for at_ms, _ in settled(day, "vip_in")]
    assert up - down < 1_000 <= long_up - long_down


@given(seed=st.integers(0, 10_000), country=st.sampled_from(["CN", "GB", "US", "JP"]))
def test_edges_are_ordered_repeatable_and_every_contact_comes_to_rest(seed: int, country: str) -> None:
    day = work_out(chance.scenario(seed, country=country, length_ms=300_000))
    found = edges(day)
    assert found == sorted(found)
    assert found == edges(day)
    assert {edge.name for edge in found} <= set(INPUTS)
    last = {edge.name: edge for edge in found}
    assert not any(edge.active for edge in last.values())
    assert all(edge.at_ms < day.end_ms for edge in last.values())


@pytest.mark.parametrize("country", ["CN", "US", "GB", "JP", "SG"])
def test_the_exchange_of_a_country_rings_as_the_table_says(country: str) -> None:
    cycles_ms = {"CN": 5_000, "US": 6_000, "GB": 3_000, "JP": 3_000, "SG": 3_000}
    assert exchange_of(country).ring_cycle_ms == cycles_ms[country]


def heard_as_speech(samples: Samples) -> float:
    """Share of frames that a strict voice detector takes for speech."""
    detector, size = webrtcvad.Vad(3), RATE_HZ // 50
    whole = (samples[: len(samples) // size * size] * 32_767).astype("<i2").reshape(-1, size)
    heard = [bool(detector.is_speech(frame.tobytes(), RATE_HZ)) for frame in whole]
    return heard.count(True) / len(heard)


def test_a_voice_detector_hears_made_speech_as_speech() -> None:
    for who in ("agent", "caller"):
        assert heard_as_speech(voices._synthetic_speech(who)) > 0.9  # noqa: SLF001 -- espeak-ng must not be needed
        assert heard_as_speech(voices.speech("agent" if who == "agent" else "caller")) > 0.9


def test_each_side_is_heard_on_its_own_channel_and_only_in_its_turns() -> None:
    day = one_call(Call(15_000, "answered", 1, 1_500, greeting_ms=1_000, talk_ms=20_000))
    loud = {
        channel: [frame.std() > 300 for frame in sound.frames(day, channel)] for channel in ("agent", "line", "room")
    }
    (course,) = day.courses
    for turn in course.turns:
        middle = sum(turn.span) // 2 // sound.FRAME_MS
        own, other = ("agent", "line") if turn.who == "agent" else ("line", "agent")
        assert loud[own][middle]
        assert not loud[other][middle]
    assert loud["room"][15_500 // sound.FRAME_MS]
    assert not loud["room"][17_000 // sound.FRAME_MS]


def test_the_sound_of_a_day_lasts_as_long_as_the_day() -> None:
    day = one_call(Call(15_000, "missed", rings=2))
    assert sum(len(frame) for frame in sound.frames(day, "line")) == day.end_ms * RATE_HZ // 1_000
