"""Sound goes in by frames and comes out as signals."""

import shutil
import subprocess

import numpy as np
import pytest
from thirdring_unit.core.events import Signal
from thirdring_unit.ears.ears import Ears
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


def test_channels_are_heard_apart_and_may_differ_in_rate(sentence: np.ndarray) -> None:
    ears = Ears("CN", ["agent", "room"])
    wide = np.repeat(sentence, 2)
    signals = listen(ears, "room", np.zeros_like(wide), 16000) + listen(ears, "agent", sentence) + ears.flush()
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
