"""Rooms in which phones ring, made for the tests: ringers of the simulation in a country's cadence, noise, speech."""

import wave
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from thirdring_unit.core.countries import Country
from thirdring_unit.core.events import Signal
from thirdring_unit.ears.ears import Ears
from thirdring_unit.ears.learn import learn, rings_in
from thirdring_unit.ears.ringer import Ringer
from thirdring_unit.sim import ringers

RATE_HZ = 16_000
FRAME = RATE_HZ // 50
LOUD = 6000  # rms of a desk phone's ring: -15 dB of full scale

Sound = NDArray[np.float32]


def quiet(seconds: float) -> Sound:
    return np.zeros(round(seconds * RATE_HZ), np.float32)


def ringer(kind: str, seed: int) -> Sound:
    """Four seconds of a ringer; the same seed is the same phone."""
    sound = ringers.made(kind, np.random.default_rng(seed), 4, RATE_HZ)
    levelled: Sound = sound * np.float32(LOUD / np.sqrt(np.mean(np.square(sound))))
    return levelled


def ringing(phone: Sound, rings: int, country: str = "CN", cut_ms: int | None = None) -> Sound:
    """Whole rings with their pauses; the last one breaks off after `cut_ms`."""
    parts = [
        phone[: part_ms * RATE_HZ // 1000] if number % 2 == 0 else quiet(part_ms / 1000)
        for number, part_ms in enumerate(Country(country).ring_ms)
    ]
    sound = np.concatenate(parts * rings)
    if cut_ms is None:
        return sound
    return sound[: len(sound) - len(sound) // rings + cut_ms * RATE_HZ // 1000]


def noisy(sound: Sound, below_db: float = 30, seed: int = 0) -> Sound:
    """The sound with a hall's rustle under it, so many decibels softer than a phone's ring."""
    return sound + np.random.default_rng(seed).normal(0, LOUD * 10 ** (-below_db / 20), len(sound)).astype(np.float32)


def frames(sound: Sound, microphones: int = 1) -> NDArray[np.int16]:
    size = FRAME * microphones
    return np.clip(sound, -32768, 32767).astype(np.int16)[: len(sound) // size * size].reshape(-1, size)


def taught(phone: Sound, rings: int = 3, below_db: float = 30) -> Ringer:
    """What a unit learns of a phone in its quiet room."""
    return learned(np.concatenate((quiet(1), ringing(phone, rings))), below_db)


def learned(recording: Sound, below_db: float = 30, microphones: int = 1) -> Ringer:
    """What a unit learns from a recording in its quiet room."""
    return learn(rings_in(frames(noisy(recording, below_db), microphones))).ringer


def by_two(sound: Sound, delay_us: float) -> Sound:
    """What two microphones hear, in turn; the second one so much later."""
    hz = np.fft.rfftfreq(len(sound), 1 / RATE_HZ)
    later = np.fft.irfft(np.fft.rfft(sound) * np.exp(-2j * np.pi * hz * delay_us * 1e-6), len(sound))
    return np.stack((sound, later), axis=1).reshape(-1).astype(np.float32)


def hear(sound: Sound, known: Ringer | None = None, country: str = "CN", microphones: int = 1) -> list[Signal]:
    ears, heard = Ears(country, ["room"], known), frames(sound, microphones)
    told = [signal for number, frame in enumerate(heard) for signal in ears.feed("room", frame, number * 20)]
    return told + ears.flush()


def rings(signals: Sequence[Signal]) -> list[tuple[int, int]]:
    """Rings as everybody counts them: bursts less than a second apart are one."""
    found: list[tuple[int, int]] = []
    times_ms = [signal.at_ms for signal in signals if signal.what == "ring"]
    for from_ms, to_ms in zip(times_ms[::2], times_ms[1::2], strict=True):
        if found and from_ms - found[-1][1] < 1000:
            found[-1] = (found[-1][0], to_ms)
        else:
            found.append((from_ms, to_ms))
    return found


def save(path: Path, sound: Sound, microphones: int = 1) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setparams((microphones, 2, RATE_HZ, 0, "NONE", ""))
        file.writeframes(frames(sound, microphones).tobytes())
    return path
