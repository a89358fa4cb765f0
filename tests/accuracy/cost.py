"""What the ears cost beside webrtcvad alone, on real speech, music and noise."""

from collections.abc import Iterator
from time import process_time

import webrtcvad
from thirdring_unit.ears.ears import Ears
from thirdring_unit.ears.phone import VAD_MODE

from tests.accuracy import listen
from tests.accuracy.corpus import chosen
from tests.accuracy.report import Row

BUDGET = 8.0
ROUNDS = 3  # the quickest counts: other programs can only slow one down
FRAMES_PER_S = 50


def measure() -> Iterator[Row]:
    """Yields one row for each channel."""
    for channel, rate_hz in (("line", 8000), ("room", 16000)):
        clips = [clip for kind in ("speech", "music", "noise") for clip in chosen(kind, tuning=False)]
        frames = [frame for clip in clips for frame in listen.frames_of(clip.sound(rate_hz), rate_hz)]
        seconds = len(frames) / FRAMES_PER_S
        gate = min(_gate_ms(frames, rate_hz) for _ in range(ROUNDS)) / seconds
        ears = min(_ears_ms(frames, channel) for _ in range(ROUNDS)) / seconds
        yield Row(
            what="CPU beside webrtcvad alone",
            condition=f"{channel}, {seconds:.0f} s of recordings",
            count=f"{ears:.2f} / {gate:.2f} ms per s",
            share=f"{ears / gate:.1f} times",
            target=f"at most {BUDGET:.0f} times",
            reached=ears <= BUDGET * gate,
        )


def _gate_ms(frames: list[bytes], rate_hz: int) -> float:
    vad = webrtcvad.Vad(VAD_MODE)
    begun = process_time()
    for frame in frames:
        vad.is_speech(frame, rate_hz)
    return (process_time() - begun) * 1000


def _ears_ms(frames: list[bytes], channel: str) -> float:
    ears = Ears("CN", [channel])
    begun = process_time()
    for number, frame in enumerate(frames):
        ears.feed(channel, frame, number * 20)
    return (process_time() - begun) * 1000
