"""Composes halls in which a desk's phone rings, and is answered or not: what a room's microphone hears of it."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from thirdring_unit.core.countries import Country, codes
from thirdring_unit.sim import ringers

from tests.accuracy import compose
from tests.accuracy.compose import MUSIC, NOISE
from tests.accuracy.corpus import Clip, Sound, chosen
from tests.accuracy.noise import made_noise

RATE_HZ = 16_000
DESK_CLIPS = frozenset({"bell/classic", "desk-electronic", "?"})  # other recordings are tunes of mobile phones
DESK_MADE = ("bell", "warble", "trill", "beeps")
RINGER_S = 2.5  # of a made ringer, then it is repeated
RINGS = (1, 8)
LEAD_S, TAIL_S = (3.0, 6.0), (8.0, 10.0)
VARY_DB = 3.0  # two phones are so much louder or softer than another
ENROL_DB = 20.0  # the hall under the rings that a phone is learned from
PART_S = 4.0  # of one recording of noise or music
HISS = 3.0  # rms of a microphone's own noise
LEAD_IN = RATE_HZ // 25  # 40 ms: how softly a first word may begin before it counts as one
FIRST_CUT_MS = 350  # a shorter burst alone is no ring
HALLS = ("noise", "noise", "made", "babble", "speech", "music")
CALM_HALLS = ("noise", "made", "babble")

How = Literal["cut", "pause", "missed"]


@dataclass(frozen=True)
class Phone:
    """A ringer's sound, without its cadence."""

    name: str
    sound: Sound


@dataclass(frozen=True)
class Call:
    """A room's sound, what happened in it, and the recording that the phone can be learned from.

    `answer_ms` is when the handset was lifted, `heard_ms` when that could be heard: at once when it cut a ring short,
    else with the first word. `word_ms` is when that begins, `word_db` how much louder it is than the hall, in its first
    half second.
    """

    sound: Sound
    lesson: Sound
    country: str
    rings_ms: list[int]
    answer_ms: int | None
    heard_ms: int | None
    word_ms: int | None
    word_db: float | None
    name: str


