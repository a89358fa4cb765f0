"""Tells speech and music from everything else, frame by frame."""

import numpy as np

from .block import Block
from .judge import Verdict, judge
from .samples import NO_FLAGS, Flags, Reals
from .traits import STEP, Traits

NEVER = np.float32(-10)  # log odds of speech where a tone is heard


class Character:
    """What the frames of one channel are; known a third of a second later."""

    def __init__(self) -> None:
        self._traits = Traits()
        self._tonal = NO_FLAGS  # of the frames that wait for their verdict

    def step(self, block: Block, gate: Flags, tonal: Flags) -> tuple[list[int], Verdict]:
        """Takes what the voice gate and the tones made of a block; returns frames' times and verdicts."""
        self._tonal = np.concatenate((self._tonal, tonal))
        return self._judged(*self._traits.step(block, gate))

    def rest(self) -> tuple[list[int], Verdict]:
        """Returns the frames that still wait, as if the sound stayed as it is."""
        return self._judged(*self._traits.rest())

    def _judged(self, at_ms: list[int], traits: Reals) -> tuple[list[int], Verdict]:
        count = len(at_ms)
        no_tone, self._tonal = ~self._tonal[:count], self._tonal[count:]
        verdict = judge(traits)
        likely, sure, music = (np.repeat(flags, STEP)[:count] & no_tone for flags in verdict[:3])
        return at_ms, Verdict(likely, sure, music, np.where(no_tone, np.repeat(verdict.odds, STEP)[:count], NEVER))
