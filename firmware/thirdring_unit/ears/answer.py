"""Listens for who answers where no wire tells it: the first voice near the phone after its last ring."""

from collections import deque
from collections.abc import Sequence

import numpy as np
import webrtcvad
from numpy.typing import NDArray

from thirdring_unit.core.events import Signal

from .block import FRAME_MS, Block
from .character import Character
from .phone import VAD_MODE
from .room import RATE_HZ
from .samples import Flags, Reals

KEPT_BLOCKS = 8  # 5 s: a ring may be told so late, and before it the hall is heard alone
KEPT_FRAMES = 1000  # 20 s of verdicts, by which a hall is known
BURSTS_KEPT = 32
BEFORE_MS, AFTER_MS = 60, 300  # around a burst: its unsure edges and its echo are not the hall
LOUD_SHARE = 0.9  # of the hall's frames are softer than its loud moments, which a word exceeds
VOICES_SHARE, NEARER = 0.8, 2.5  # of its voices' frames are softer; in power, than those a near one
HALL_FRAMES = 15  # a hall that was heard shorter is not known
VOICES_FRAMES = 13  # a hall with fewer frames like speech has no voices
WORD, WORD_OF = 8, 12  # so many of so many frames must be near speech
SOUND = 2.5  # in power, than the hall's loud moments: with such sound a word may have begun ...
SOUND_REST_MS, SOUND_MS = 200, 800  # ... if it rests no longer, and so long before it is known for speech
ECHO_MS = 60  # after a ring: its own tail is no voice
LISTEN_CYCLES = 3  # halves, after a ring: then the next one has failed to come


class Answer:
    """Hears nothing until the phone rings; keeps the last 5 s of the room for the ring that is told late."""

    def __init__(self, channel: str, cycle_ms: int) -> None:
        self._channel = channel
        self._listen_ms = cycle_ms * LISTEN_CYCLES // 2
        self._blocks: deque[Block] = deque(maxlen=KEPT_BLOCKS)
        self._speech: _Speech | None = None  # None: nothing has rung lately
        self._bursts: deque[tuple[int, int]] = deque(maxlen=BURSTS_KEPT)
        self._rung = Signal("ring", channel, False, 0)  # what was told last
        self._answered = False  # since then

    def step(self, block: Block, rung: list[Signal]) -> list[Signal]:
        """Takes a block and what was told of rings in it; returns the beginning of the voice that answers."""
        self._blocks.append(block)
        new = [block]
        for signal in rung:
            if not signal.on:
                self._bursts.append((self._rung.at_ms, signal.at_ms))
            self._rung, self._answered = signal, False
        if rung and self._speech is None:
            self._speech, new = _Speech(), list(self._blocks)
        if self._speech is None:
            return []
        for one in new:
            self._speech.step(one)
        over = block.end_ms > self._rung.at_ms + self._listen_ms
        at_ms = None if self._rung.on or self._answered else self._speech.since(self._bursts)
        if over:
            self._speech = None
        if at_ms is None:
            return []
        self._answered = True
        return [Signal("voice", self._channel, True, at_ms, None)]

    def follows(self, bursts: Sequence[tuple[int, int]]) -> bool:
        """Whether somebody near spoke after these bursts of what may be a phone."""
        speech = _Speech()
        for block in self._blocks:
            speech.step(block)
        return speech.since(bursts) is not None


class _Speech:
    """The last frames: which of them are like speech, and how loud they are."""

    def __init__(self) -> None:
        self._vad = webrtcvad.Vad(VAD_MODE)
        self._character = Character()
        self._power: list[float] = []  # of the frames that wait for their verdict
        self._frames: deque[tuple[int, bool, float]] = deque(maxlen=KEPT_FRAMES)

    def step(self, block: Block) -> None:
        """Takes a block."""
        self._power += block.power.tolist()
        gate = np.array([self._vad.is_speech(frame, RATE_HZ) for frame in block.frames])
        at_ms, verdict = self._character.step(block, gate, np.zeros(len(block.frames), np.bool_))
        powers, self._power = self._power[: len(at_ms)], self._power[len(at_ms) :]
        self._frames.extend(zip(at_ms, verdict.likely.tolist(), powers, strict=True))

    def since(self, bursts: Sequence[tuple[int, int]]) -> int | None:
        """Returns when the first word after the last of these bursts began."""
        at_ms, speech, power = (np.array(column) for column in zip(*self._frames, strict=True))
        hall = at_ms < bursts[-1][1]
        for from_ms, to_ms in bursts:
            hall &= (at_ms < from_ms - BEFORE_MS) | (at_ms >= to_ms + AFTER_MS)
        loud = _level(power[hall], LOUD_SHARE)
        if hall.sum() < HALL_FRAMES:
            return None
        voices = power[hall & speech]
        least = max(loud, NEARER * _level(voices, VOICES_SHARE)) if len(voices) >= VOICES_FRAMES else loud
        after = at_ms >= bursts[-1][1] + ECHO_MS
        near = (speech & (power > least))[after]
        words = np.flatnonzero(near & (_coming(near) >= WORD))
        if not len(words):
            return None
        return int(at_ms[after][_beginning((power > SOUND * loud)[after], int(words[0]))])


def _level(power: Reals, share: float) -> float:
    """What a share of the frames lies below; nothing, if there is none."""
    place = int(len(power) * share)
    return float(np.partition(power, place)[place]) if len(power) else 0.0


def _coming(near: Flags) -> NDArray[np.intp]:
    """Counts the near ones of each frame and those that follow it, WORD_OF in all."""
    sums = np.concatenate(([0], near.cumsum(), np.full(WORD_OF, near.sum())))
    counts: NDArray[np.intp] = sums[WORD_OF : WORD_OF + len(near)] - sums[: len(near)]
    return counts


def _beginning(loud: Flags, place: int) -> int:
    """Goes back from a word to where the sound began that it is part of."""
    first = max(0, place - SOUND_MS // FRAME_MS)
    for one in (first + np.flatnonzero(loud[first:place]))[::-1].tolist():
        if place - one > SOUND_REST_MS // FRAME_MS:
            break
        place = one
    return place
