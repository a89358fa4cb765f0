"""Learns a phone's ringer from recordings of a few of its rings."""

from collections.abc import Iterable, Sequence
from itertools import islice, pairwise
from typing import NamedTuple

import numpy as np

from .block import FRAME_MS, Block, past_samples, sides_of
from .cadence import GAP_MS
from .direction import delay_us
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

    `whole` is all its frames and its echo's, `clean` those in which it sounds, `sides` what two microphones heard.
    """

    from_ms: int
    whole: Reals
    clean: Reals
    shape: Reals
    clipped: bool
    sides: tuple[Samples, Samples] | None = None


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
    ringer = ringer._replace(delay_us=delay_us([ring.sides for ring in alike if ring.sides]))
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

    The frames may have two microphones' samples in turn.

    Raises:
        RingerError: it is too quiet or too long.
    """
    frames, beside = _sides(recording)
    bands, clipped = _measured(frames)
    power = bands.sum(axis=1)
    loud, quiet = np.percentile(power, (LOUD_PERCENT, QUIET_PERCENT)) if len(power) else (0.0, 0.0)
    if loud < QUIETEST_POWER:
        raise RingerError(QUIET)
    floor = np.percentile(bands, QUIET_PERCENT, axis=0) if quiet < PAUSES * loud else 0 * bands[0]
    clean = clean_of(np.concatenate((0 * bands[: SMOOTH - 1], bands)), floor.astype(np.float32))
    found = max((_cut(clean, clipped, part * loud) for part in SOUNDING), key=len)
    return [ring._replace(sides=_heard_by(ring, frames, beside)) for ring in found] if beside else found


def _heard_by(ring: Ring, *sides: list[Samples]) -> tuple[Samples, Samples]:
    """Returns what each microphone heard of a ring."""
    first = ring.from_ms // FRAME_MS
    one, other = (np.concatenate(side[first : first + len(ring.whole) - AFTER_FRAMES]) for side in sides)
    return one, other


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


def _sides(recording: Iterable[Samples]) -> tuple[list[Samples], list[Samples]]:
    """Returns the frames of the first microphone, and those of a second one if there is one."""
    frames = list(islice(recording, LONGEST_FRAMES + 1))
    if len(frames) > LONGEST_FRAMES:
        raise RingerError(LONG)
    if not frames or len(frames[0]) == RATE_HZ * FRAME_MS // 1000:
        return frames, []
    pairs = [sides_of(frame) for frame in frames]
    return [first for first, _ in pairs], [second for _, second in pairs]


def _measured(frames: list[Samples]) -> tuple[Reals, Flags]:
    """Returns each frame's bands, and whether it is clipped."""
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
