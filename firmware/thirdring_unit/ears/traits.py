"""Cheap traits of sound by which speech, music and noise differ: what changes, how fast, and what stays."""

import numpy as np

from .block import BIN_HZ, Block
from .samples import Flags, Reals

HEARD = slice(6, 119)  # bins of 190 to 3700 Hz: what every telephone line carries, above its hum
BINS = HEARD.stop - HEARD.start
BANDS = 16
FLOOR_POWER = 0.02  # in a bin: the rounding of 16-bit samples
SMOOTH_BINS = 4  # to either side: partials stand out of their surroundings
LAGS = (2, 4, 8)  # frames over which partials are compared: notes stay, syllables move
LAG_MAX = max(LAGS)
STEP = 2  # every second frame is judged: 40 ms is shorter than any sound of speech
OFFSETS = (-6, -3, 0, 3, 6)  # frames around the judged one whose spectrum is seen
AHEAD = 16  # frames after the judged one that are seen
WINDOWS = ((12, 12), (50, AHEAD), (150, AHEAD))  # frames before and after, for means and spreads
LONG = len(WINDOWS) - 1
BACK = WINDOWS[LONG][0] + 1
EXTRAS = 4 + len(LAGS)  # loudness, peakiness, a likeness for each lag, voicing, gate
PITCH_HZ = (80, 400)  # of voices
PITCHES = 40
SHAPE, SHAPE_2, MOVED = slice(0, BANDS), slice(BANDS, 2 * BANDS), slice(2 * BANDS, 3 * BANDS)
EXTRA, EXTRA_2 = slice(3 * BANDS, 3 * BANDS + EXTRAS), slice(3 * BANDS + EXTRAS, 3 * BANDS + 2 * EXTRAS)
SUMS = EXTRA_2.stop
COUNT = len(OFFSETS) * (BANDS + 1) + len(WINDOWS) * 2 * EXTRAS + LONG * 2 * BANDS + BANDS


