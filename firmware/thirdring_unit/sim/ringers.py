"""Phones' ringers, made by the program itself: bells, warbles, trills, beeps and little tunes, no two of them alike."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float32]
_Wave = NDArray[np.float64]

_FULL = 0.3  # peak, of a full scale of 1
_EDGE_S = 0.004  # even a buzzer takes a moment


def made(kind: str, rng: np.random.Generator, seconds: float, rate_hz: int) -> Sound:
    """Give so many seconds of a ringer of one of KINDS, without its cadence; the same `rng` state, the same ringer."""
    at_s = np.arange(round(seconds * rate_hz)) / rate_hz
    wave = KINDS[kind](rng, at_s)
    wave *= np.clip(np.minimum(at_s, at_s[-1] - at_s) / _EDGE_S, 0, 1)
    return np.asarray(wave * (_FULL / np.abs(wave).max()), np.float32)


def _bell(rng: np.random.Generator, at_s: _Wave) -> _Wave:
    """One or two gongs, struck in turn by a clapper: partials that are no harmonics, and that ring on."""
    strikes_hz, fade = rng.uniform(16, 40), rng.uniform(4, 25)
    wave = np.zeros(len(at_s))
    gongs = int(rng.integers(1, 3))
    lowest_hz = rng.uniform(700, 1_400)
    for gong in range(gongs):
        since_s = (at_s + gong / strikes_hz) % (gongs / strikes_hz)
        partials_hz = lowest_hz * rng.uniform(1.1, 1.3) ** gong * np.array([1.0, 1.6, 2.25, 3.1, 4.2])
        for hz in partials_hz * rng.uniform(0.95, 1.05, 5):
            level, phase = rng.uniform(0.2, 1), rng.uniform(0, 6)
            wave += level * np.sin(2 * np.pi * hz * at_s + phase) * np.exp(-fade * since_s)
    return wave


def _warble(rng: np.random.Generator, at_s: _Wave) -> _Wave:
    """Two tones in quick turns."""
    return _turns(rng, at_s, rng.uniform(600, 2_200) * np.array([1, rng.uniform(1.1, 1.5)]), rng.uniform(10, 30))


def _trill(rng: np.random.Generator, at_s: _Wave) -> _Wave:
    """Three or four tones in turn."""
    steps = np.cumprod([1, *rng.uniform(1.08, 1.4, int(rng.integers(2, 4)))])
    return _turns(rng, at_s, rng.uniform(500, 1_600) * steps, rng.uniform(9, 24))


def _beeps(rng: np.random.Generator, at_s: _Wave) -> _Wave:
    """One tone, or two together, cut up into beeps."""
    lowest_hz, beeps_hz = rng.uniform(450, 2_500), rng.uniform(4, 20)
    both = np.sin(2 * np.pi * lowest_hz * at_s) + np.sin(2 * np.pi * lowest_hz * rng.uniform(1.05, 1.7) * at_s)
    return np.asarray(both * ((at_s * beeps_hz) % 1 < rng.uniform(0.5, 0.9)))


def _tune(rng: np.random.Generator, at_s: _Wave) -> _Wave:
    """A few notes of a synthesiser, as mobile and Internet phones play."""
    notes_hz = rng.uniform(400, 900) * 2 ** (rng.integers(0, 17, 12) / 12)
    note_s = rng.uniform(0.1, 0.3)
    fade = np.exp(-rng.uniform(0, 8) * (at_s % note_s))
    return _turns(rng, at_s, notes_hz, 1 / note_s) * fade


def _turns(rng: np.random.Generator, at_s: _Wave, notes_hz: _Wave, turns_hz: float) -> _Wave:
    """Notes in turn, with some overtones."""
    phase = 2 * np.pi * np.cumsum(notes_hz[(at_s * turns_hz).astype(int) % len(notes_hz)]) * at_s[1]
    second, third, fifth = rng.uniform(0, 0.5, 3)
    wave = np.sin(phase) + second * np.sin(2 * phase) + third * np.sin(3 * phase) + fifth * np.sin(5 * phase)
    return np.asarray(wave)


KINDS: dict[str, Callable[[np.random.Generator, _Wave], _Wave]] = {
    "bell": _bell,
    "warble": _warble,
    "trill": _trill,
    "beeps": _beeps,
    "tune": _tune,
}
"""What phones sound like; mobile phones play tunes."""
