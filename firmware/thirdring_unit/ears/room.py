"""What a room sounds like, frame by frame, above the noise it always has."""

from typing import NamedTuple

import numpy as np

from .block import FRAME_MS, Block
from .rolling import Rolling
from .samples import Reals

RATE_HZ = 16_000  # ringers have much of their sound above 4 kHz
BAND_BINS = 2  # of 31.25 Hz
BANDS = slice(5, 115)  # bands of 62.5 Hz: 310 to 7200 Hz, where ringers ring
COUNT = BANDS.stop - BANDS.start
SMOOTH = 4  # frames: a warble's two tones melt into one spectrum
FORGET_MS = (SMOOTH - 2) * FRAME_MS  # so long a smoothed spectrum still shows a sound that has ended
QUIET_PART = 4  # the quieter quarter of a block is its noise
FLOOR_FRAMES = 16  # a shorter block says nothing of the noise
FLOOR_BLOCKS = 8  # 5 s: no ringer sounds so long without a pause
FLOOR_RISE = 1.5  # what of the noise is taken away: it is never quite steady
HISTORY_FRAMES = 480  # 9.6 s: two rings of the slowest cadence


class Heard(NamedTuple):
    """Frames of a room: when each begins, its bands' powers over the last 80 ms less the noise, and the noise."""

    at_ms: list[int]
    clean: Reals
    noise: float


class Room:
    """Measures the frames of one microphone at RATE_HZ. It is taken to be quiet before it was listened to."""

    def __init__(self) -> None:
        self._quiet: Reals = np.zeros((FLOOR_BLOCKS, COUNT), np.float32)
        self._past: Reals = np.zeros((SMOOTH - 1, COUNT), np.float32)

    def step(self, block: Block) -> Heard:
        """Measures a block."""
        bands = bands_of(block)
        floor = self._floor(bands)
        past = np.concatenate((self._past, bands))
        self._past = past[1 - SMOOTH :]
        return Heard(block.at_ms, clean_of(past, floor), float(floor.sum()))

    def _floor(self, bands: Reals) -> Reals:
        """The noise is what the quietest blocks of the last seconds had: the second of them, for there are gaps."""
        if len(bands) >= FLOOR_FRAMES:
            place = len(bands) // QUIET_PART
            self._quiet = np.concatenate((self._quiet[1:], np.partition(bands, place, axis=0)[place : place + 1]))
        floor: Reals = np.partition(self._quiet, 1, axis=0)[1]
        return floor


def bands_of(block: Block) -> Reals:
    """Power in each band of each frame."""
    first, last = BANDS.start * BAND_BINS, BANDS.stop * BAND_BINS
    bands: Reals = np.add(*(block.spectrum[:, first + part : last : BAND_BINS] for part in range(BAND_BINS)))
    return bands


def clean_of(bands: Reals, floor: Reals) -> Reals:
    """Means over SMOOTH frames, which are so many fewer, less the noise."""
    count = len(bands) - SMOOTH + 1
    smooth = sum((bands[lag : lag + count] for lag in range(SMOOTH)), np.float32(0)) / np.float32(SMOOTH)
    clean: Reals = np.maximum(smooth - FLOOR_RISE * floor, 0)
    return clean


class History:
    """The last seconds of a room."""

    def __init__(self) -> None:
        self.at_ms: list[int] = []
        self.power: Reals = np.zeros(0, np.float32)
        self._clean = Rolling(HISTORY_FRAMES, COUNT)

    @property
    def clean(self) -> Reals:
        """What was heard, as in `Heard`."""
        return self._clean.rows

    def until(self, frame: int) -> "History":
        """What was remembered before a frame."""
        then = History()
        then.at_ms, then.power = self.at_ms[:frame], self.power[:frame]
        then._clean.add(self.clean[:frame])
        return then

    def add(self, heard: Heard) -> None:
        """Appends what was heard, and forgets what is too old."""
        self.at_ms = (self.at_ms + heard.at_ms)[-HISTORY_FRAMES:]
        self.power = np.concatenate((self.power, heard.clean.sum(axis=1)))[-HISTORY_FRAMES:]
        self._clean.add(heard.clean)
