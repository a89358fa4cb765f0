"""How well holds are found and who hung up is told, call by call."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from thirdring_unit.core.countries import codes
from thirdring_unit.core.events import Signal
from thirdring_unit.ears.plans import tones_of
from thirdring_unit.ears.tunes import learn

from tests.accuracy import compose, desks, listen, report, spandsp
from tests.accuracy.compose import MUSIC
from tests.accuracy.corpus import Clip, Sound, chosen

RATE_HZ = 8000
TALK_S = (15.0, 45.0)
HOLD_S = (61.0, 95.0)
OVER_MS = 60_000
ANNOUNCED_PART, ANNOUNCED_S = 0.3, 12  # of a talk; seconds at most
END_ERROR_MS = 1500
HELD_CALLS, TALK_CALLS = 60, 300  # of each kind of hold; without one
HUNG_CALLS, ENDED_CALLS = 50, 320  # of each country: with a tone; without one (no error in 3840 proves 99.9 %)
CLEARING = {"busy", "congestion", "dial", "disconnect"}
SNRS_DB = (None, 20, 10)
FAINTEST_DB = 20  # a tone comes so much below the level of speech at worst


def holds() -> Iterator[report.Row]:
    """Yields the rows about holds: on one mixed line, mu-law, at 10 dB and more."""
    speech, music, noises = (chosen(name, tuning=False) for name in ("speech", "music", "noise"))
    ends: list[bool] = []
    found: list[bool] = []
    for kind in ("music", "beeps", "silence"):
        some: list[bool] = []
        for number in range(HELD_CALLS):
            rng = np.random.default_rng([1, number, len(kind)])
            sound, from_ms, to_ms = _held_call(rng, kind, speech, music, noises)
            right = _right(desks.holds(desks.call({"line": sound}, RATE_HZ)), from_ms, to_ms)
            some.append(bool(right))
            ends += [abs(hold[0] - from_ms) <= END_ERROR_MS and abs(hold[1] - to_ms) <= END_ERROR_MS for hold in right]
        found += some
        yield report.counted("holds over 60 s found", f"{kind}, mu-law, clean to 10 dB", some)
    yield report.counted("holds over 60 s found", "all kinds", found, 0.99)
    yield report.counted("ends of a found hold within 1.5 s", "all kinds", ends, 0.95)
    without = []
    for number in range(TALK_CALLS):
        rng = np.random.default_rng([2, number])
        sound = _line(rng, _talk(rng, speech, 3), noises)
        without.append(not desks.holds(desks.call({"line": sound}, RATE_HZ)))
    yield report.counted("calls without a hold told to have none", "mu-law, clean to 10 dB", without, 0.995)
    yield from _learned(speech, music, noises)


def _learned(speech: list[Clip], music: list[Clip], noises: list[Clip]) -> Iterator[report.Row]:
    """Yields the rows about a site's own hold music, with an announcement in the middle of the hold."""
    for taught in (False, True):
        found: list[bool] = []
        for number in range(HELD_CALLS):
            rng = np.random.default_rng([5, number])
            clip = music[rng.integers(len(music))]
            tunes = [learn(clip.path.name, _int16(clip.sound(RATE_HZ)))] if taught else []
            sound, from_ms, to_ms = _announced_call(rng, clip, speech, noises)
            found.append(bool(_right(desks.holds(desks.call({"line": sound}, RATE_HZ, tunes)), from_ms, to_ms)))
        condition = f"the music {'learned' if taught else 'not learned'}, mu-law, clean to 10 dB"
        yield report.counted("hold with an announcement is one hold", condition, found)


def _announced_call(
    rng: np.random.Generator, clip: Clip, speech: list[Clip], noises: list[Clip]
) -> tuple[Sound, int, int]:
    """A call with a hold of over a minute: music, a few sentences instead of it, the music again."""
    before, after, said = (_conversation(rng, speech, part) for part in (1, 1, ANNOUNCED_PART))
    level = 10 ** (rng.uniform(-12, 3) / 20)
    parts = [compose.steady(rng, [clip], 35, RATE_HZ, label=MUSIC).sound * level for _ in range(2)]
    hold = np.concatenate((parts[0], said[: ANNOUNCED_S * RATE_HZ], parts[1]))
    from_ms = len(before) * 1000 // RATE_HZ
    sound = _line(rng, np.concatenate((before, hold, after)), noises)
    return sound, from_ms, from_ms + len(hold) * 1000 // RATE_HZ


def _right(holds: list[desks.Span], from_ms: int, to_ms: int) -> list[desks.Span]:
    """The hold that was told, if it is as long as it should be and lies where it should."""
    told = [hold for hold in holds if hold[1] - hold[0] > OVER_MS]
    return [hold for hold in told if min(hold[1], to_ms) - max(hold[0], from_ms) > (to_ms - from_ms) / 2]


def _int16(sound: Sound) -> Iterator[npt.NDArray[np.int16]]:
    return (np.frombuffer(frame, np.int16) for frame in listen.frames_of(sound, RATE_HZ))


