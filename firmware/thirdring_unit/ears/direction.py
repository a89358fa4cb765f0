"""Where a ring comes from, heard by two microphones: its delay from one to the other tells desks apart.

The delay is that at which the phases of the ringer's frequencies agree best (generalised cross-correlation with phase
transform, averaged over a burst). Frequencies whose phase wanders within the burst are echo or noise, and count less.
"""

from collections import deque
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .block import Block
from .samples import Reals, Samples

RATE_HZ = 16_000
WINDOW, HOP = 1024, 256  # samples
BINS = slice(20, 460)  # of 15.6 Hz: 310 to 7200 Hz, where ringers ring
DELAYS_US = np.arange(-700, 701, 10)  # 24 cm from microphone to microphone
NEAR_US = 60  # a phone that was moved by a hand's breadth, one sample
FAINT = 0.01  # of the strongest frequency's power: what is fainter says nothing
CLEAR, ASIDE = 0.6, 0.88  # agreement of phases: at the best delay, so that one is known; beside it at the phone's own
KEPT_BLOCKS = 8  # 5 s
SHORTEST = 2 * WINDOW  # samples: one window alone agrees with everything


class Direction:
    """Knows the ring that comes from elsewhere than the phone; `delay_us` is the phone's, None if it is not known."""

    def __init__(self, delay_us: int | None) -> None:
        self._delay_us = delay_us
        self._blocks: deque[Block] = deque(maxlen=KEPT_BLOCKS)

    def add(self, block: Block) -> None:
        """Takes what both microphones heard."""
        if self._delay_us is not None and block.beside is not None:
            self._blocks.append(block)

    def is_elsewhere(self, from_ms: int, to_ms: int) -> bool:
        """Whether what sounded between these times surely came from elsewhere."""
        parts = [
            np.stack((block.sound, block.beside)).reshape(2, len(block.at_ms), -1)[:, inside].reshape(2, -1)
            for block in self._blocks
            if block.beside is not None
            and (inside := (np.array(block.at_ms) >= from_ms) & (np.array(block.at_ms) < to_ms)).any()
        ]
        if not parts or self._delay_us is None:
            return False
        agreed = agreement(*np.concatenate(parts, axis=1))
        own = agreed[np.abs(DELAYS_US - self._delay_us) <= NEAR_US].max()
        return bool(agreed.max() >= CLEAR and own < ASIDE * agreed.max())


def delay_us(rings: Sequence[tuple[Samples, Samples]]) -> int | None:
    """Returns by how much the second microphone hears these rings later; None if they do not agree on it."""
    found = [agreement(*ring) for ring in rings]
    if not found:
        return None
    mean = np.mean(found, axis=0)
    best = int(mean.argmax())
    return int(DELAYS_US[best]) if all(one[best] >= CLEAR for one in found) else None


def agreement(first: Samples, second: Samples) -> Reals:
    """Returns for each of DELAYS_US how well the phases agree with it, at most 1; nowhere for too short a sound."""
    if len(first) < SHORTEST:
        return np.zeros(len(DELAYS_US), np.float32)
    spectra = [np.fft.rfft(_windows(side) * HANN)[:, BINS].astype(np.complex64) for side in (first, second)]
    cross = (spectra[0].conj() * spectra[1]).sum(axis=0)
    powers = [np.square(np.abs(spectrum)).sum(axis=0) for spectrum in spectra]
    power = np.sqrt(powers[0] * powers[1]) + 1
    size = np.abs(cross)
    weight = np.where(power >= FAINT * power.max(), np.square(size / power), 0)
    agreed: Reals = ((weight * cross / np.maximum(size, 1)) @ TURNS).real / max(float(weight.sum()), 1e-9)
    return agreed


def _windows(side: Samples) -> Reals:
    windows: Reals = np.lib.stride_tricks.sliding_window_view(side.astype(np.float32), WINDOW)[::HOP]
    return windows


def _turns() -> NDArray[np.complex64]:
    """The phase of each frequency at each delay, turned back."""
    at_hz = np.arange(BINS.start, BINS.stop) * RATE_HZ / WINDOW
    return np.exp(2j * np.pi * np.outer(at_hz, DELAYS_US * 1e-6)).astype(np.complex64)


HANN: Reals = np.hanning(WINDOW).astype(np.float32)
TURNS = _turns()
