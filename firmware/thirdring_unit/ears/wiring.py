"""Notices sound that comes in by the wrong input (R12): plugs swapped, one source on two inputs, a room on the line."""

from collections import deque
from collections.abc import Iterable
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from thirdring_unit.core.events import CHANNELS, Signal

from .block import Block
from .level import decibels

LIVELY_DB = 6.0  # spread of a block's levels: in steady noise any two inputs are alike
ALIKE = 0.98  # correlation of two inputs' levels, frame by frame; a voice leaking from one into the other stays below
BLOCKS, SAME_BLOCKS, OTHER_BLOCKS = 150, 140, 75  # lively ones: as many alike make a fault; as few end it
STRAY_TONES = 3  # of the network on the agent's input, and none on the line's: leaking ones are heard on both
IDLE_SPEECH_MS = 60_000  # so much speech on the line while nobody telephones

SAME = {
    ("agent", "line"): ("agent", "gives the same sound as the line: is one source plugged into both inputs?"),
    ("agent", "room"): ("agent", "gives the same sound as the room: is the room's microphone on the agent's input?"),
    ("line", "room"): ("line", "gives the same sound as the room: is the room's microphone on the line's input?"),
}
SWAPPED = "the network's tones come in by the agent's input: are the plugs of line and agent swapped?"
ROOM = "speech while the handset lies: is a room's microphone on the line's input?"


class Wiring:
    """What several channels of one desk tell about each other."""

    def __init__(self, channels: Iterable[str]) -> None:
        names = [name for name in CHANNELS if name in set(channels)]
        self._pairs = [_Pair(first, second) for first, second in combinations(names, 2)]
        self._line = _Line("agent" in names)

    def step(self, channel: str, block: Block) -> list[Signal]:
        """Compares a block with the other channels' blocks of the same time."""
        return [signal for pair in self._pairs for signal in pair.step(channel, block)]

    def heard(self, signals: Iterable[Signal]) -> list[Signal]:
        """Takes what the ears have heard; returns the fault that follows."""
        return [fault for signal in signals for fault in self._line.heard(signal)]

    def hook(self, *, closed: bool) -> None:
        """The handset is up, or down."""
        self._line.idle = not closed


class _Pair:
    """Whether two channels give one and the same sound."""

    def __init__(self, first: str, second: str) -> None:
        self._names = (first, second)
        self._told, self._why = SAME[first, second]
        self._waiting: dict[str, tuple[int, NDArray[np.intp]]] = {}
        self._alike: deque[bool] = deque(maxlen=BLOCKS)
        self._on = False

    def step(self, channel: str, block: Block) -> list[Signal]:
        if channel not in self._names:
            return []
        self._waiting[channel] = (block.at_ms[0], decibels(block.power))
        times, levels = zip(*self._waiting.values(), strict=True)
        if len(levels) < len(self._names) or times[0] != times[1] or len(levels[0]) != len(levels[1]):
            return []
        if max(float(np.std(level)) for level in levels) < LIVELY_DB:
            return []
        self._alike.append(_alike(*levels))
        return self._judge(block.at_ms[0])

    def _judge(self, at_ms: int) -> list[Signal]:
        alike = sum(self._alike)
        changed = alike <= OTHER_BLOCKS if self._on else alike >= SAME_BLOCKS
        if not changed:
            return []
        self._on = not self._on
        return [Signal("fault", self._told, self._on, at_ms, self._why if self._on else None)]


def _alike(first: NDArray[np.intp], second: NDArray[np.intp]) -> bool:
    if min(np.std(first), np.std(second)) == 0:
        return False
    return float(np.corrcoef(first, second)[0, 1]) >= ALIKE


class _Line:
    """Whether the line's input hears the line: the network's tones, and nothing while nobody telephones."""

    def __init__(self, has_agent: bool) -> None:
        self.idle = False
        self._has_agent = has_agent
        self._stray = 0
        self._speech_ms = 0
        self._from_ms: int | None = None  # of speech that began while nobody telephoned
        self._on = False

    def heard(self, signal: Signal) -> list[Signal]:
        if signal.what == "tone" and signal.on and signal.detail != "dtmf":
            return self._tone(signal)
        if signal.what == "voice" and signal.channel == "line":
            return self._voice(signal)
        return []

    def _tone(self, signal: Signal) -> list[Signal]:
        if signal.channel == "line":
            self._stray = self._speech_ms = 0
            return self._tell(signal.at_ms, None)
        self._stray += 1
        return self._tell(signal.at_ms, SWAPPED) if self._has_agent and self._stray >= STRAY_TONES else []

    def _voice(self, signal: Signal) -> list[Signal]:
        if self.idle and not signal.on and self._from_ms is not None:
            self._speech_ms += signal.at_ms - self._from_ms
        self._from_ms = signal.at_ms if self.idle and signal.on else None
        return self._tell(signal.at_ms, ROOM) if self._speech_ms >= IDLE_SPEECH_MS else []

    def _tell(self, at_ms: int, why: str | None) -> list[Signal]:
        if self._on == (why is not None):
            return []
        self._on = why is not None
        return [Signal("fault", "line", self._on, at_ms, why)]