class Traits:
    """Makes a row of `COUNT` traits for every second frame, `AHEAD` frames late. Levels cancel out."""

    def __init__(self) -> None:
        self._at_ms: list[int] = []
        self._fine: Reals = np.zeros((LAG_MAX, BINS), np.float32)
        self._shape: Reals = np.zeros((BACK, BANDS), np.float32)
        self._loud: Reals = np.full(BACK, np.log(FLOOR_POWER), np.float32)
        self._sums: Reals = _silence()  # running sums: a window's mean is one difference

    def step(self, block: Block, gate: Flags) -> tuple[list[int], Reals]:
        """Returns the times of the frames that can be judged by now, and a row for each pair of them."""
        self._at_ms += block.at_ms
        self._measure(block.spectrum[:, HEARD], gate)
        return self._settle(max(0, len(self._at_ms) - AHEAD) // STEP * STEP)

    def rest(self) -> tuple[list[int], Reals]:
        """Returns the last frames, as if the sound went on as backwards from its end: so it has its own unrest."""
        left = len(self._at_ms)
        padding = AHEAD + left % STEP
        changes = np.diff(self._sums[-padding - 1 :], axis=0)[::-1]
        later = self._sums[-1] - self._sums[0] + np.cumsum(changes, axis=0)
        self._append(self._shape[: -padding - 1 : -1], self._loud[: -padding - 1 : -1], later)
        self._at_ms += self._at_ms[-1:] * (left % STEP)
        at_ms, rows = self._settle(len(self._at_ms))
        self._shape, self._loud, self._sums = self._shape[:BACK], self._loud[:BACK], self._sums[:BACK]
        return at_ms[:left], rows

    def _measure(self, power: Reals, gate: Flags) -> None:
        """Describes each frame: its spectral shape, and how loud, peaky, alike to former ones and voiced it is."""
        bands = np.log(power @ BAND_SUMS + FLOOR_POWER)
        fine = np.log(power + FLOOR_POWER) @ SHARPEN
        root = np.sqrt(power)
        voiced = (root @ PITCH_WAVES).max(axis=1) / (root.sum(axis=1) + 1)
        size = np.sqrt(np.einsum("ij,ij->i", fine, fine))
        fine /= size[:, None] + 1
        past = np.concatenate((self._fine, fine))
        self._fine = past[-LAG_MAX:]
        shape = bands - bands.mean(axis=1, keepdims=True)
        loud = bands.max(axis=1)
        made = np.empty((len(power), SUMS), np.float32)
        made[:, SHAPE] = shape
        made[:, SHAPE_2] = shape * shape
        made[1:, MOVED] = shape[1:] - shape[:-1]
        made[0, MOVED] = shape[0] - self._shape[-1]
        np.abs(made[:, MOVED], out=made[:, MOVED])
        extra = made[:, EXTRA]
        extra[:, 0], extra[:, 1], extra[:, -2], extra[:, -1] = loud, size, voiced, gate
        for number, lag in enumerate(LAGS):
            np.einsum("ij,ij->i", fine, past[LAG_MAX - lag : len(past) - lag], out=extra[:, 2 + number])
        np.square(extra, out=made[:, EXTRA_2])
        np.cumsum(made, axis=0, out=made)
        self._append(shape, loud, made + (self._sums[-1] - self._sums[0]))

    def _append(self, shape: Reals, loud: Reals, sums: Reals) -> None:
        """The running sums start anew with every block: large sums would lose their last digits."""
        self._shape = np.concatenate((self._shape, shape))
        self._loud = np.concatenate((self._loud, loud))
        self._sums = np.concatenate((self._sums - self._sums[0], sums))

    def _settle(self, count: int) -> tuple[list[int], Reals]:
        """Takes out the oldest `count` frames that wait, and describes them."""
        rows = self._around(count)
        at_ms, self._at_ms = self._at_ms[:count], self._at_ms[count:]
        self._shape, self._loud, self._sums = self._shape[count:], self._loud[count:], self._sums[count:]
        return at_ms, rows

    def _around(self, count: int) -> Reals:
        """Describes every second of `count` frames, the first of which is row `BACK`, by what is around them."""
        rows = np.empty((count // STEP, COUNT), np.float32)
        peak = self._loud.max()
        at = 0
        for offset in OFFSETS:
            seen = slice(BACK + offset, BACK + offset + count, STEP)
            rows[:, at : at + BANDS] = self._shape[seen]
            rows[:, at + BANDS] = self._loud[seen] - peak
            at += BANDS + 1
        for number, (before, after) in enumerate(WINDOWS):
            first, last = BACK - before - 1, BACK + after
            means = self._sums[last : last + count : STEP] - self._sums[first : first + count : STEP]
            means /= before + after + 1
            mean = means[:, EXTRA]
            rows[:, at : at + EXTRAS] = np.sqrt(np.maximum(means[:, EXTRA_2] - mean * mean, 0))
            rows[:, at + EXTRAS : at + 2 * EXTRAS] = mean
            rows[:, at + EXTRAS] -= peak
            at += 2 * EXTRAS
            if number < LONG:
                spread = means[:, SHAPE_2] - np.square(means[:, SHAPE])
                rows[:, at : at + BANDS] = np.sqrt(np.maximum(spread, 0))
                rows[:, at + BANDS : at + 2 * BANDS] = means[:, MOVED]
                at += 2 * BANDS
        rows[:, at:] = means[:, SHAPE]
        return rows


def _silence() -> Reals:
    """The running sums of what is not heard before the beginning."""
    row = np.zeros(SUMS, np.float32)
    row[EXTRA.start], row[EXTRA_2.start] = np.log(FLOOR_POWER), np.log(FLOOR_POWER) ** 2
    return np.arange(BACK, dtype=np.float32)[:, None] * row


def _band_sums() -> Reals:
    """Overlapping triangles, equally wide to the ear."""
    mel = np.log1p(np.arange(HEARD.start, HEARD.stop) * BIN_HZ / 700)
    centres = np.linspace(mel[0], mel[-1], BANDS)
    away: Reals = (np.abs(mel[:, None] - centres) / (centres[1] - centres[0])).astype(np.float32)
    return np.maximum(0, 1 - away)


def _sharpen() -> Reals:
    """Takes from each bin the mean of its surroundings."""
    near = (np.abs(np.subtract.outer(np.arange(BINS), np.arange(BINS))) <= SMOOTH_BINS).astype(np.float32)
    sharpen: Reals = np.eye(BINS, dtype=np.float32) - near / near.sum(axis=0)
    return sharpen


def _pitch_waves() -> Reals:
    """A wave over the spectrum for each pitch: the harmonics of that pitch lie on its crests."""
    pitch_hz = np.geomspace(*PITCH_HZ, PITCHES)
    at_hz = np.arange(HEARD.start, HEARD.stop) * BIN_HZ
    waves: Reals = np.cos(2 * np.pi * at_hz[:, None] / pitch_hz).astype(np.float32)
    return waves


PITCH_WAVES = _pitch_waves()
BAND_SUMS = _band_sums()
SHARPEN = _sharpen()
