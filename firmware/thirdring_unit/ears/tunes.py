"""Knows a site's own hold music again, fainter, in noise, or after a telephone's codecs: by how its spectrum changes.

A print holds the signs of how much neighbouring bands came apart within two thirds of a second, for every 40 ms of a
tune. What is heard is compared with all places of all prints at once, and each sum of likeness moves on with its tune.
"""

import base64
import json
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .block import BIN_HZ, FRAME_MS, Block, past_samples
from .samples import Flags, Reals, Samples

RATE_HZ = 8000  # of recordings to learn from
EDGES_HZ = np.geomspace(300, 3400, 22)  # what the narrowest line carries
BINS = int(4000 / BIN_HZ)
BANDS = len(EDGES_HZ) - 1
BITS = BANDS - 1
LAG = 32  # frames: powers are means over so many, and are compared with those so long ago
PLACE = 2  # frames from one place of a print to the next
LOOK = 8  # frames from one look at what is heard to the next
CLIP = 1.0  # nepers: a larger change proves no more
KEPT, KEPT_NOW = 0.985, 0.88  # of a sum of likeness at each look: it forgets in ten seconds, in one
LIKE, STILL_LIKE = 0.5, 0.3  # what a sum must have of a perfect match's: to find the place, to keep it
SOUNDING = 0.45  # what the sum of the last second must have there: else the tune pauses
PROOF_MS = 4000  # a shorter match may be chance
SOFTEST_POWER = 1.0  # in a band: the rounding of 16-bit samples
QUIETEST_POWER = 1000.0  # -60 dB of full scale
SHORTEST_MS, LONGEST_MS = 8000, 300_000  # of all that is learned: less is no tune, more costs too much to follow

VERSION = 1

Signs = NDArray[np.int8]

SILENT = "there is no music in it: record the music that waiting callers hear, at a usual level"
SHORT = f"it is shorter than {SHORTEST_MS // 1000} seconds: record more of the music"


class TuneError(ValueError):
    """A recording cannot be learned; the message is one line."""


class Tune(NamedTuple):
    """A tune's name and its print: a row of `BITS` signs for every place."""

    name: str
    signs: Signs

    @property
    def lasts_ms(self) -> int:
        """How long the tune is."""
        return len(self.signs) * PLACE * FRAME_MS


class Changes:
    """How far neighbouring bands come apart, frame by frame."""

    def __init__(self) -> None:
        self._past: Reals = np.zeros((LAG, BANDS), np.float32)
        self._apart: Reals = np.zeros((LAG, BITS), np.float32)

    def step(self, block: Block) -> Reals:
        """Returns a row of `BITS` changes for each frame of the block."""
        past = np.concatenate((self._past, block.spectrum[:, : len(BAND_SUMS)] @ BAND_SUMS))
        self._past = past[-LAG:]
        sums = np.cumsum(past, axis=0, dtype=np.float64)
        power = np.log((sums[LAG:] - sums[:-LAG]) / LAG + SOFTEST_POWER).astype(np.float32)
        apart = np.concatenate((self._apart, power[:, 1:] - power[:, :-1]))
        self._apart = apart[-LAG:]
        changes: Reals = apart[LAG:] - apart[:-LAG]
        return changes


