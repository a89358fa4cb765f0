"""Finds an unknown phone's ringer: a sound that comes again in the country's cadence, with quiet around it."""

from typing import NamedTuple

import numpy as np

from .block import FRAME_MS
from .cadence import GAP_MS, Cadence, rings_in
from .follow import Burst, Follower
from .ringer import ringer_of
from .room import COUNT, HISTORY_FRAMES, Heard, History
from .samples import Flags, Reals

STEP = 2  # frames: every second one is compared
OFF_PERCENT = 5  # an exchange's cycle may be so much longer or shorter
PROOF = 8  # steps, 320 ms, must come again
AGAIN = 0.78  # cosine of spectra, mean of so many steps
LOUDER, QUIETEST_POWER = 2.0, 400.0  # than the room's noise; -64 dB of full scale
SOUNDING = 0.1  # part of a burst's power down to which it sounds
BREAK_FRAMES = 4  # without sound: a burst is over
RINGS_MIN = 2  # of an unknown ringer; one may be anything
LIKE = 0.9  # cosine of a ring's and its ringer's spectra
AS_LOUD = 2.5  # in power: two rings of one phone
AROUND = (50, 80)  # percentiles of the power between rings ...
QUIET = (0.3, 0.45)  # ... which are at most so much of the rings' power
ALONE_FRAMES, FALL_FRAMES = 52, 40  # quiet after a lone ring; the frames before in which it ended
STEADY, STEADY_LAGS = 0.85, range(4, 26, 2)  # cosine of spectra, so many frames apart: a ringer repeats itself
BEFORE_FRAMES, AFTER_FRAMES = 10, 15  # around a ring, whose echo and whose unsure edges tell nothing
PAUSES_LOUDER = 1.5  # may the pauses be at the first look, which does not know the ring exactly
BEFORE_MS = 2000  # of what was before the first ring


class Found(NamedTuple):
    """What follows a ringer from now on, its bursts that ended, all its rings, and the sound it was found by."""

    follower: Follower
    ended: list[Burst]
    rings: list[list[Burst]]
    sound: Reals


