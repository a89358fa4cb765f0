"""The sounds of machines on a telephone line, made by rule: fax, modems, dialling, the chimes of announcements."""

from collections.abc import Callable

import numpy as np
from thirdring_unit.ears.dtmf import COLUMNS_HZ, ROWS_HZ

from tests.accuracy import compose
from tests.accuracy.corpus import Sound

RATE_HZ = 8000
CALLERS = ((1100, 38, (500, 3000)), (1300, 15, (600, 1750)), (1300, 15, (600, 2000)))  # ITU-T T.30, V.25
FSK = (  # mark, space, bits a second: V.21's two channels, Bell 103's, V.23 and its backward channel, Bell 202
    (980, 1180, 300),
    (1650, 1850, 300),
    (1270, 1070, 300),
    (2225, 2025, 300),
    (1300, 2100, 1200),
    (390, 450, 75),
    (1200, 2200, 1200),
)
FLAG = (0, 1, 1, 1, 1, 1, 1, 0)  # HDLC's, a second of which begins every message of a fax
CARRIERS = ((1200, 600), (2400, 600), (1800, 1200), (1800, 1600), (1700, 2400))  # Hz, symbols a second
REVERSAL_S = 0.45  # of an answering modem's 2100 Hz
CHIME_HZ = ((950, 1400, 1800), (985, 1429, 1777))  # special information tones


def calling(rng: np.random.Generator, seconds: float) -> Sound:
    """The beeps of a calling fax machine or modem."""
    hz, off_hz, cadence_ms = CALLERS[rng.integers(len(CALLERS))]
    return compose.tone((hz + rng.uniform(-off_hz, off_hz),), cadence_ms, seconds, RATE_HZ)


def answer(rng: np.random.Generator, seconds: float) -> Sound:
    """2100 Hz that changes its phase, or swells at 15 Hz, as fax machines and modems answer."""
    at_s = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    sign = np.where(at_s % (2 * REVERSAL_S) < REVERSAL_S, 1, -1) if rng.random() < 0.7 else 1
    swell = 1 + 0.2 * np.sin(2 * np.pi * 15 * at_s) * (rng.random() < 0.5)
    return np.asarray(np.sin(2 * np.pi * (2100 + rng.uniform(-15, 15)) * at_s) * sign * swell, np.float32)


def keyed(rng: np.random.Generator, seconds: float) -> Sound:
    """Two frequencies in turn, bit by bit: data, the flags of a fax, regular characters, or an idle line's mark.

    A line idles at the mark (ITU-T V.4), never at the space: V.23's backward channel would be China's dial tone.
    """
    mark_hz, space_hz, baud = FSK[rng.integers(len(FSK))]
    count = round(seconds * baud)
    patterns = (rng.integers(0, 2, count), np.resize(FLAG, count), np.arange(count) // 8 % 2, np.ones(count, int))
    bits = patterns[rng.integers(len(patterns))][np.arange(round(seconds * RATE_HZ)) * baud // RATE_HZ]
    return np.asarray(np.sin(2 * np.pi * np.cumsum(np.where(bits, mark_hz, space_hz)) / RATE_HZ), np.float32)


def carried(rng: np.random.Generator, seconds: float) -> Sound:
    """A carrier whose phase and height carry the bits."""
    hz, baud = CARRIERS[rng.integers(len(CARRIERS))]
    count = round(seconds * RATE_HZ)
    place = np.arange(count) * baud // RATE_HZ
    points = rng.choice([1, 1j, -1, -1j, 3 + 3j, -3 - 3j], place[-1] + 1) / 2
    wave = np.exp(2j * np.pi * hz * np.arange(count) / RATE_HZ)
    return np.asarray((points[place] * wave).real, np.float32)


def chimes(rng: np.random.Generator, seconds: float) -> Sound:
    """The three notes before "the number you have dialled"."""
    notes = [compose.tone((hz,), (), 0.33, RATE_HZ) for hz in CHIME_HZ[rng.integers(len(CHIME_HZ))]]
    once = np.concatenate((*notes, np.zeros(RATE_HZ, np.float32)))
    return np.resize(once, round(seconds * RATE_HZ))


def dialling(rng: np.random.Generator, seconds: float, cadence_ms: tuple[int, ...]) -> Sound:
    """Keys in the tempo of a tone."""
    parts, left = [], seconds
    while left > 0:
        pair = (float(rng.choice(ROWS_HZ)), float(rng.choice(COLUMNS_HZ)))
        presses = int(rng.integers(1, 8))
        part_s = presses * sum(cadence_ms) / 1000
        parts.append(compose.tone(pair, cadence_ms, part_s, RATE_HZ))
        left -= part_s
    return np.concatenate(parts)


MACHINES: tuple[Callable[[np.random.Generator, float], Sound], ...] = (calling, answer, keyed, carried, chimes)