def hang_ups() -> Iterator[report.Row]:
    """Yields the rows about who hung up first: every country, tones with drift, level and noise."""
    speech, noises = (chosen(name, tuning=False) for name in ("speech", "noise"))
    by_tone: list[bool] = []
    by_none: list[bool] = []
    rival_by_tone: list[bool] = []
    rival_by_none: list[bool] = []
    for number, country in enumerate(codes()):
        for call in range(HUNG_CALLS):
            rng = np.random.default_rng([3, number, call])
            below_db = rng.uniform(0, FAINTEST_DB)
            sound = np.concatenate((_talk(rng, speech, 0.5), _clearing_tone(rng, country, below_db)))
            sound = _line(rng, sound, noises, below_db)
            by_tone.append(_by_caller(listen.hear(sound, RATE_HZ, country=country, hook=True)))
            rival_by_tone.append(_by_caller_for_spandsp(sound, country))
        for call in range(ENDED_CALLS):
            rng = np.random.default_rng([4, number, call])
            sound = _line(rng, _talk(rng, speech, 0.25), noises)
            by_none.append(not _by_caller(listen.hear(sound, RATE_HZ, country=country, hook=True)))
            rival_by_none.append(not _by_caller_for_spandsp(sound, country))
    condition = "12 countries, mu-law, clean to 10 dB"
    yield report.counted("caller hung up, tone there: told so", condition, by_tone, 0.99, _rival(rival_by_tone))
    yield report.counted("no tone there: not told 'caller'", condition, by_none, 0.999, _rival(rival_by_none))


def _by_caller_for_spandsp(sound: Sound, country: str) -> bool:
    return not CLEARING.isdisjoint(spandsp.tones(sound, country) or ())


def _rival(right: list[bool]) -> str:
    return f"spandsp {sum(right) / len(right):.1%}" if spandsp.library() else ""


def _by_caller(signals: list[Signal]) -> bool:
    return any(signal.what == "tone" and signal.on and signal.detail in CLEARING for signal in signals)


def _talk(rng: np.random.Generator, speech: list[Clip], parts: float) -> Sound:
    return _spoken(rng, speech, parts).sound


def _conversation(rng: np.random.Generator, speech: list[Clip], parts: float) -> Sound:
    """Talk from its first word to its last: a recording's own silence before and after them is none of a talk's."""
    return compose.conversation(_spoken(rng, speech, parts))


def _spoken(rng: np.random.Generator, speech: list[Clip], parts: float) -> compose.Scene:
    return compose.speech(rng, speech, rng.uniform(*TALK_S) * parts, RATE_HZ)


def _held_call(
    rng: np.random.Generator, kind: str, speech: list[Clip], music: list[Clip], noises: list[Clip]
) -> tuple[Sound, int, int]:
    """A call with one hold, and from when to when it lasts."""
    seconds = rng.uniform(*HOLD_S)
    before, after = (_conversation(rng, speech, 1) for _ in range(2))
    if kind == "music":
        hold = compose.steady(rng, music, seconds, RATE_HZ, label=MUSIC).sound * 10 ** (rng.uniform(-12, 3) / 20)
    elif kind == "beeps":
        hold = compose.tone((425,), (300, int(rng.integers(5, 15)) * 1000), seconds, RATE_HZ) * 800
    else:
        hold = np.zeros(round(seconds * RATE_HZ), np.float32)
    from_ms = len(before) * 1000 // RATE_HZ
    return _line(rng, np.concatenate((before, hold, after)), noises), from_ms, from_ms + len(hold) * 1000 // RATE_HZ


def _clearing_tone(rng: np.random.Generator, country: str, below_db: float) -> Sound:
    tones = [tone for tone in tones_of(country) if tone.name in {"busy", "congestion"}]
    tone = tones[rng.integers(len(tones))]
    cycle_s = sum(tone.cadence_ms) / 1000
    hz = tuple(one + rng.uniform(-8, 8) for one in tone.hz)
    seconds = max(rng.uniform(2, 6), 2.2 * cycle_s)
    level = compose.ACTIVE * np.sqrt(2 / len(hz)) * 10 ** (-below_db / 20)
    quiet = np.zeros(round(rng.uniform(0.1, 1.5) * RATE_HZ), np.float32)
    return np.concatenate((quiet, compose.tone(hz, tone.cadence_ms, seconds, RATE_HZ) * level))


def _line(rng: np.random.Generator, sound: Sound, noises: list[Clip], below_db: float = 0) -> Sound:
    """The sound over a telephone line, with noise that is softer still than what is `below_db` under speech."""
    snr_db = SNRS_DB[rng.integers(len(SNRS_DB))]
    if snr_db is not None:
        noise = noises[rng.integers(len(noises))].sound(RATE_HZ)
        scene = compose.Scene(sound, np.zeros(0, np.int8), RATE_HZ)
        sound = compose.with_noise(rng, scene, noise, snr_db + below_db).sound
    return compose.over_telephone(sound, RATE_HZ)
