"""Changes the rate of a stream of sound block by block, without a seam between blocks."""

from math import ceil, gcd

import numpy as np

from .samples import Reals, Samples

RATES_HZ = (8000, 16000, 32000, 44100, 48000)
ZERO_CROSSINGS = 16  # of the filter to either side: flat to 85 % of the new band, aliases below -60 dB
KAISER_BETA = 6.0
KEPT_BAND = 0.93


class Resampler:
    """Turns int16 blocks at `from_hz` into blocks at `to_hz`, as if the whole sound were converted at once.

    Output sample n lies at the same time as input sample n * from_hz / to_hz: nothing is delayed.
    """

    def __init__(self, from_hz: int, to_hz: int) -> None:
        common = gcd(from_hz, to_hz)
        self._up, self._down = to_hz // common, from_hz // common
        self._filters = _polyphase(self._up, self._down)
        self._taps = self._filters.shape[1]
        self._past: Samples = np.zeros(self._taps // 2 - 1, np.int16)  # silence before the first sample
        self._phase = 0  # of the next output sample, in input samples / up, from the head of `_past`

    def __call__(self, block: Samples) -> Samples:
        """Returns the samples that are settled by now."""
        if self._up == self._down:
            return block
        sound = np.concatenate((self._past, block))
        usable = len(sound) - self._taps + 1
        if usable <= 0:
            self._past = sound
            return np.zeros(0, np.int16)
        at = np.arange(self._phase, usable * self._up, self._down)
        windows = np.lib.stride_tricks.sliding_window_view(sound.astype(np.float32), self._taps)
        if self._up == 1:
            made = windows[at[0] : usable : self._down] @ self._filters[0] if len(at) else np.zeros(0)
        else:
            made = np.einsum("ij,ij->i", windows[at // self._up], self._filters[at % self._up])
        self._past = sound[usable:]
        self._phase += len(at) * self._down - usable * self._up
        return np.clip(np.rint(made), -32768, 32767).astype(np.int16)

    def rest(self) -> Samples:
        """Returns what the end of the sound still owes."""
        return self(np.zeros(0 if self._up == self._down else self._taps // 2, np.int16))


def _polyphase(up: int, down: int) -> Reals:
    """One row of filter taps for each of the `up` places that an output sample can have between two inputs."""
    stretch = max(1.0, down / up)
    half = ceil(ZERO_CROSSINGS * stretch)
    offsets = np.arange(2 * half)[None, :] - (half - 1) - np.arange(up)[:, None] / up
    window = np.i0(KAISER_BETA * np.sqrt(np.clip(1 - (offsets / half) ** 2, 0, 1)))
    filters = np.sinc(offsets * KEPT_BAND / stretch) * window
    taps: Reals = (filters / filters.sum(axis=1, keepdims=True)).astype(np.float32)
    return taps
