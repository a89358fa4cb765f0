"""Tells breath, echoes and a line's hiss between words from the words: they are much softer."""

import numpy as np

from .samples import Flags, Reals

SOFTER = np.float32(32 / 10 * np.log(10))  # nepers of power, 32 dB: speech itself spans less
FADE = np.float32(0.2 / 10 * np.log(10))  # a frame, 10 dB a second: somebody else may speak softer
LONGEST = 64  # frames that are told at once: a block, and what waited at its end
SILENT = np.float32(0)  # nepers: a sample's last digit
EVEN = np.float32(1)  # power: no logarithm of nothing

RAMP: Reals = FADE * np.arange(LONGEST, dtype=np.float32)


class Shadow:
    """What loud speech leaves in its shadow, before and after it; forwards it lasts from call to call."""

    def __init__(self) -> None:
        self._depth = SILENT  # how loud the loudest speech lately was, less what has faded

    def leaves(self, power: Reals, speech: Flags) -> Flags:
        """Marks the frames of speech that are not `SOFTER` than what is spoken around them; at most `LONGEST`."""
        count = len(speech)
        if not speech.any():
            self._depth = max(SILENT, self._depth - FADE * count)
            return speech
        ramp = RAMP[:count]
        loud = np.log(power * speech + EVEN)
        fading, rising = loud + ramp, loud - ramp
        before = np.maximum.accumulate(np.maximum(fading, self._depth))
        after = np.maximum.accumulate(rising[::-1])[::-1]
        self._depth = max(SILENT, before[-1] - FADE * count)
        left: Flags = speech & (fading > before - SOFTER) & (rising > after - SOFTER)
        return left
