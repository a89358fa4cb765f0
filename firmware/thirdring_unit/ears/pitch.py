"""Tells frame by frame whether a sound is one telephone tone and little else."""

from typing import NamedTuple

import numpy as np

from .block import BIN_HZ
from .samples import Flags, Reals

HEARD_HZ = (200, 3700)  # energy outside of it is hum or hiss, not part of the line's signal
TONE_SHARE = 0.72  # of the energy: what a tone 5 dB above white noise has in its lobe
NEAR_HZ, NEAR_SHARE = 250, 0.6  # so close to its pitch a tone stands out even where the whole sound is another's
PART_SHARE = 0.12  # of each of a tone's frequencies, so that 350 Hz alone is not 350 + 440 Hz
OFF_PITCH_HZ = 14.0  # networks keep ±10 Hz; noise moves the estimate by a few. Beats swell, but keep their pitch
STEADY_OFF_HZ = 9.0  # of what no cadence proves, over half a second and more; an idle V.23 modem sends 390 Hz
NARROW_HZ = 36.0  # a steady tone's spread is 20 in a 32 ms Hann window, noise adds a few
QUIETEST_POWER = 30.0  # -75 dB of full scale: below it a codec's idle pattern can look like a tone
LOBE_HZ = 70  # to either side: the width of a steady tone in a 32 ms Hann window
APART_HZ = 70  # frequencies closer than this melt into one lobe, which beats
LEVEL_STEP, LEVEL_STEP_BEATING = 2.0, 100.0  # between a burst's loudest and quietest frame


class Frames(NamedTuple):
    """For each frame: the tone and little else, the tone beside other sound, its power, the power of the rest."""

    clear: Flags
    there: Flags
    power: Reals
    rest: Reals


class Pitch:
    """The tone of `hz`: one frequency, or several at once."""

    def __init__(self, hz: tuple[int, ...], bins: int) -> None:
        groups = _melted(hz)
        spread = max(max(group) - min(group) for group in groups) / 2
        centres = np.array([sum(group) / len(group) for group in groups])
        at_hz = (np.arange(bins) * BIN_HZ)[:, None]
        away = np.abs(at_hz - centres)
        lobes = (away <= LOBE_HZ + spread) & (away == away.min(axis=1, keepdims=True))
        heard = (at_hz >= HEARD_HZ[0]) & (at_hz <= HEARD_HZ[1])
        near = (away <= NEAR_HZ).any(axis=1, keepdims=True)
        self._sums = np.hstack((lobes, lobes * (at_hz - centres), lobes * (at_hz - centres) ** 2, near, heard)).astype(
            np.float32
        )
        self._lobes = len(groups)
        self._spread = NARROW_HZ**2 + spread**2 + OFF_PITCH_HZ**2  # around the nominal pitch, in Hz squared
        self.level_step = LEVEL_STEP_BEATING if spread else LEVEL_STEP

    @property
    def share(self) -> Reals:
        """A spectrum times this column is not negative when the tone has its share of the power."""
        share: Reals = self._sums[:, : self._lobes].sum(axis=1) - np.float32(TONE_SHARE) * self._sums[:, -1]
        return share

    def __call__(self, spectrum: Reals) -> Frames:
        """Judges each frame."""
        sums = spectrum @ self._sums
        near, heard = sums[:, -2], sums[:, -1]
        parts, firsts, seconds = self._moments(sums)
        tone = parts.sum(axis=1)
        in_tune = (np.abs(firsts) <= parts * OFF_PITCH_HZ).all(axis=1) & (tone >= QUIETEST_POWER)
        narrow = (seconds <= parts * self._spread).all(axis=1)
        whole = in_tune & narrow & (parts.min(axis=1) >= PART_SHARE * tone)
        return Frames(
            clear=whole & (tone >= TONE_SHARE * heard),
            there=whole & (tone >= NEAR_SHARE * near),
            power=tone,
            rest=heard - tone,
        )

    def in_tune(self, spectrum: Reals) -> bool:
        """Whether all frames together keep the pitch as strictly as a tone that never pauses must."""
        parts, firsts, _ = self._moments((spectrum @ self._sums).sum(axis=0, keepdims=True))
        return bool((np.abs(firsts) <= parts * STEADY_OFF_HZ).all())

    def _moments(self, sums: Reals) -> Reals:
        """Each frequency's power, and its first and second moment around where it should be."""
        moments: Reals = sums[:, :-2].reshape(-1, 3, self._lobes).transpose(1, 0, 2)
        return moments


def _melted(hz: tuple[int, ...]) -> list[list[int]]:
    groups: list[list[int]] = []
    for one in sorted(hz):
        if groups and one - groups[-1][-1] < APART_HZ:
            groups[-1].append(one)
        else:
            groups.append([one])
    return groups
