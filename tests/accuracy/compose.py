"""Composes labelled sound: speech, music, noise and tones, mixed, at any level, over a telephone line."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from tests.accuracy.corpus import Clip, Sound

Labels = npt.NDArray[np.int8]
PAUSE, SPEECH, MUSIC, NOISE, TONE = range(5)  # PAUSE: in speech, neither found nor missed
FRAMES_PER_S = 50
SPOKEN_DB, FLOOR_DB = -28.0, 9.0  # a frame is speech this close below the loud ones, and above the recording's floor
SILENT_DB = 10.0  # below this level a frame of music or noise is a pause
ACTIVE = 1640.0  # rms of speech after levelling: -26 dB of full scale


@dataclass
class Scene:
    """Sound at `rate_hz` and a label for each 20 ms of it."""

    sound: Sound
    labels: Labels
    rate_hz: int


def levels_db(sound: Sound, rate_hz: int) -> Sound:
    """Level of each 20 ms frame."""
    size = rate_hz // FRAMES_PER_S
    cells = sound[: len(sound) // size * size].reshape(-1, size)
    return np.asarray(10 * np.log10(np.mean(np.square(cells), axis=1) + 1), np.float32)


def spoken(sound: Sound, rate_hz: int) -> npt.NDArray[np.bool_]:
    """Marks the frames of a clean recording in which somebody speaks."""
    level = levels_db(sound, rate_hz)
    loud, floor = np.percentile(level, (95, 5)) if len(level) else (0, 0)
    least = max(loud + SPOKEN_DB, min(floor + FLOOR_DB, loud - 12))
    return np.asarray(level > least)


def speech(
    rng: np.random.Generator,
    clips: list[Clip],
    seconds: float,
    rate_hz: int,
    vary: float = 0,
    gap: tuple[int, int] = (10, 120),
) -> Scene:
    """Utterances of random people with pauses of `gap` frames, each levelled; the pauses are silent.

    `vary` is by how much recordings are played faster or slower, for variety: 0.1 is 10 %.
    """
    size = rate_hz // FRAMES_PER_S
    frames = round(seconds * FRAMES_PER_S)
    sound, labels = np.zeros(frames * size, np.float32), np.zeros(frames, np.int8)
    at = int(rng.integers(10, 60))
    while at < frames - 10:
        clip = any_origin(rng, clips)
        part = _cut(rng, _varied(rng, clip.sound(rate_hz), vary), min(frames - at, int(rng.integers(60, 500))) * size)
        marks = spoken(part, rate_hz)
        count = len(marks)
        if marks.any():
            loud = np.sqrt(np.mean(np.square(part[: count * size].reshape(-1, size)[marks])))
            part = part[: count * size] * (ACTIVE / max(loud, 1) * 10 ** (rng.uniform(-4, 4) / 20))
            sound[at * size : (at + count) * size] = part
            labels[at : at + count] = np.where(marks, SPEECH, PAUSE)
        at += count + int(rng.integers(*gap))
    return Scene(sound, labels, rate_hz)


def steady(
    rng: np.random.Generator, clips: list[Clip], seconds: float, rate_hz: int, *, label: int, vary: float = 0
) -> Scene:
    """One recording of music or noise, repeated if it is short."""
    count = round(seconds * FRAMES_PER_S)
    sound = _looped(rng, _varied(rng, _any(clips, rng).sound(rate_hz), vary), count * rate_hz // FRAMES_PER_S)
    marks = levels_db(sound, rate_hz) > SILENT_DB
    return Scene(levelled(sound), np.where(marks, label, PAUSE).astype(np.int8), rate_hz)


def levelled(sound: Sound) -> Sound:
    """The sound at the level of speech."""
    return np.asarray(sound * (ACTIVE / max(float(np.sqrt(np.mean(np.square(sound)))), 1.0)), np.float32)


def with_noise(rng: np.random.Generator, scene: Scene, noise: Sound, snr_db: float) -> Scene:
    """Adds noise that lies `snr_db` below the level of speech."""
    background = levelled(_looped(rng, noise, len(scene.sound))) * 10 ** (-snr_db / 20)
    return Scene(scene.sound + background, scene.labels, scene.rate_hz)


def far(rng: np.random.Generator, sound: Sound, rate_hz: int) -> Sound:
    """The sound as it comes from across a room: echoes that fade by 60 dB in a fifth of a second to a whole one."""
    echo_s, direct = rng.uniform(0.2, 1.0), 10 ** (rng.uniform(-8, 8) / 20)
    at_s = np.arange(round(echo_s * rate_hz)) / rate_hz
    echoes = rng.normal(0, 1, len(at_s)) * np.exp(-6.9 * at_s / echo_s)
    echoes /= np.sqrt(np.square(echoes).sum())
    echoes[0] += direct
    count = len(sound) + len(echoes)
    heard = np.fft.irfft(np.fft.rfft(sound, count) * np.fft.rfft(echoes, count), count)[: len(sound)]
    return np.asarray(heard / np.hypot(direct, 1), np.float32)


def over_telephone(sound: Sound, rate_hz: int) -> Sound:
    """300 to 3400 Hz, 8-bit mu-law."""
    bins = np.fft.rfft(sound)
    hz = np.fft.rfftfreq(len(sound), 1 / rate_hz)
    bins *= np.clip((hz - 200) / 100, 0, 1) * np.clip((3700 - hz) / 300, 0, 1)
    return mu_law(np.fft.irfft(bins, len(sound)).astype(np.float32))


def mu_law(sound: Sound) -> Sound:
    """The sound as 8 bits a sample carry it."""
    squeezed = np.log1p(255 * np.minimum(np.abs(sound) / 32768, 1)) / np.log(256)
    coarse = np.round(squeezed * 127) / 127
    return np.asarray(np.sign(sound) * np.expm1(coarse * np.log(256)) / 255 * 32768, np.float32)


def any_origin(rng: np.random.Generator, clips: list[Clip]) -> Clip:
    """A recording of any origin, however many there are of it."""
    groups = _by_group(tuple(clips))
    some = groups[rng.integers(len(groups))]
    return some[rng.integers(len(some))]


@cache
def _by_group(clips: tuple[Clip, ...]) -> list[list[Clip]]:
    groups = sorted({clip.group for clip in clips})
    return [[clip for clip in clips if clip.group == group] for group in groups]


def _any(clips: list[Clip], rng: np.random.Generator) -> Clip:
    return clips[rng.integers(len(clips))]


def _varied(rng: np.random.Generator, sound: Sound, vary: float) -> Sound:
    if not vary or not len(sound):
        return sound
    places = np.arange(0, len(sound), 1 + rng.uniform(-vary, vary))
    varied: Sound = np.interp(places, np.arange(len(sound)), sound).astype(np.float32)
    return varied


def _cut(rng: np.random.Generator, sound: Sound, length: int) -> Sound:
    first = int(rng.integers(0, max(1, len(sound) - length)))
    return sound[first : first + length]


def _looped(rng: np.random.Generator, sound: Sound, length: int) -> Sound:
    if len(sound) >= length:
        return _cut(rng, sound, length)
    return np.resize(np.roll(sound, int(rng.integers(len(sound)))), length)


def tone(hz: tuple[float, ...], cadence_ms: tuple[int, ...], seconds: float, rate_hz: int) -> Sound:
    """Frequencies at once, in a cadence (none: without a pause)."""
    at_ms = np.arange(round(seconds * rate_hz)) * 1000 / rate_hz
    sound = np.sum([np.sin(2 * np.pi * one * at_ms / 1000 + one) for one in hz], axis=0)
    if cadence_ms:
        edges = np.cumsum(cadence_ms)
        sound *= np.searchsorted(edges, at_ms % edges[-1], side="right") % 2 == 0
    return np.asarray(sound, np.float32)


def trimmed(sound: Sound, rate_hz: int) -> Sound:
    """The sound without the silence at its ends, in whole frames."""
    size = rate_hz // FRAMES_PER_S
    loud = np.flatnonzero(np.abs(sound) > 1)
    return sound[loud[0] // size * size : (loud[-1] // size + 1) * size]


def conversation(scene: Scene) -> Sound:
    """The sound of a scene from its first spoken frame to its last."""
    size, words = scene.rate_hz // FRAMES_PER_S, np.flatnonzero(scene.labels == SPEECH)
    return scene.sound[words[0] * size : (words[-1] + 1) * size]
