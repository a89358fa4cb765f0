"""An hour's level, overload, a microphone that gives nothing, and how loud an agent speaks."""

import numpy as np
from thirdring_unit.core.events import Signal
from thirdring_unit.ears.ears import Ears
from thirdring_unit.ears.loudness import Loudness

FRAME = 160
MINUTE = 3000  # frames


def listen(frames: list[np.ndarray], channel: str = "room") -> list[Signal]:
    ears = Ears("CN", [channel])
    signals = [signal for i, frame in enumerate(frames) for signal in ears.feed(channel, frame, i * 20)]
    return signals + ears.flush()


def noise(peak: int, frames: int = MINUTE) -> list[np.ndarray]:
    """Noise in which every sample is `peak` or its opposite: its level is exactly that of its peak."""
    signs = np.random.default_rng(1).integers(0, 2, (frames, FRAME)) * 2 - 1
    return list((signs * peak).astype(np.int16))


def test_the_ambient_level_of_an_hour_leaves_out_who_talks_beside_the_desk() -> None:
    quiet, talk = noise(33), noise(3277, MINUTE // 2)
    (level,) = [signal for signal in listen((quiet + talk) * 40 + quiet[:10]) if signal.what == "level"]
    assert level.at_ms == 3_600_000
    assert level.detail == {"ambient_dbfs": -60, "loud_dbfs": -20, "clipped_ms": 0, "over_ms": level.at_ms}


def test_overload_is_counted_in_the_level() -> None:
    (level,) = listen(noise(1000) + noise(32767, 50) + noise(1000))
    assert isinstance(level.detail, dict)
    assert level.detail["clipped_ms"] == 1000


def test_less_than_a_minute_is_no_level() -> None:
    assert listen(noise(1000, MINUTE - 1)) == []


def test_a_microphone_without_a_single_changing_sample_is_dead_until_it_gives_sound() -> None:
    dead = [np.zeros(FRAME, np.int16)] * (16 * MINUTE)
    faults = [signal for signal in listen(noise(33) + dead + noise(33)) if signal.what == "fault"]
    assert [signal.on for signal in faults] == [True, False]
    assert abs(faults[0].at_ms - 60_000) <= 640
    assert abs(faults[1].at_ms - 17 * 60_000) <= 640
    assert "plugged in" in str(faults[0].detail)


def test_digital_silence_of_a_long_hold_is_no_fault() -> None:
    silence = [np.zeros(FRAME, np.int16)] * (14 * MINUTE)
    assert [signal for signal in listen(noise(33) + silence + noise(33), "line") if signal.what == "fault"] == []


def speak(loudness: Loudness, seconds: int, decibels: float) -> int | None:
    frames = seconds * 50
    power = np.full(frames, 2**30 * 10 ** (decibels / 10), np.float32)
    loudness.step(np.ones(frames, np.bool_), power)
    return loudness.take_ms()


def test_loud_speech_is_what_lies_clearly_above_the_desk_s_own_norm() -> None:
    for norm_db in (-60, -20):
        loudness = Loudness()
        assert speak(loudness, 60, norm_db) == 0
        assert speak(loudness, 5, norm_db + 5) == 0
        assert speak(loudness, 5, norm_db + 10) == 5000


def test_before_a_desk_s_norm_is_known_nobody_is_loud() -> None:
    loudness = Loudness()
    assert speak(loudness, 10, -50) is None
    assert speak(loudness, 10, -10) is None


def test_pauses_are_neither_loud_nor_part_of_the_norm() -> None:
    loudness = Loudness()
    speak(loudness, 60, -30)
    loudness.step(np.zeros(5000, np.bool_), np.full(5000, 2.0**30, np.float32))
    assert loudness.take_ms() == 0
    assert speak(loudness, 2, -19) == 2000
