"""What the ears cost beside webrtcvad alone, on the same sound: `python tests/bench/ears_bench.py`."""

import sys
from time import process_time

import numpy as np
import webrtcvad
from thirdring_unit.ears.ears import Ears

SECONDS = 60
BUDGET = 8.0


def desk(rate_hz: int) -> list[bytes]:
    """A minute of a desk: voiced syllables, busy tone, chords, noise and silence, ten seconds and more of each."""
    rng = np.random.default_rng(3)
    at_s = np.arange(SECONDS * rate_hz) / rate_hz
    pitch = 140 + 30 * np.sin(at_s * 2.1)
    phase = 2 * np.pi * np.cumsum(pitch) / rate_hz
    voice = sum(np.sin(phase * n) / n for n in range(1, 25)) * np.clip(np.sin(at_s * 18) + 0.4, 0, 1)
    tone = np.sin(2 * np.pi * 450 * at_s) * ((at_s * 1000) % 700 < 350)
    chord = sum(np.sin(2 * np.pi * hz * 2 ** (np.floor(at_s) % 5 / 12) * at_s) for hz in (262, 330, 392, 523)) / 3
    noise = rng.normal(0, 0.2, len(at_s))
    parts = (at_s // 12).astype(int)
    sound = np.choose(parts, [voice, tone, chord, noise, np.zeros_like(voice)]) * 4000 + rng.normal(0, 10, len(at_s))
    return [frame.tobytes() for frame in sound.astype(np.int16).reshape(-1, rate_hz // 50)]


def gate_cost(frames: list[bytes], rate_hz: int) -> float:
    """CPU milliseconds of webrtcvad alone for a second of sound."""
    vad = webrtcvad.Vad(3)
    begun = process_time()
    for frame in frames:
        vad.is_speech(frame, rate_hz)
    return (process_time() - begun) * 1000 / SECONDS


def ears_cost(frames: list[bytes], channel: str) -> float:
    """CPU milliseconds of the ears for a second of sound."""
    ears = Ears("US", [channel])  # the country with the most tones
    begun = process_time()
    for number, frame in enumerate(frames):
        ears.feed(channel, frame, number * 20)
    return (process_time() - begun) * 1000 / SECONDS


def main() -> int:
    """Prints the table; the status is 1 when the budget is not kept."""
    worst = 0.0
    print("channel  webrtcvad  ears  (CPU ms per second of sound, best of 5)  ratio")
    for channel, rate_hz in (("line", 8000), ("room", 16000)):
        frames = desk(rate_hz)
        runs = [(gate_cost(frames, rate_hz), ears_cost(frames, channel)) for _ in range(5)]
        gate, ears = min(run[0] for run in runs), min(run[1] for run in runs)
        worst = max(worst, ears / gate)
        print(f"{channel:7}  {gate:9.3f}  {ears:4.3f}  {ears / gate:.1f} of at most {BUDGET:.0f}")
    return int(worst > BUDGET)


if __name__ == "__main__":
    sys.exit(main())