class Composer:
    """Halls and phones of one half of the recordings."""

    def __init__(self, *, tuning: bool) -> None:
        self._speech, self._music, self._noise, self.ringtones = (
            chosen(name, tuning=tuning) for name in ("speech", "music", "noise", "ringtone")
        )

    def phone(self, rng: np.random.Generator, *, desk: bool) -> Phone:
        """A phone: a recorded or a made one; with `desk`, a bell or an usual electronic ringer."""
        recorded = [clip for clip in self.ringtones if clip.kind in DESK_CLIPS or not desk]
        if recorded and rng.random() < 1 / 2:
            clip = _any(rng, recorded)
            return Phone(f"{clip.kind} {clip.group}", compose.trimmed(clip.sound(RATE_HZ), RATE_HZ))
        kind = str(rng.choice(DESK_MADE if desk else tuple(ringers.KINDS)))
        return Phone(f"made {kind}", ringers.made(kind, rng, RINGER_S, RATE_HZ) * compose.ACTIVE)

    def call(self, rng: np.random.Generator, phone: Phone, snr_db: float | None) -> Call:
        """A call: some rings, then an answer within the last burst or after it, or none."""
        country = Country(str(rng.choice(codes())))
        count = int(rng.integers(RINGS[0], RINGS[1] + 1))
        how: How = rng.choice(["cut", "pause", "missed"])
        level_db = rng.uniform(-VARY_DB, VARY_DB)
        rung = ringing(phone, country, count, level_db)
        if how != "missed":
            bounds = (FIRST_CUT_MS, country.ring_on_ms) if how == "cut" else (country.ring_on_ms, country.ring_cycle_ms)
            last_ms = country.ring_cycle_ms - int(rng.integers(*bounds))
            rung = rung[: len(rung) - last_ms * RATE_HZ // 1000]
        lead, tail = (_silence(rng.uniform(*seconds)) for seconds in (LEAD_S, TAIL_S))
        first_ms, end_ms = len(lead) * 1000 // RATE_HZ, (len(lead) + len(rung)) * 1000 // RATE_HZ
        word = _silence(0)
        if how != "missed":
            talk, silent = self._answering(rng, len(tail))
            tail = tail + talk * 10 ** (rng.uniform(-6, 0) / 20)
            word = tail[silent:]
        word_ms = (len(lead) + len(rung) + len(tail) - len(word)) * 1000 // RATE_HZ
        room = _echo(rng)
        sound, lesson = (
            echoed(room, np.concatenate((lead, rung, tail))),
            echoed(room, self._lesson(rng, phone, country, level_db)),
        )
        kind, hall = "quiet", _silence(0)
        if snr_db is not None:
            kind = str(rng.choice(HALLS))
            hall = np.asarray(self.hall(rng, kind, len(sound)) * 10 ** ((level_db - snr_db) / 20), np.float32)
            sound = sound + hall
        return Call(
            _hissing(rng, sound),
            _hissing(
                rng,
                lesson + self.hall(rng, str(rng.choice(CALM_HALLS)), len(lesson)) * 10 ** ((level_db - ENROL_DB) / 20),
            ),
            country.code,
            [first_ms + number * country.ring_cycle_ms for number in range(count)],
            None if how == "missed" else end_ms,
            {"missed": None, "cut": end_ms, "pause": word_ms}[how],
            None if how == "missed" else word_ms,
            _apart_db(word[: RATE_HZ // 2], hall) if len(word) and len(hall) else None,
            f"{phone.name}, {country.code}, {count} rings, {how}, {kind}",
        )

    def hall(self, rng: np.random.Generator, kind: str, count: int) -> Sound:
        """What is heard in a hall, at the level of speech."""
        seconds = count / RATE_HZ + 1
        if kind == "made":
            sound = made_noise(rng, seconds, RATE_HZ)
        elif kind == "babble":
            sound = np.sum([self._speaking(rng, count) for _ in range(int(rng.integers(4, 8)))], axis=0)
        elif kind == "speech":
            return self._speaking(rng, count)
        else:
            clips, label = (self._music, MUSIC) if kind == "music" else (self._noise, NOISE)
            parts_s = [PART_S] * (1 + int(seconds // PART_S))  # a short recording that is repeated comes in a cadence
            sound = np.concatenate(
                [compose.steady(rng, clips, part_s, RATE_HZ, label=label).sound for part_s in parts_s]
            )
        return compose.levelled(sound[:count])

    def _speaking(self, rng: np.random.Generator, count: int) -> Sound:
        return compose.speech(rng, self._speech, count / RATE_HZ + 1, RATE_HZ).sound[:count]

    def _answering(self, rng: np.random.Generator, count: int) -> tuple[Sound, int]:
        """Who answers, and how many samples are silent before the first word: another room's noise is cut off there."""
        scene = compose.speech(rng, self._speech, count / RATE_HZ + 1, RATE_HZ)
        silent = int((scene.labels == compose.SPEECH).argmax()) * RATE_HZ // compose.FRAMES_PER_S
        talk = scene.sound[:count].copy()
        talk[: max(0, silent - LEAD_IN)] = 0
        return talk, silent

    def _lesson(self, rng: np.random.Generator, phone: Phone, country: Country, level_db: float) -> Sound:
        rung = ringing(phone, country, int(rng.integers(2, 6)), level_db + rng.uniform(-2, 2))
        return np.concatenate((_silence(1), rung))


def ringing(phone: Phone, country: Country, rings: int, level_db: float) -> Sound:
    """Whole rings with their pauses, so much louder or softer than speech."""
    parts = [
        np.resize(phone.sound, part_ms * RATE_HZ // 1000) if number % 2 == 0 else _silence(part_ms / 1000)
        for number, part_ms in enumerate(country.ring_ms)
    ]
    loud = np.sqrt(np.mean(np.square(np.concatenate(parts[::2]))))
    return np.asarray(
        np.tile(np.concatenate(parts), rings) * (compose.ACTIVE / loud * 10 ** (level_db / 20)), np.float32
    )


def _apart_db(sound: Sound, other: Sound) -> float:
    return float(10 * np.log10(np.mean(np.square(sound)) / np.mean(np.square(other))))


def _any(rng: np.random.Generator, clips: list[Clip]) -> Clip:
    return clips[rng.integers(len(clips))]


def _silence(seconds: float) -> Sound:
    return np.zeros(round(seconds * RATE_HZ), np.float32)


def _hissing(rng: np.random.Generator, sound: Sound) -> Sound:
    return np.asarray(sound + rng.normal(0, HISS, len(sound)), np.float32)


def _echo(rng: np.random.Generator) -> Sound:
    """What a room makes of a click; every second room has no echo."""
    if rng.random() < 1 / 2:
        return np.ones(1, np.float32)
    count = round(rng.uniform(0.15, 0.5) * RATE_HZ)
    echo = rng.normal(0, 1, count) * 10 ** (-3 * np.arange(count) / count)
    echo *= 10 ** (rng.uniform(-16, -6) / 20) / np.linalg.norm(echo)
    echo[0] += 1
    return np.asarray(echo, np.float32)


def echoed(room: Sound, sound: Sound) -> Sound:
    """The sound as it is heard in a room, of which `room` is what it makes of a click."""
    size = 1 << (len(sound) + len(room)).bit_length()
    echoed = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(room, size), size)[: len(sound)]
    return np.asarray(echoed, np.float32)
