"""Sound goes in by frames and comes out as signals."""

import shutil
import subprocess
from typing import Any

import numpy as np
import pytest
from thirdring_unit.core.events import TALK_LATE_MS, Signal
from thirdring_unit.ears.block import Block, past_samples
from thirdring_unit.ears.ears import Ears
from thirdring_unit.ears.traits import Traits
from thirdring_unit.ears.wav import frames


@pytest.fixture(scope="session")
def sentence(tmp_path_factory: pytest.TempPathFactory) -> np.ndarray:
    """About three seconds of a synthetic voice at 8 kHz, without silence around it."""
    path = tmp_path_factory.mktemp("voice") / "sentence.wav"
    text = "Good morning, this is the service counter. How may I help you today?"
    subprocess.run([shutil.which("espeak-ng") or "", "-v", "en", "-w", path, text], check=True)
    raw = path.read_bytes()
    path.write_bytes(
        raw[:24] + (16000).to_bytes(4, "little") + raw[28:]
    )  # 22050 Hz taken for 16000: a slower, deeper man
    sound = np.concatenate(list(frames(path, 8000))).astype(float)
    loud = np.flatnonzero(np.abs(sound) > 500)
    return sound[loud[0] : loud[-1]]


def listen(ears: Ears, channel: str, sound: np.ndarray, rate_hz: int = 8000, from_ms: int = 0) -> list[Signal]:
    size = rate_hz // 50
    cells = sound.astype(np.int16)[: len(sound) // size * size].reshape(-1, size)
    return [signal for i, frame in enumerate(cells) for signal in ears.feed(channel, frame, from_ms + i * 20)]


def test_a_voice_is_on_from_its_first_to_its_last_sound(sentence: np.ndarray) -> None:
    sound = np.concatenate((np.zeros(8000), sentence, np.zeros(8000)))
    ears = Ears("CN", ["agent"])
    voice = [signal for signal in listen(ears, "agent", sound, from_ms=5000) + ears.flush() if signal.what == "voice"]
    assert [signal.on for signal in voice] == [True, False] * (len(voice) // 2)
    assert abs(voice[0].at_ms - 6000) <= 100
    assert abs(voice[-1].at_ms - (6000 + len(sentence) // 8)) <= 200
    talked_ms = sum(off.at_ms - on.at_ms for on, off in zip(voice[::2], voice[1::2], strict=True))
    assert talked_ms > 0.8 * len(sentence) / 8


def tune_of_bells(seconds: int) -> np.ndarray:
    """Chords that change every half second and never pause, each note with overtones that fade."""
    at_s = np.arange(8000 * seconds) / 8000
    since_s = at_s % 0.5
    chords = np.array([[262, 330, 392, 523], [349, 440, 523, 698], [392, 494, 587, 784], [330, 415, 494, 659]])
    notes = chords[(at_s / 0.5).astype(int) * 7 // 3 % 4]
    sound = np.zeros(len(at_s))
    for voice in range(4):
        for overtone in (1, 2, 3, 4):
            sound += np.sin(2 * np.pi * notes[:, voice] * overtone * at_s) / overtone**1.5 * np.exp(-since_s * overtone)
    return np.asarray(sound * 1500)


def test_music_is_told_from_its_true_start_to_its_end_and_is_no_voice(sentence: np.ndarray) -> None:
    sound = np.concatenate((sentence, np.zeros(4000), tune_of_bells(20), np.zeros(4000), sentence))
    music_ms = len(sentence) // 8 + 500
    ears = Ears("CN", ["line"])
    signals = listen(ears, "line", sound) + ears.flush()
    music = [(signal.on, signal.at_ms) for signal in signals if signal.what == "music"]
    assert [on for on, _ in music] == [True, False]
    assert music[0][1] == pytest.approx(music_ms - 500, abs=300), "the caller waits since nobody speaks"
    assert music[1][1] == pytest.approx(music_ms + 20_000, abs=1500)
    spoken_in_it = [at for at in signals if at.what == "voice" and at.on and 1000 < at.at_ms - music_ms < 19_000]
    assert spoken_in_it == []


def talks(signals: list[Signal]) -> list[tuple[int, int]]:
    """When people conversed: from and to."""
    told = [signal for signal in signals if signal.what == "talk"]
    assert [signal.on for signal in told] == [True, False] * (len(told) // 2)
    return [(on.at_ms, off.at_ms) for on, off in zip(told[::2], told[1::2], strict=True)]


def test_a_wait_is_no_talk_whether_it_is_silent_or_beeps_or_hisses_or_somebody_far_away_says_a_word(
    sentence: np.ndarray,
) -> None:
    at_s = np.arange(8000 * 40) / 8000
    beeps = 1500 * np.sin(2 * np.pi * 620 * at_s) * (at_s % 7 < 0.4)
    hiss = np.random.default_rng(7).normal(0, 150, len(at_s))
    far_away = np.zeros(len(at_s))
    for second in (9, 20, 31):
        far_away[second * 8000 : second * 8000 + 6400] = sentence[:6400] * 0.1
    said_ms = len(sentence) // 8
    for wait in (np.zeros(len(at_s)), beeps, beeps + hiss, hiss, far_away):
        signals = listen(ears := Ears("CN", ["line"]), "line", np.concatenate((sentence, sentence, wait, sentence)))
        (_, left_ms), (back_ms, _) = talks(signals + ears.flush())
        assert left_ms == pytest.approx(2 * said_ms, abs=500)
        assert back_ms == pytest.approx(2 * said_ms + 40_000, abs=500)


def test_words_with_pauses_between_them_are_one_talk(sentence: np.ndarray) -> None:
    word = np.concatenate((sentence[:8000], np.zeros(8000 * 3)))
    signals = listen(
        ears := Ears("CN", ["line"]), "line", np.concatenate((sentence, *[word] * 10, np.zeros(8000 * 30)))
    )
    ((from_ms, to_ms),) = talks(signals + ears.flush())
    assert from_ms <= 300
    assert to_ms == pytest.approx(len(sentence) // 8 + 9 * 4000 + 1000, abs=500)


def test_talk_is_told_soon_and_a_pause_in_time_for_any_limit(sentence: np.ndarray) -> None:
    sound = np.concatenate((np.zeros(8000 * 5), sentence, np.zeros(8000 * 15))).astype(np.int16)
    ears, told_ms = Ears("CN", ["line"]), {}
    for number, frame in enumerate(sound[: len(sound) // 160 * 160].reshape(-1, 160)):
        for signal in ears.feed("line", frame, number * 20):
            if signal.what == "talk":
                told_ms[signal.on] = number * 20 - signal.at_ms
    assert told_ms[True] <= TALK_LATE_MS
    assert told_ms[False] <= 10_000


def test_an_announcement_over_music_does_not_end_it_but_a_conversation_does(sentence: np.ndarray) -> None:
    music = tune_of_bells(40)
    music[12 * 8000 : 12 * 8000 + len(sentence) // 2] += sentence[: len(sentence) // 2] * 3
    music[12 * 8000 : 12 * 8000 + len(sentence) // 2] *= 0.3
    ears = Ears("CN", ["line"])
    signals = listen(ears, "line", np.concatenate((music, sentence, sentence))) + ears.flush()
    told = [(signal.on, signal.at_ms) for signal in signals if signal.what == "music"]
    assert [on for on, _ in told] == [True, False]
    assert told[1][1] == pytest.approx(40_000, abs=1500)


def test_going_on_hook_tells_what_is_buffered_and_disturbs_nothing(sentence: np.ndarray) -> None:
    sound = np.concatenate((np.zeros(8000), sentence[:20000]))
    ears = Ears("CN", ["agent"])
    told = listen(ears, "agent", sound)
    buffered = ears.on_hook()
    ended = listen(ears, "agent", np.zeros(16000), from_ms=len(sound) // 160 * 20) + ears.flush()
    voice = [signal.on for signal in told + buffered + ended if signal.what == "voice"]
    assert voice == [True, False] * (len(voice) // 2)
    assert voice
    assert ended[-1].at_ms == pytest.approx(3500, abs=200)


@pytest.mark.parametrize("seed", range(3))
def test_going_on_hook_makes_no_voice_of_noise(seed: int) -> None:
    hiss = np.random.default_rng(seed).normal(0, 400, 8000 * 4 + 160 * (5 * seed + 1))
    ears = Ears("CN", ["line"])
    told = listen(ears, "line", hiss) + ears.on_hook()
    told += listen(ears, "line", hiss[::-1], from_ms=len(hiss) // 160 * 20) + ears.flush()
    assert [signal for signal in told if signal.what == "voice"] == []


def test_the_end_of_a_sound_is_described_like_its_middle() -> None:
    hiss = np.random.default_rng(5).normal(0, 400, 160 * 640).astype(np.int16).reshape(-1, 160)
    traits, past, rows = Traits(), np.zeros(past_samples(8000), np.int16), []
    for at in range(0, len(hiss), 32):
        block = Block([frame.tobytes() for frame in hiss[at : at + 32]], list(range(32)), past, 8000)
        rows.append(traits.step(block, np.zeros(32, np.bool_))[1])
        past = block.tail
    middle = np.concatenate(rows)[100:]
    away = np.abs(traits.rest()[1] - middle.mean(axis=0)) / (middle.std(axis=0) + 0.05)
    assert away.mean() < 1.2, "spreads of a like sound"
    assert away.max() < 8


def test_a_shouting_agent_is_told_at_the_end_of_the_spurt(sentence: np.ndarray) -> None:
    calm = np.concatenate((sentence * 0.15, np.zeros(8000)))
    ears = Ears("CN", ["agent"])
    signals = listen(ears, "agent", np.concatenate((np.tile(calm, 12), sentence, np.zeros(8000)))) + ears.flush()
    loud: list[Any] = [signal.detail for signal in signals if signal.what == "voice" and not signal.on]
    assert loud[0] is None, "no norm yet"
    assert {"loud_ms": 0} in loud
    loud_ms = sum(detail["loud_ms"] for detail in loud if detail)
    assert loud_ms > 0.5 * len(sentence) / 8


def test_channels_are_heard_apart_and_may_differ_in_rate(sentence: np.ndarray) -> None:
    ears = Ears("CN", ["agent", "line"])
    wide = np.repeat(sentence, 2)
    signals = listen(ears, "line", np.zeros_like(wide), 16000) + listen(ears, "agent", sentence) + ears.flush()
    assert {signal.channel for signal in signals if signal.what == "voice"} == {"agent"}


def test_signals_of_a_channel_come_in_the_order_in_which_things_happened(sentence: np.ndarray) -> None:
    gaps = np.concatenate([piece for _ in range(3) for piece in (sentence, np.zeros(4000))])
    ears = Ears("CN", ["line"])
    times_ms = [signal.at_ms for signal in listen(ears, "line", gaps) + ears.flush()]
    assert times_ms == sorted(times_ms)
    assert len(times_ms) >= 6


def test_a_frame_of_another_size_is_refused_in_one_line() -> None:
    ears = Ears("CN", ["line"])
    with pytest.raises(ValueError, match="line: a frame of 100 bytes; give 320 or 640"):
        ears.feed("line", bytes(100), 0)
    ears.feed("line", bytes(320), 0)
    with pytest.raises(ValueError, match="line: a frame of 640 bytes; give 320"):
        ears.feed("line", bytes(640), 20)


def test_silence_and_a_flush_without_sound_say_nothing() -> None:
    ears = Ears("CN", ["line", "agent", "room"])
    assert listen(ears, "line", np.zeros(80000)) + ears.on_hook() + ears.flush() == []
