"""Tells when people converse on a line and when nobody does: a hold is a pause that lasts, whatever sounds in it.

Every frame is evidence: the log odds of speech, which count the more, the nearer its level comes to that of the call's
own talk. The evidence adds up, and the verdict changes where the sum speaks against it beyond doubt (a cumulative sum
test); the change is dated back to where the sum left zero. So a lone cough or a voice far away changes nothing.
"""

import numpy as np

from thirdring_unit.core.events import Signal

from .block import FRAME_MS
from .samples import Flags, Reals

PRIOR = 0.9  # log odds, added to every frame's: much of a talk is soft or unclear
LEAST, MOST = -1.3, 6.0  # no frame proves more: pauses belong to talk
FARTHEST_DB, NEAREST_DB = -45.0, 3.0  # of the talk's level: where evidence counts least, and wholly
LEAST_WEIGHT, PAUSE_WEIGHT = 0.2, 0.5  # that of a pause while people talk
UNKNOWN_WEIGHT = 0.7  # before the level of talk is known
TALKING_WEIGHT = 2.0  # of speech while people talk: a word says that they still do
TALK_PROOF = 160.0  # of evidence: two or three words
PAUSE_PROOF = 200.0  # eight seconds
KEPT_SUM = 0.997  # a frame, of what speaks for talk: a noise now and then does not add up
KEPT_LEVEL = 0.999  # a frame of speech, of the talk's level: parties differ
KNOWN_FRAMES = 5
EVEN_POWER = 1.0


class Talk:
    """The conversation on one channel; `step` takes what the judge made of frames, and their power."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self._forget()

    def step(self, at_ms: list[int], odds: Reals, speech: Flags, power: Reals) -> list[Signal]:
        """Returns the beginnings and ends that are certain by now."""
        signals: list[Signal] = []
        evidence = self._weighed(odds, power)
        if self._sum or ((evidence < 0) if self._on else (evidence > 0)).any():
            for frame_ms, weighed in zip(at_ms, evidence.tolist(), strict=True):
                signals += self._add(frame_ms, -weighed if self._on else weighed)
        if at_ms:
            self._to_ms = at_ms[-1] + FRAME_MS
        if self._on or not self._ever:
            self._learn(power[speech])
        return signals

    def change_ms(self, *, to_talk: bool) -> int | None:
        """Since when people talk, or do not, as far as can be told by now; None: they do the other."""
        if self._on == to_talk:
            return self._since_ms
        return self._from_ms if self._sum else None

    def end(self) -> list[Signal]:
        """Ends the talk, and forgets how loud it was, because the sound or the call ends."""
        signals = [Signal("talk", self._channel, False, self._to_ms)] if self._on else []
        self._forget()
        return signals

    def _forget(self) -> None:
        self._on = self._ever = False
        self._sum = 0.0  # of the evidence against the present verdict
        self._since_ms: int | None = None  # when the verdict changed
        self._from_ms = self._to_ms = 0  # when the sum left zero, and the end of what was heard
        self._power = self._frames = 0.0  # of speech

    def _add(self, frame_ms: int, contrary: float) -> list[Signal]:
        if self._sum == 0.0:
            self._from_ms = frame_ms
        kept = self._sum if self._on else self._sum * KEPT_SUM
        self._sum = max(0.0, kept + contrary)
        if self._sum < (PAUSE_PROOF if self._on else TALK_PROOF):
            return []
        self._on, self._ever, self._sum, self._since_ms = not self._on, True, 0.0, self._from_ms
        return [Signal("talk", self._channel, self._on, self._from_ms)]

    def _weighed(self, odds: Reals, power: Reals) -> Reals:
        evidence: Reals = np.clip(odds + PRIOR, LEAST, MOST)
        weight = self._weight(power)
        if self._on:
            weight = np.where(evidence > 0, weight * TALKING_WEIGHT, np.maximum(weight, PAUSE_WEIGHT))
        return evidence * weight

    def _weight(self, power: Reals) -> Reals:
        """Returns how much frames count by their level beside that of the talk so far."""
        if self._frames < KNOWN_FRAMES:
            return np.full(len(power), UNKNOWN_WEIGHT, np.float32)
        level_db = 10 * np.log10(np.maximum(power, EVEN_POWER) * (self._frames / self._power))
        weight: Reals = np.clip((level_db - FARTHEST_DB) / (NEAREST_DB - FARTHEST_DB), LEAST_WEIGHT, 1)
        return weight

    def _learn(self, power: Reals) -> None:
        """Follows the mean power of speech."""
        kept = KEPT_LEVEL ** len(power)
        self._power = self._power * kept + float(power.sum())
        self._frames = self._frames * kept + len(power)
