"""Hears that keys are pressed, and keeps none of them: what is dialled may be a secret."""

import numpy as np

from thirdring_unit.core.events import Signal

from .block import BIN_HZ, FRAME_MS, WINDOW, Block
from .pitch import HEARD_HZ, QUIETEST_POWER
from .samples import Flags, Reals

ROWS_HZ, COLUMNS_HZ = (697, 770, 852, 941), (1209, 1336, 1477, 1633)  # ITU-T Q.23
BANDS_HZ = ((630, 1020), (1120, 1720))  # of the rows' and of the columns' tones
PAIR_SHARE = 0.85  # of the energy: what two tones 8 dB above white noise have
OFF_PITCH = 0.022  # keys keep 1.5 %; noise moves the estimate
NARROW_HZ = 45.0  # the spread of one steady tone in a 32 ms Hann window is 20 Hz
TWIST = 12.0  # power ratio of the two tones: 8 dB by the rule, and what a line adds
KEY_FRAMES = 2  # with one key: a shorter sound is none
EDGE_FRAMES = 5  # after it are its echo, or the pause before the next key of a machine: no speech
PRESSES = 2  # one alone may be a chord of music
PAUSE_MS = 3000  # a longer one ends the dialling


class Dtmf:
    """One `tone` signal for each stretch of dialling on a channel."""

    def __init__(self, channel: str, rate_hz: int) -> None:
        self._channel = channel
        self._sums = _sums(WINDOW[rate_hz] // 2)
        self._key, self._run = -1, 0  # of the frames just before
        self._edge = 0  # frames of the next block that are in a key's edge
        self._presses = 0  # counted up to PRESSES: then the dialling is told
        self._from_ms = self._to_ms = 0

    def step(self, block: Block, heard: Flags) -> list[Signal]:
        """Follows the dialling through a block; adds its own frames to `heard`."""
        heard[: self._edge] = True
        self._edge = 0
        keys = self._keys(block.spectrum)
        if not (self._presses or self._run or (keys >= 0).any()):
            return []
        signals: list[Signal] = []
        for number, (at_ms, key) in enumerate(zip(block.at_ms, keys.tolist(), strict=True)):
            if at_ms - self._to_ms > PAUSE_MS:
                signals += self.end()
            self._run = (self._run + 1 if key == self._key else 1) if key >= 0 else 0
            self._key = key
            if self._run >= KEY_FRAMES:
                heard[max(0, number - KEY_FRAMES) : number + 1 + EDGE_FRAMES] = True
                self._edge = max(0, number + 1 + EDGE_FRAMES - len(heard))
                self._to_ms = at_ms + FRAME_MS
            if self._run == KEY_FRAMES:
                signals += self._pressed(at_ms - (KEY_FRAMES - 1) * FRAME_MS)
        return signals

    def end(self) -> list[Signal]:
        """Ends the dialling at the end of its last key."""
        told, self._presses = self._presses == PRESSES, 0
        return [Signal("tone", self._channel, False, self._to_ms, "dtmf")] if told else []

    def _pressed(self, at_ms: int) -> list[Signal]:
        if self._presses == PRESSES:
            return []
        if not self._presses:
            self._from_ms = at_ms
        self._presses += 1
        return [Signal("tone", self._channel, True, self._from_ms, "dtmf")] if self._presses == PRESSES else []

    def _keys(self, spectrum: Reals) -> Reals:
        """A number for each frame: one and the same for one key, -1 for none."""
        sums = spectrum @ self._sums
        low, high, heard = sums[:, 0], sums[:, 3], sums[:, 6]
        loud = (low + high >= PAIR_SHARE * heard) & (heard >= QUIETEST_POWER)
        keys: Reals = np.full(len(sums), -1.0, np.float32)
        pair = loud & (high <= TWIST * low) & (low <= TWIST * high)
        if pair.any():
            row, row_right = _tone(sums[pair, 0:3], BANDS_HZ[0][0], ROWS_HZ)
            column, column_right = _tone(sums[pair, 3:6], BANDS_HZ[1][0], COLUMNS_HZ)
            keys[pair] = np.where(row_right & column_right, row * len(COLUMNS_HZ) + column, -1)
        return keys


def _sums(bins: int) -> Reals:
    """What a spectrum is multiplied with: each band's power and its first two moments, and the power of all."""
    at_hz = np.arange(bins) * BIN_HZ
    columns = []
    for low_hz, high_hz in BANDS_HZ:
        inside = (at_hz >= low_hz) & (at_hz <= high_hz)
        columns += [inside * (at_hz - low_hz) ** power for power in range(3)]
    columns.append((at_hz >= HEARD_HZ[0]) & (at_hz <= HEARD_HZ[1]))
    return np.stack(columns, axis=1).astype(np.float32)


def _tone(moments: Reals, low_hz: int, nominal_hz: tuple[int, ...]) -> tuple[Reals, Flags]:
    """Which of the nominal frequencies is nearest, and whether that and nothing else is there."""
    power, first, second = moments.astype(np.float64).T
    middle = first / power
    narrow = second / power - middle**2 <= NARROW_HZ**2
    away = np.abs((middle + low_hz)[:, None] / np.array(nominal_hz) - 1)
    return away.argmin(axis=1).astype(np.float32), narrow & (away.min(axis=1) <= OFF_PITCH)
