"""Learns a phone's ringer from recordings of a few of its rings."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from .block import FRAME_MS, Block, past_samples
from .cadence import GAP_MS
from .follow import Burst, Follower
from .level import CLIPPED
from .ringer import CYCLE_MAX_MS, SURE_LEAST_MS, SURE_MS, Ringer, RingerError, ringer_of
from .room import COUNT, RATE_HZ, SMOOTH, bands_of, clean_of
from .samples import Flags, Reals, Samples

LONGEST_FRAMES = 6000  # two minutes
LOUD_PERCENT, QUIET_PERCENT = 97, 10  # of a recording's frames: so many are softer than its rings, than its noise
PAUSES = 0.1  # of the loud moments' power: a recording whose quiet ones are louder has no pauses
SOUNDING = (0.05, 0.15, 0.4)  # of the loud moments' power, down to which a ring sounds: as low as the hall lets it
SOUNDING_MS = 240  # of a ring, at least
QUIETEST_POWER = 1000.0  # -60 dB of full scale
AFTER_FRAMES = 10  # after a ring's end: its echo
SHORTEST_MS, LONGEST_MS = 300, 6000  # of one ring
STRONG_BANDS, STRONG_SHARE = COUNT // 4, 0.6  # a ringer has so much of its power in so few bands; noise has not
ALIKE = 0.85  # cosine of two rings' mean spectra
RINGS_MIN = 2
SURE_SHARE = 0.75  # of a ringer's longest unbroken sound
CLIPPED_PERCENT = 5  # of a ring's frames

QUIET = "the sound is too quiet: put the microphone nearer to the phone, or turn its recording level up"
NONE = "there is no ring in it: record two to five rings with their pauses, and nothing else"
ONE = "there is only one ring in it: record two to five rings"
DIFFERENT = "its sounds are not alike: record two to five rings of one phone, and nothing else"
OVERLOAD = "the rings are overdriven: turn the microphone's recording level down"
LONG = "it is longer than two minutes: record two to five rings"


class Lesson(NamedTuple):
    """A ringer, and how many rings it was learned from."""

    ringer: Ringer
    rings: int


class Ring(NamedTuple):
    """What may be a ring: its beginning, frames (as `Heard.clean`), mean spectrum (square roots, of length one).

    `whole` is all its frames and its echo's, `clean` those in which it sounds.
    """

    from_ms: int
    whole: Reals
    clean: Reals
    shape: Reals
    clipped: bool


def learn(rings: Sequence[Ring]) -> Lesson:
    """Learns the ringer that these are rings of; a single sound among them that is none is left out.

    Raises:
        RingerError: there are too few, they are of different ringers, or overdriven.
    """
    if not rings:
        raise RingerError(NONE)
    if len(rings) < RINGS_MIN:
        raise RingerError(ONE)
    alike = max(([ring for ring in rings if float(ring.shape @ one.shape) >= ALIKE] for one in rings), key=len)
    if 2 * len(alike) <= len(rings) or len(rings) - len(alike) >= RINGS_MIN:
        raise RingerError(DIFFERENT)
    if any(ring.clipped for ring in alike):
        raise RingerError(OVERLOAD)
    numbers = np.repeat(np.arange(len(alike)), [len(ring.clean) for ring in alike])
    ringer = ringer_of(np.concatenate([ring.clean for ring in alike]), numbers)
    return Lesson(_timed(ringer, alike), len(alike))


def _timed(ringer: Ringer, rings: Sequence[Ring]) -> Ringer:
    """Adds to a ringer how long it sounds and how soon it comes again, as its follower hears these rings."""
    heard = [bursts for ring in rings if (bursts := _heard(ringer, ring))]
    if not heard:
        return ringer
    lasted_ms = np.median([bursts[-1].to_ms - bursts[0].from_ms for bursts in heard])
    unbroken_ms = np.median([max(burst.to_ms - burst.from_ms for burst in bursts) for bursts in heard])
    apart_ms = [later[0].from_ms - bursts[0].from_ms for bursts, later in pairwise(heard)]
    return ringer._replace(
        sure_ms=int(np.clip(SURE_SHARE * unbroken_ms, SURE_LEAST_MS, SURE_MS)),
        ring_ms=int(lasted_ms),
        cycle_ms=min((one for one in apart_ms if GAP_MS < one <= CYCLE_MAX_MS), default=0),
    )


def _heard(ringer: Ringer, ring: Ring) -> list[Burst]:
    """Follows a ringer through a ring that it was learned from."""
    follower = Follower(ringer._replace(sure_ms=SURE_LEAST_MS))
    times_ms = range(ring.from_ms, ring.from_ms + len(ring.whole) * FRAME_MS, FRAME_MS)
    return follower.step(list(times_ms), ring.whole) + follower.end()


def rings_in(recording: Iterable[Samples]) -> list[Ring]:
    """Cuts a recording, frames of 20 ms at RATE_HZ, into what may be rings: sound between pauses.

    Raises:
        RingerError: it is too quiet or too long.
    """
    bands, clipped = _measured(recording)
    power = bands.sum(axis=1)
    loud, quiet = np.percentile(power, (LOUD_PERCENT, QUIET_PERCENT)) if len(power) else (0.0, 0.0)
    if loud < QUIETEST_POWER:
        raise RingerError(QUIET)
    floor = np.percentile(bands, QUIET_PERCENT, axis=0) if quiet < PAUSES * loud else 0 * bands[0]
    clean = clean_of(np.concatenate((0 * bands[: SMOOTH - 1], bands)), floor.astype(np.float32))
    return max((_cut(clean, clipped, part * loud) for part in SOUNDING), key=len)


def _cut(clean: Reals, clipped: Flags, least: float) -> list[Ring]:
    """Cuts out what sounds louder than `least`, is as long as a ring and has few strong bands."""
    sounding, rings = clean.sum(axis=1) > least, []
    for first, last in _stretches(sounding):
        if SHORTEST_MS <= (last - first) * FRAME_MS <= LONGEST_MS:
            sound = clean[first:last][sounding[first:last]]
            shape = np.sqrt(sound.sum(axis=0))
            if len(sound) * FRAME_MS < SOUNDING_MS or not _tonal(sound):
                continue
            overdriven = 100 * float(clipped[first:last].mean()) > CLIPPED_PERCENT
            whole = clean[first : last + AFTER_FRAMES]
            rings.append(Ring(first * FRAME_MS, whole, sound, shape / np.linalg.norm(shape), overdriven))
    return rings


def _tonal(sound: Reals) -> bool:
    """Whether a sound has few strong bands."""
    bands = np.sort(sound.sum(axis=0))
    return float(bands[-STRONG_BANDS:].sum()) >= STRONG_SHARE * float(bands.sum())


def _measured(recording: Iterable[Samples]) -> tuple[Reals, Flags]:
    """Returns each frame's bands, and whether it is clipped."""
    frames = []
    for frame in recording:
        frames.append(frame)
        if len(frames) > LONGEST_FRAMES:
            raise RingerError(LONG)
    if not frames:
        return np.zeros((0, COUNT), np.float32), np.zeros(0, np.bool_)
    times_ms = [number * FRAME_MS for number in range(len(frames))]
    past = np.zeros(past_samples(RATE_HZ), np.int16)
    block = Block([frame.tobytes() for frame in frames], times_ms, past, RATE_HZ)
    highest = np.abs(block.sound.astype(np.int32)).reshape(len(frames), -1).max(axis=1)
    return bands_of(block), highest >= CLIPPED


def _stretches(sounding: Flags) -> list[tuple[int, int]]:
    """Joins frames that sound, from first to past the last, over pauses within a ring."""
    found: list[tuple[int, int]] = []
    for place in np.flatnonzero(sounding).tolist():
        if found and (place - found[-1][1]) * FRAME_MS < GAP_MS:
            found[-1] = (found[-1][0], place + 1)
        else:
            found.append((place, place + 1))
    return found