class Tunes:
    """Follows what is heard through the tunes that a site has taught."""

    def __init__(self, tunes: Iterable[Tune]) -> None:
        prints = [tune.signs for tune in tunes]
        self._signs = np.concatenate([np.zeros((0, BITS), np.int8), *prints]).astype(np.float32)
        self._from = _places_before([len(signs) for signs in prints])  # the place of one look ago
        self._to = self._from.argsort()
        self._likeness: Reals = np.zeros(len(self._signs), np.float32)
        self._most = 0.0  # the likeness that a perfect match would have by now
        self._looks = 0
        self._at: int | None = None  # the place where the tune must be by now
        self._now = self._most_now = 0.0  # the likeness of the last second there
        self._changes = Changes()
        self._frames = 0  # until the next look

    def step(self, block: Block) -> Flags:
        """Returns for each frame whether a known tune is heard."""
        known = np.zeros(len(block.at_ms), np.bool_)
        if not len(self._signs):
            return known
        changes = np.clip(self._changes.step(block), -CLIP, CLIP)
        done = 0
        for look in range(self._frames, len(changes), LOOK):
            known[done:look] = self._is_there
            self._look(changes[look])
            done = look
        known[done:] = self._is_there
        self._frames = (self._frames - len(changes)) % LOOK
        return known

    @property
    def _is_there(self) -> bool:
        return self._at is not None and self._now >= SOUNDING * self._most_now

    def _look(self, changes: Reals) -> None:
        """Moves every sum of likeness on to its next place, and finds the best."""
        like, most = self._signs @ changes, float(np.abs(changes).sum())
        self._likeness = self._likeness[self._from] * np.float32(KEPT) + like
        self._most = self._most * KEPT + most
        self._looks += 1
        if self._at is not None:
            self._at = int(self._to[self._at])
            self._now = self._now * KEPT_NOW + float(like[self._at])
            self._most_now = self._most_now * KEPT_NOW + most
            if self._likeness[self._at] < STILL_LIKE * self._most:
                self._at = None
        best = int(self._likeness.argmax())
        is_proof = self._looks * LOOK * FRAME_MS >= PROOF_MS and self._likeness[best] >= LIKE * max(self._most, 1.0)
        if is_proof and best != self._at:
            self._at, self._now, self._most_now = best, float(like[best]), most


def learn(name: str, recording: Iterable[Samples]) -> Tune:
    """Makes the print of a tune from its frames of 20 ms at `RATE_HZ`.

    Raises:
        TuneError: there is no music in it, or too little.
    """
    frames = [frame.tobytes() for frame in recording][: LONGEST_MS // FRAME_MS]
    if len(frames) * FRAME_MS < SHORTEST_MS:
        raise TuneError(SHORT)
    whole = frames[-2 * LAG :] + frames  # the tune is played again and again
    block = Block(whole, [0] * len(whole), np.zeros(past_samples(RATE_HZ), np.int16), RATE_HZ)
    if np.median(block.power) < QUIETEST_POWER:
        raise TuneError(SILENT)
    changes = Changes().step(block)[len(whole) - len(frames) :: PLACE]
    return Tune(name, np.where(changes > 0, 1, -1).astype(np.int8))


def written(tunes: Iterable[Tune]) -> str:
    """Gives the text of a file of tunes: JSON, a bit a sign."""
    stored = [{"name": tune.name, "places": len(tune.signs), "signs": _packed(tune.signs)} for tune in tunes]
    return json.dumps({"v": VERSION, "tunes": stored}, indent=1, ensure_ascii=False) + "\n"


def read(text: str) -> tuple[Tune, ...]:
    """Reads what `written` gave.

    Raises:
        TuneError: it is something else.
    """
    try:
        stored = json.loads(text)
        if stored["v"] != VERSION:
            raise TuneError(f"it is of version {stored['v']}, not {VERSION}: learn the music again")
        tunes = tuple(Tune(str(tune["name"]), _unpacked(tune["signs"], tune["places"])) for tune in stored["tunes"])
    except (ValueError, KeyError, TypeError) as error:
        if isinstance(error, TuneError):
            raise
        raise TuneError("it is no file of hold music: make one with `thirdring-unit learn-hold`") from error
    return tunes


def _packed(signs: Signs) -> str:
    return base64.b64encode(np.packbits(signs.ravel() > 0).tobytes()).decode()


def _unpacked(packed: str, places: int) -> Signs:
    bits = np.unpackbits(np.frombuffer(base64.b64decode(packed, validate=True), np.uint8))[: places * BITS]
    return np.where(bits.reshape(places, BITS) > 0, 1, -1).astype(np.int8)


def _places_before(lengths: list[int]) -> NDArray[np.intp]:
    """Gives for every place that of one look before; tunes begin anew where they end."""
    first = np.cumsum([0, *lengths])
    places = [
        start + (np.arange(length) - LOOK // PLACE) % length for start, length in zip(first, lengths, strict=False)
    ]
    return np.concatenate([np.zeros(0, np.intp), *places]).astype(np.intp)


def _band_sums() -> Reals:
    hz = np.arange(BINS) * BIN_HZ
    sums: Reals = ((hz[:, None] >= EDGES_HZ[:-1]) & (hz[:, None] < EDGES_HZ[1:])).astype(np.float32)
    return sums


BAND_SUMS = _band_sums()
