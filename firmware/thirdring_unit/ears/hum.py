"""Hears mains hum that drowns everything else on a channel (R12): a cable or a supply is to be mended."""

from collections import deque
from functools import cache

import numpy as np

from thirdring_unit.core.events import Signal

from .block import Block
from .level import FULL_POWER
from .samples import Reals

CHECK_BLOCKS = 16  # one block in so many is looked at: every ten seconds
SHORTEST_FRAMES = 32  # 640 ms: bins of 1.6 Hz, and no voice stays on its pitch so long
QUIETEST_POWER = FULL_POWER * 10**-7  # -70 dB of full scale: fainter hum drowns nothing
MAINS_HZ = (50, 60)
HIGHEST_HZ, LOWEST_HZ = 620, 35  # of the harmonics that count, and of the sound that they are compared with
WIDTH_HZ = 3.0  # to either side: networks keep their frequency to 0.2, the window blurs it
HUM_SHARE = 0.7  # of the power
PART_SHARE = 0.05  # of the power, in two harmonics at least, one of them among the first three: no tone of a network
FIRST_HARMONICS = 3
CHECKS, ON_CHECKS, OFF_CHECKS = 60, 30, 6  # in ten minutes: as many make a fault; as few end it
WHY = "mains hum drowns everything else: check the cable's shield, the plug and the power supply"


class Hum:
    """The hum of one channel."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self._blocks = 0
        self._checks: deque[tuple[int, bool]] = deque(maxlen=CHECKS)
        self._on = False

    def step(self, block: Block) -> list[Signal]:
        """Returns the hum's beginning, back-dated to the first that was heard, or its end."""
        if len(block.frames) < SHORTEST_FRAMES:
            return []
        self._blocks += 1
        if self._blocks % CHECK_BLOCKS:
            return []
        self._checks.append((block.at_ms[0], hums(block)))
        heard_ms = [at_ms for at_ms, humming in self._checks if humming]
        if not self._on and len(heard_ms) >= ON_CHECKS:
            self._on = True
            return [Signal("hum", self._channel, True, heard_ms[0], WHY)]
        if self._on and len(heard_ms) <= OFF_CHECKS:
            self._on = False
            return [Signal("hum", self._channel, False, block.at_ms[0], None)]
        return []


def hums(block: Block) -> bool:
    """Tells whether a block is hum and little else."""
    if float(block.power.mean()) < QUIETEST_POWER:
        return False
    sound = block.sound * _window(len(block.sound))
    power: Reals = (np.abs(np.fft.rfft(sound)) ** 2).astype(np.float32)
    at_hz = np.fft.rfftfreq(len(sound), 1 / block.rate_hz)
    whole = float(power[at_hz >= LOWEST_HZ].sum())
    return any(_dominates(power / whole, at_hz, mains_hz) for mains_hz in MAINS_HZ)


@cache
def _window(samples: int) -> Reals:
    return np.hanning(samples).astype(np.float32)


def _dominates(share: Reals, at_hz: Reals, mains_hz: int) -> bool:
    harmonics = range(mains_hz, HIGHEST_HZ, mains_hz)
    parts = [float(share[np.abs(at_hz - hz) <= WIDTH_HZ].sum()) for hz in harmonics]
    strong = [part >= PART_SHARE for part in parts]
    return sum(parts) >= HUM_SHARE and sum(strong) > 1 and any(strong[:FIRST_HARMONICS])
