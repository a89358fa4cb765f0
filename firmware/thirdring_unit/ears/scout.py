"""Finds an unknown phone's ringer: a sound that comes again in the country's cadence, with quiet around it."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .block import FRAME_MS
from .cadence import GAP_MS, Cadence, lasted_ms, rings_in
from .follow import Burst, Follower
from .ringer import ringer_of
from .rolling import Rolling
from .room import COUNT, HISTORY_FRAMES, SMOOTH, Heard, History
from .samples import Flags, Reals

STEP = 2  # frames: every second one is compared
OFF_PERCENT = 5  # an exchange's cycle may be so much longer or shorter
PROOF = 8  # steps, 320 ms, must come again
AGAIN = 0.78  # cosine of spectra, mean of so many steps
LOUDER, QUIETEST_POWER = 2.0, 400.0  # than the room's noise; -64 dB of full scale
SOUNDING = 0.3  # part of a burst's power down to which it surely sounds
BREAK_FRAMES = 12  # without sound: a ring has not begun yet
RINGS_MIN = 2  # of an unknown ringer; one may be anything
LIKE = 0.9  # cosine of a ring's and its ringer's spectra
AS_LOUD = 2.5  # in power: two rings of one phone
AROUND = (50, 80, 95)  # percentiles of the power between rings ...
QUIET = (0.3, 0.45, math.inf)  # ... which are at most so much of the rings' power
QUIETER = (0.2, 0.3, 0.6)  # ... around a lone one
ALONE_FRAMES, FALL_FRAMES = 52, 40  # quiet after a lone ring; the frames before in which it ended
EXACT_MS = 100  # by which a lone ring may be longer or shorter than the country's
ALIKE_MS = 60  # by which a tune's rings may differ
STEADY, STEADY_LAGS = 0.85, range(4, 26, 2)  # cosine of spectra, so many frames apart: a ringer repeats itself
BEFORE_FRAMES, AFTER_FRAMES = 10, 15  # around a ring, whose echo and whose unsure edges tell nothing
PAUSES_LOUDER = 1.5  # may the pauses be at the first look, which does not know the ring exactly
BLOCK_FRAMES = 32  # of what comes at once
SILENT_FRAMES = 14  # after a ring that broke off, at least
BEFORE_MS = 2000  # of what was before the first ring


class Found(NamedTuple):
    """What follows a ringer from now on, its bursts that ended, all its rings, and whether it is steady."""

    follower: Follower
    ended: list[Burst]
    rings: list[list[Burst]]
    steady: bool


class Scout:
    """Compares a room's sound with what it was one ring ago."""

    def __init__(self, cadence: Cadence) -> None:
        self.history = History()
        self._cadence = cadence
        cycle, off = cadence.cycle_ms // FRAME_MS, cadence.cycle_ms * OFF_PERCENT // 100 // FRAME_MS
        self._lags = np.arange(cycle - off, cycle + off + 1, STEP)
        self._shapes = Rolling(HISTORY_FRAMES, COUNT)  # spectra of length one; of what is too soft, nothing
        self._shapes.add(np.zeros((HISTORY_FRAMES, COUNT), np.float32))
        self._like: Reals = np.zeros((PROOF - 1, len(self._lags)), np.float32)

    def step(self, heard: Heard) -> Found | None:
        """Returns the ringer, once its rings are sure."""
        self.history.add(heard)
        power = self.history.power[-len(heard.at_ms) :]
        loud: Flags = power > LOUDER * heard.noise + QUIETEST_POWER
        roots = np.sqrt(heard.clean / np.maximum(power, 1)[:, None]) * loud[:, None]
        self._shapes.add(roots)
        if not loud.any():
            self._like[:] = 0
            return None
        again = self._again(len(roots))
        found = again and self._rings(*again)
        return found if found and len(found.rings) >= RINGS_MIN and self._sure(found) else None

    def alone(self, *, lifted: bool) -> Found | None:
        """Returns the ringer of a ring that stands alone: steady, and whole unless the line closes now (`lifted`)."""
        power = self.history.power
        rest = 0 if lifted else ALONE_FRAMES
        last = power[: max(0, len(power) - rest)][-self._cadence.cycle_ms // FRAME_MS if lifted else -FALL_FRAMES :]
        if not len(last) or last.max() < QUIETEST_POWER:
            return None
        peak = len(power) - rest - len(last) + int(last.argmax())
        if rest and not _are_quiet(power[-rest:], float(power[peak]), QUIETER):
            return None
        found = self._rings(peak)
        if not found or not found.rings:
            return None
        if len(found.rings) >= RINGS_MIN:
            return found if self._sure(found) else None
        whole = lifted or self._whole(found.rings[0])
        return found if whole and found.steady and self._stands_out(found.rings, QUIETER) else None

    def broken_off(self) -> Found | None:
        """Returns the ringer of a sound that fell silent with the last block and may be a lone ring, cut short."""
        power = self.history.power
        late = power[-BLOCK_FRAMES - SILENT_FRAMES : -SILENT_FRAMES]
        if not len(late) or late.max() < QUIETEST_POWER:
            return None
        fell = len(power) - SILENT_FRAMES - int((late[::-1] >= SOUNDING * late.max()).argmax())
        silence = power[fell + SMOOTH : fell + SILENT_FRAMES]
        if not _are_quiet(silence, float(late.max()), QUIETER):
            return None
        now, self.history = self.history, self.history.until(fell + SILENT_FRAMES)
        found = self.alone(lifted=True)
        self.history = now
        return found if found and found.ended else None

    def _again(self, count: int) -> tuple[int, int] | None:
        """Compares the newest frames with those of a cycle ago; returns since which earlier frame, and what cycle."""
        roots = self._shapes.rows
        new = np.arange(HISTORY_FRAMES - count, HISTORY_FRAMES, STEP)
        then = new[:, None] - self._lags
        first = int(then[0, -1])
        likeness = roots[-count::STEP] @ roots[first : int(then[-1, 0]) + 1].T
        like = np.concatenate((self._like, likeness[np.arange(len(new))[:, None], then - first]))
        self._like = like[1 - PROOF :]
        sums = np.concatenate((np.zeros_like(like[:1]), like.cumsum(axis=0)))
        means = (sums[PROOF:] - sums[:-PROOF]) / PROOF
        row, column = divmod(int(means.argmax()), len(self._lags))
        if means[row, column] < AGAIN:
            return None
        frame = int(then[row, column]) - (PROOF - 1) * STEP - HISTORY_FRAMES + len(self.history.at_ms)
        return max(0, frame), int(self._lags[column])

    def _rings(self, frame: int, lag: int = 0) -> Found | None:
        """Follows the sound of `frame` through all that is remembered; with `lag`, what came again so much later."""
        history = self.history
        begin = self._beginning(frame)
        ring = self._ring_from(begin)
        if lag:
            ring = ring[ring + lag < len(history.at_ms)]
            roots = self._shapes.rows[HISTORY_FRAMES - len(history.at_ms) :]
            ring = ring[np.einsum("ij,ij->i", roots[ring], roots[ring + lag]) >= AGAIN]
        sound = history.clean[ring]
        if len(sound) < PROOF or not sound.any() or not self._pauses(begin, sound):
            return None
        follower = Follower(ringer_of(sound))
        ended = follower.step(history.at_ms, history.clean)
        rings = rings_in(self._cadence, ended + follower.running(), history.at_ms[0])
        mine = [burst for burst in ended if rings and burst.from_ms >= rings[0][0].from_ms]
        return Found(follower, mine, rings, _steady(sound))

    def _sure(self, found: Found) -> bool:
        """Whether rings are a phone's: its sound repeats itself within a ring, or as a whole."""
        return (found.steady or _alike(found.rings)) and self._stands_out(found.rings, QUIET)

    def _whole(self, ring: list[Burst]) -> bool:
        """Whether a ring is over, and as long as the country's."""
        over = self.history.at_ms[-1] - ring[-1].to_ms > GAP_MS
        return over and abs(lasted_ms(ring) - self._cadence.on_ms) <= EXACT_MS

    def _pauses(self, begin: int, sound: Reals) -> bool:
        """Whether it is quiet where a ring that began at `begin` would pause: rules most sound out at once."""
        end = begin + self._cadence.on_ms // FRAME_MS
        pause = self.history.power[end + AFTER_FRAMES : begin + self._cadence.cycle_ms // FRAME_MS - BEFORE_FRAMES]
        return not len(pause) or _are_quiet(pause, PAUSES_LOUDER * _middle(sound.sum(axis=1)), QUIET)

    def _beginning(self, frame: int) -> int:
        """Goes back to the first frame of the burst that sounds at `frame`."""
        power = self.history.power
        sounding = power >= SOUNDING * _middle(power[frame : frame + PROOF * STEP])
        first = max(0, frame - self._cadence.on_ms // FRAME_MS)
        sums = np.concatenate((np.zeros(BREAK_FRAMES + 1, np.intp), sounding[:frame].cumsum()))
        broken = np.flatnonzero(sums[BREAK_FRAMES + first :] == sums[first : frame + 1])
        begin = first + int(broken[-1]) if len(broken) else first
        return begin + int(sounding[begin:].argmax())

    def _ring_from(self, frame: int) -> NDArray[np.intp]:
        """Returns the frames in which a ring that begins at `frame` sounds."""
        parts, count = [], len(self.history.at_ms)
        for number, part_ms in enumerate(self._cadence.parts_ms[:-1]):
            last = frame + part_ms // FRAME_MS
            if number % 2 == 0:
                parts.append(np.arange(frame, min(last, count)))
            frame = last
        return np.concatenate(parts)

    def _stands_out(self, rings: list[list[Burst]], quiet: tuple[float, ...]) -> bool:
        """Whether the rings are one phone's, and what is around them is `quiet` beside them."""
        powers = [burst.power for ring in rings for burst in ring]
        if min(burst.likeness for ring in rings for burst in ring) < LIKE or max(powers) > AS_LOUD * min(powers):
            return False
        at_ms, power = np.array(self.history.at_ms), self.history.power
        inside, near = np.zeros((2, len(at_ms)), np.bool_)
        for burst in (burst for ring in rings for burst in ring):
            inside |= (at_ms >= burst.from_ms) & (at_ms < burst.to_ms)
            near |= (at_ms >= burst.from_ms - 100) & (at_ms < burst.to_ms + 300)
        around = power[~near & (at_ms > rings[0][0].from_ms - BEFORE_MS)]
        return len(around) > 0 and _are_quiet(around, _middle(power[inside]), quiet)


def _are_quiet(around: Reals, ring: float, quiet: tuple[float, ...]) -> bool:
    levels = np.sort(around)
    return all(levels[len(levels) * part // 100] <= ring * most for part, most in zip(AROUND, quiet, strict=True))


def _middle(powers: Reals) -> float:
    """The median, or nearly: numpy's own takes twenty times as long."""
    return float(np.partition(powers, len(powers) // 2)[len(powers) // 2])


def _alike(rings: list[list[Burst]]) -> bool:
    """Whether rings are equally long, the last one, too."""
    lengths_ms = [lasted_ms(ring) for ring in rings]
    return max(lengths_ms) - min(lengths_ms) <= ALIKE_MS


def _steady(sound: Reals) -> bool:
    """Whether a sound repeats itself within half a second, as bells, warbles and trills do and tunes do not."""
    roots = np.sqrt(sound)
    lags = [lag for lag in STEADY_LAGS if 2 * lag <= len(roots)]
    return any(_likeness(roots[lag:], roots[:-lag]) >= STEADY for lag in lags)


def _likeness(roots: Reals, others: Reals) -> float:
    """Cosine of two sounds."""
    size = float(np.square(roots).sum()) * float(np.square(others).sum())
    return float(np.einsum("ij,ij", roots, others)) / math.sqrt(size) if size else 0.0
