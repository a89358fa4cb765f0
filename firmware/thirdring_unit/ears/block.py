"""A stretch of sound of one channel, and what is measured of it once for all detectors."""

from functools import cached_property

import numpy as np

from .samples import Reals, Samples

FRAME_MS = 20
WINDOW = {8000: 256, 16000: 512}  # samples: 32 ms, so that a tone fills three 31 Hz bins
BIN_HZ = 31.25


class Block:
    """`n` frames of 20 ms; frame i begins at `at_ms[i]`. `past` is the sound just before them.

    Spectra are of 32 ms that end with their frame. `beside` is what a second microphone heard meanwhile.
    """

    def __init__(
        self, frames: list[bytes], at_ms: list[int], past: Samples, rate_hz: int, beside: Samples | None = None
    ) -> None:
        self.frames = frames
        self.at_ms = at_ms
        self.rate_hz = rate_hz
        self.sound: Samples = np.frombuffer(b"".join(frames), np.int16)
        self.beside = beside
        self._past = past

    @property
    def end_ms(self) -> int:
        """When the last frame ends."""
        return self.at_ms[-1] + FRAME_MS

    @property
    def tail(self) -> Samples:
        """The end of the sound, which the next block's first window reaches back to."""
        return self.sound[-len(self._past) :]

    @cached_property
    def power(self) -> Reals:
        """Mean square of each frame."""
        cells = self.sound.astype(np.float32).reshape(len(self.frames), -1)
        power: Reals = np.einsum("ij,ij->i", cells, cells) / np.float32(cells.shape[1])
        return power

    @cached_property
    def spectrum(self) -> Reals:
        """Power in bins of 31.25 Hz, one row a frame; the rows' sums are on the scale of `power`."""
        window = HANN[self.rate_hz]
        overlap, frame = len(self._past), self.rate_hz * FRAME_MS // 1000
        rows = np.empty((len(self.frames), len(window)), np.float32)
        rows[:, overlap:] = self.sound.reshape(-1, frame)
        rows[0, :overlap] = self._past
        rows[1:, :overlap] = rows[:-1, -overlap:]
        rows *= window
        bins = np.fft.rfft(rows).astype(np.complex64, copy=False)  # numpy 2 keeps it single, numpy 1 does not
        parts = bins.view(np.float32)
        parts *= parts
        return np.add(parts[:, : len(window) : 2], parts[:, 1 : len(window) : 2])


def sides_of(frame: Samples) -> tuple[Samples, Samples]:
    """What each of two microphones heard in a frame that has their samples in turn."""
    return frame[::2], frame[1::2]


def past_samples(rate_hz: int) -> int:
    """How many samples before a block its first window needs."""
    return WINDOW[rate_hz] - rate_hz * FRAME_MS // 1000


def _hann(size: int) -> Reals:
    window = np.hanning(size + 1)[:size]
    scaled: Reals = (window * np.sqrt(2 / (size * np.square(window).sum()))).astype(np.float32)
    return scaled


HANN = {rate_hz: _hann(size) for rate_hz, size in WINDOW.items()}
