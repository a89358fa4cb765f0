"""Listens for who answers where no wire tells it: the first voice near the phone after its last ring."""

from collections import deque

import numpy as np
import webrtcvad

from thirdring_unit.core.events import Signal

from .block import Block
from .character import Character
from .phone import VAD_MODE

KEPT_BLOCKS = 8  # 5 s: a ring may be told so late, and the hall is as loud as it was meanwhile
NEARER = 2.5  # in power, than the hall
HALL_BLOCKS = 32  # 20 s, by which a hall is known
WORD, WORD_OF = 8, 12  # so many of so many frames must be near speech
ECHO_MS = 60  # after a ring: its own tail is no voice
BLOCK_FRAMES = 32
LISTEN_CYCLES = 3  # halves, after a ring: then the next one has failed to come


class Answer:
    """Hears nothing until the phone rings; keeps the last 5 s of the room for the ring that is told late."""

    def __init__(self, channel: str, cycle_ms: int) -> None:
        self._channel = channel
        self._listen_ms = cycle_ms * LISTEN_CYCLES // 2
        self._blocks: deque[Block] = deque(maxlen=KEPT_BLOCKS)
        self._levels: deque[float] = deque(maxlen=HALL_BLOCKS)
        self._speech: _Speech | None = None  # None: the phone has not rung, or somebody answered
        self._rung = Signal("ring", channel, False, 0)  # what was told last

    def step(self, block: Block, rung: list[Signal]) -> list[Signal]:
        """Takes a block and what was told of rings in it; returns the beginning of the voice that answers."""
        self._blocks.append(block)
        self._levels.append(float(np.partition(block.power, len(block.power) * 4 // 5)[len(block.power) * 4 // 5]))
        new = [block]
        if rung:
            self._rung = rung[-1]
            if self._speech is None:
                self._speech, new = _Speech(block.rate_hz), list(self._blocks)
        if self._speech is None:
            return []
        for one in new:
            self._speech.step(one, self._hall())
        at_ms = None if self._rung.on else self._speech.since(self._rung.at_ms)
        if at_ms is not None or block.end_ms > self._rung.at_ms + self._listen_ms:
            self._speech = None
        return [] if at_ms is None else [Signal("voice", self._channel, True, at_ms, None)]

    def _hall(self) -> float:
        """How loud the hall is at its louder moments; ringing and answers fill fewer than half of the blocks."""
        return sorted(self._levels)[len(self._levels) // 2]


class _Speech:
    """The last frames, and which of them are speech nearer than the hall."""

    def __init__(self, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._vad = webrtcvad.Vad(VAD_MODE)
        self._character = Character()
        self._power: list[float] = []  # of the frames that wait for their verdict
        self._frames: deque[tuple[int, bool]] = deque(maxlen=KEPT_BLOCKS * BLOCK_FRAMES)

    def step(self, block: Block, hall: float) -> None:
        """Takes a block, in a hall so loud."""
        self._power += block.power.tolist()
        gate = np.array([self._vad.is_speech(frame, self._rate_hz) for frame in block.frames])
        at_ms, verdict = self._character.step(block, gate, np.zeros(len(block.frames), np.bool_))
        powers, self._power = self._power[: len(at_ms)], self._power[len(at_ms) :]
        for frame_ms, speech, power in zip(at_ms, verdict.likely.tolist(), powers, strict=True):
            self._frames.append((frame_ms, speech and power > NEARER * hall))

    def since(self, since_ms: int) -> int | None:
        """Returns when the first word after a time began."""
        frames = [(at_ms, near) for at_ms, near in self._frames if at_ms >= since_ms + ECHO_MS]
        for place, (at_ms, near) in enumerate(frames):
            if near and sum(one for _, one in frames[place : place + WORD_OF]) >= WORD:
                return at_ms
        return None