class Scout:
    """Compares a room's sound with what it was one ring ago."""

    def __init__(self, cadence: Cadence) -> None:
        self.history = History()
        self._cadence = cadence
        cycle, off = cadence.cycle_ms // FRAME_MS, cadence.cycle_ms * OFF_PERCENT // 100 // FRAME_MS
        self._lags = np.arange(cycle - off, cycle + off + 1, STEP)
        self._roots: Reals = np.zeros((HISTORY_FRAMES, COUNT), np.float32)
        self._like: Reals = np.zeros((PROOF - 1, len(self._lags)), np.float32)

    def step(self, heard: Heard) -> Found | None:
        """Returns the ringer, once its rings are sure."""
        self.history.add(heard)
        power = self.history.power[-len(heard.at_ms) :]
        loud: Flags = power > LOUDER * heard.noise + QUIETEST_POWER
        roots = np.sqrt(heard.clean / np.maximum(power, 1)[:, None]) * loud[:, None]
        self._roots = np.concatenate((self._roots, roots))[len(roots) :]
        if not loud.any():
            self._like[:] = 0
            return None
        again = self._again(len(roots))
        found = None if again is None else self._rings(again)
        return found if found and len(found.rings) >= RINGS_MIN and self._stands_out(found.rings) else None

    def alone(self, *, lifted: bool) -> Found | None:
        """Returns the ringer of a ring that stands alone: steady, and whole unless the line closes now (`lifted`)."""
        power = self.history.power
        rest = 0 if lifted else ALONE_FRAMES
        last = power[: len(power) - rest][-self._cadence.cycle_ms // FRAME_MS if lifted else -FALL_FRAMES :]
        if not len(last) or last.max() < QUIETEST_POWER:
            return None
        peak = len(power) - rest - len(last) + int(last.argmax())
        if rest and float(np.median(power[-rest:])) > QUIET[0] * float(power[peak]):
            return None
        found = self._rings(self._beginning(peak))
        if found and len(found.rings) == 1 and self._stands_out(found.rings) and _steady(found.sound):
            return found if lifted or self._whole(found.rings[0]) else None
        return None

    def _whole(self, ring: list[Burst]) -> bool:
        """Whether a ring is over and has every burst of the cadence, at its full length."""
        over = self.history.at_ms[-1] - ring[-1].to_ms > GAP_MS
        lengths_ms = [burst.to_ms - burst.from_ms for burst in ring]
        return over and self._cadence.exactly(lengths_ms)

    def _again(self, count: int) -> int | None:
        """Compares the newest frames with those of a cycle ago; returns the earlier frame from which they are alike."""
        new = np.arange(HISTORY_FRAMES - count + 1, HISTORY_FRAMES, STEP)
        then = new[:, None] - self._lags
        first = int(then.min())
        likeness = self._roots[new] @ self._roots[first : int(then.max()) + 1].T
        like = np.concatenate((self._like, likeness[np.arange(len(new))[:, None], then - first]))
        self._like = like[1 - PROOF :]
        sums = np.concatenate((np.zeros_like(like[:1]), like.cumsum(axis=0)))
        means = (sums[PROOF:] - sums[:-PROOF]) / PROOF
        row, column = divmod(int(means.argmax()), len(self._lags))
        if means[row, column] < AGAIN:
            return None
        return int(then[row, column]) - (PROOF - 1) * STEP - HISTORY_FRAMES + len(self.history.at_ms)

    def _rings(self, frame: int) -> Found | None:
        """Follows the sound that began around `frame` through all that is remembered: is it rings and nothing else?"""
        history = self.history
        begin = self._beginning(max(0, frame))
        sound = self._ring_from(begin)
        if len(sound) < PROOF or not sound.any() or not self._pauses(begin, sound):
            return None
        follower = Follower(ringer_of(sound))
        ended = follower.step(history.at_ms, history.clean)
        rings = rings_in(self._cadence, ended + follower.running(), history.at_ms[0])
        return Found(follower, ended, rings, sound)

    def _pauses(self, begin: int, sound: Reals) -> bool:
        """Whether it is quiet where a ring that began at `begin` would pause: rules most sound out at once."""
        end = begin + self._cadence.on_ms // FRAME_MS
        pause = self.history.power[end + AFTER_FRAMES : begin + self._cadence.cycle_ms // FRAME_MS - BEFORE_FRAMES]
        return not len(pause) or self._are_quiet(pause, PAUSES_LOUDER * float(np.median(sound.sum(axis=1))))

    def _beginning(self, frame: int) -> int:
        """Goes back to the first frame of the burst that sounds at `frame`."""
        power = self.history.power
        sounding = power >= SOUNDING * float(np.median(power[frame : frame + PROOF * STEP]))
        first = max(0, frame - self._cadence.on_ms // FRAME_MS)
        while frame > first and sounding[max(0, frame - BREAK_FRAMES) : frame].any():
            frame -= 1
        return frame + int(sounding[frame:].argmax())

    def _ring_from(self, frame: int) -> Reals:
        """Returns the frames in which a ring that begins at `frame` sounds."""
        parts = []
        for number, part_ms in enumerate(self._cadence.parts_ms):
            count = part_ms // FRAME_MS
            if number % 2 == 0:
                parts.append(self.history.clean[frame : frame + count])
            frame += count
        return np.concatenate(parts)

    def _stands_out(self, rings: list[list[Burst]]) -> bool:
        """Whether the rings are one phone's, and louder than what is around them."""
        powers = [burst.power for ring in rings for burst in ring]
        if min(burst.likeness for ring in rings for burst in ring) < LIKE or max(powers) > AS_LOUD * min(powers):
            return False
        at_ms, power = np.array(self.history.at_ms), self.history.power
        inside, near = np.zeros((2, len(at_ms)), np.bool_)
        for burst in (burst for ring in rings for burst in ring):
            inside |= (at_ms >= burst.from_ms) & (at_ms < burst.to_ms)
            near |= (at_ms >= burst.from_ms - 100) & (at_ms < burst.to_ms + 300)
        around = power[~near & (at_ms > rings[0][0].from_ms - BEFORE_MS)]
        if not len(around):
            return False
        return self._are_quiet(around, float(np.median(power[inside])))

    @staticmethod
    def _are_quiet(around: Reals, ring: float) -> bool:
        return bool((np.percentile(around, AROUND) <= ring * np.array(QUIET)).all())


def _steady(sound: Reals) -> bool:
    """Whether a sound repeats itself within half a second, as bells, warbles and trills do and tunes do not."""
    roots = np.sqrt(sound / np.maximum(sound.sum(axis=1, keepdims=True), 1))
    lags = [lag for lag in STEADY_LAGS if 2 * lag <= len(roots)]
    return any(float(np.einsum("ij,ij->i", roots[lag:], roots[:-lag]).mean()) >= STEADY for lag in lags)
