"""A phone's ringer as a room's microphone hears it: the few moments that its sound is made of."""

import json
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .room import COUNT
from .samples import Reals

VERSION = 2
MOMENTS_MAX = 16
SURE_MS, SURE_LEAST_MS = 240, 160  # of a ringer's sound, usually: nothing else is taken for it so long; of a short one
CYCLE_MAX_MS = 15_000
DELAY_MAX_US = 1_000  # 34 cm from one microphone to the other
UNLIKE = 0.9  # cosine below which two moments are different
SCALE = 1000  # of what is written: thousandths
SPOILT = "is no learned ringer: teach it anew with thirdring-unit learn-ring"
SOFTEST = 0.2  # part of a ring's power below which a moment is a pause


class RingerError(ValueError):
    """A learned ringer that cannot be used; the message is one line."""


class Ringer(NamedTuple):
    """Moments, the square roots of bands' powers, each of length one; and their powers, in 16-bit samples squared.

    `sure_ms` is how much of its sound is surely the ringer's, `ring_ms` how long a ring sounds, `cycle_ms` the time
    from ring to ring; 0 if it is not known. `delay_us` is by how much a second microphone hears it later.
    """

    moments: Reals
    powers: Reals
    sure_ms: int = SURE_MS
    ring_ms: int = 0
    cycle_ms: int = 0
    delay_us: int | None = None


def ringer_of(clean: Reals, rings: NDArray[np.intp] | None = None) -> Ringer:
    """The ringer of which these frames (as `Heard.clean`) are all that is known, every moment of it once.

    `rings` numbers the ring that each frame is of: what only one of several rings has is not the ringer's.
    """
    powers = clean.sum(axis=1)
    sounding = powers >= SOFTEST * np.median(powers)
    powers, roots = powers[sounding], np.sqrt(clean[sounding])
    roots /= np.sqrt(powers)[:, None]
    groups = _groups(roots)
    if rings is not None:
        mine = rings[sounding]
        groups = [group for group in groups if len(set(mine[group].tolist())) > 1] or groups
    moments = np.array([roots[group].mean(axis=0) for group in groups], np.float32)
    moments /= np.linalg.norm(moments, axis=1, keepdims=True)
    return Ringer(moments, np.array([powers[group].mean() for group in groups], np.float32))


def _groups(roots: Reals) -> list[NDArray[np.intp]]:
    """Puts each frame to the earlier one that it is like; one that is like none begins a group, while there is room."""
    likeness = np.full((MOMENTS_MAX, len(roots)), -1, np.float32)
    firsts, first = 0, 0
    while firsts < MOMENTS_MAX:
        likeness[firsts, first:] = roots[first:] @ roots[first]
        firsts += 1
        new = np.flatnonzero(likeness[:firsts, first:].max(axis=0) < UNLIKE)
        if not len(new):
            break
        first += int(new[0])
    best = likeness[:firsts].argmax(axis=0)
    return [np.flatnonzero(best == number) for number in range(firsts)]


def written(ringer: Ringer) -> str:
    """A ringer as a line of JSON."""
    page = {
        "version": VERSION,
        "sure_ms": ringer.sure_ms,
        "ring_ms": ringer.ring_ms,
        "cycle_ms": ringer.cycle_ms,
        "delay_us": ringer.delay_us,
        "powers": [round(float(power)) for power in ringer.powers],
        "moments": np.rint(ringer.moments * SCALE).astype(int).tolist(),
    }
    return json.dumps(page, separators=(",", ":")) + "\n"


def read(text: str) -> Ringer:
    """The ringer that `written` wrote.

    Raises:
        RingerError: it is none.
    """
    try:
        page = json.loads(text)
        version, delay_us = page["version"], page["delay_us"]
        times_ms = page["sure_ms"], page["ring_ms"], page["cycle_ms"]
        powers = np.array(page["powers"], np.float32)
        moments = np.array(page["moments"], np.float32).reshape(len(powers), COUNT)
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise RingerError(SPOILT) from error
    lengths = np.linalg.norm(moments, axis=1, keepdims=True)
    sound = all(np.isfinite(numbers).all() and (numbers > 0).all() for numbers in (powers, lengths))
    known = version == VERSION and all(isinstance(one, int) and 0 <= one <= CYCLE_MAX_MS for one in times_ms)
    known &= delay_us is None or (isinstance(delay_us, int) and abs(delay_us) <= DELAY_MAX_US)
    if not known or not 0 < len(powers) <= MOMENTS_MAX or not sound:
        raise RingerError(SPOILT)
    return Ringer(np.asarray(moments / lengths, np.float32), powers, *times_ms, delay_us)
