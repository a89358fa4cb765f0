"""How well a desk phone's rings are counted by ear, and how often something else is taken for one."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from thirdring_unit.core.callstate import Line
from thirdring_unit.core.countries import Country, codes
from thirdring_unit.core.events import Signal
from thirdring_unit.core.parsing import parse
from thirdring_unit.core.settings import Settings
from thirdring_unit.ears.cadence import GAP_MS
from thirdring_unit.ears.ears import Ears
from thirdring_unit.ears.learn import learn, rings_in
from thirdring_unit.ears.ringer import Ringer, RingerError

from tests.accuracy import compose, halls, listen, report, sides
from tests.accuracy.corpus import Sound, chosen
from tests.accuracy.halls import RATE_HZ, Call, Composer

FRAME_MS = 20
CALLS = {None: 200, 20: 200, 10: 200, 5: 100}  # for each signal-to-noise ratio
TARGET_DB = 10  # targets hold down to this one
COUNT_TARGETS = {True: 0.99, False: 0.95}  # of phones that were learned, and that were not
ANSWER_ERROR_MS, ANSWER_TARGET = 300, 0.95
FALSE_HOURS = 10  # in which there may be one false ring
JOINED_S = 90  # short recordings are heard one after another
OTHERS = 150  # calls of each kind of phone that is not the desk's
SOFTER_DB = (10, 15)  # than the desk's, the neighbour's same phone


@dataclass(frozen=True)
class Told:
    """What a unit told of a call: its rings (None: not one call), and how long it waited for its answer."""

    rings: int | None
    wait_ms: int | None


@dataclass(frozen=True)
class Heard:
    """A call that was heard, and whether what was told of it is right."""

    call: Call
    told: Told
    wired: bool

    @property
    def counted(self) -> bool:
        """Whether the rings are right."""
        return self.told.rings == len(self.call.rings_ms)

    @property
    def timed(self) -> bool:
        """Whether the answer is known to ANSWER_ERROR_MS."""
        true_ms = self.call.answer_ms if self.wired else self.call.heard_ms
        if self.told.wait_ms is None or true_ms is None:
            return False
        return abs(self.told.wait_ms - (true_ms - self.call.rings_ms[0])) <= ANSWER_ERROR_MS


def measure() -> Iterator[report.Row]:
    """Yields the rows about rings by ear."""
    composer = Composer(tuning=False)
    for learned in (True, False):
        yield from _calls(composer, learned=learned)
    yield from _others(composer)
    yield from _elsewhere(composer)
    yield from _false("testing half", tuning=False)
    yield from _false("tuning half", tuning=True)


def hear(call: Call, ringer: Ringer | None, *, wired: bool) -> Heard:
    """Lets a unit hear a call; `wired` says whether it senses the loop, too."""
    line, ears = Line(_settings(call.country, wired=wired)), Ears(call.country, ["room"], ringer)
    line.start(0, [])
    lift_ms = call.answer_ms if wired else None
    facts = []
    for number, frame in enumerate(listen.frames_of(call.sound, RATE_HZ)):
        at_ms = number * FRAME_MS
        if lift_ms is not None and lift_ms <= at_ms:
            facts += [fact for signal in ears.off_hook() for fact in line.hear(at_ms, signal)]
            facts += line.edge(at_ms, "loop", True)
            lift_ms = None
        facts += [fact for signal in ears.feed("room", frame, at_ms) for fact in line.hear(at_ms + FRAME_MS, signal)]
    facts += [fact for signal in ears.flush() for fact in line.hear(at_ms + FRAME_MS, signal)]
    facts += line.tick(at_ms + 2 * Country(call.country).ring_cycle_ms)
    ends = [fields for _, kind, fields in facts if kind in {"answered", "missed"}]
    waits = [fields["wait_ms"] for _, kind, fields in facts if kind == "answered"]
    rings, wait_ms = ends[0]["rings"] if len(ends) == 1 else None, waits[0] if len(waits) == 1 else None
    return Heard(
        call, Told(rings if isinstance(rings, int) else None, wait_ms if isinstance(wait_ms, int) else None), wired
    )


def learned_from(call: Call) -> Ringer | None:
    """What a unit learns from a call's lesson; None when it learns nothing."""
    return _learned(call.lesson)


def _learned(lesson: Sound, microphones: int = 1) -> Ringer | None:
    frames = listen.frames_of(lesson, RATE_HZ * microphones)
    try:
        return learn(rings_in(np.frombuffer(frame, np.int16) for frame in frames)).ringer
    except RingerError:
        return None


def _settings(country: str, *, wired: bool) -> Settings:
    return parse(
        {
            "unit": {"branch": "b12", "id": "desk-07", "inputs": ["loop"] if wired else []},
            "line": {"country": country, "boot_blind_ms": 0},
            "sound": {"room_device": "room"},
        }
    )


def calls(composer: Composer, snr_db: int | None, *, learned: bool, count: int, seed: int = 7) -> Iterator[Call]:
    """Yields composed calls: of any phone, or, when it is not to be learned, of bells and usual electronic ringers."""
    for number in range(count):
        rng = np.random.default_rng([seed, number, snr_db or 0, learned])
        yield composer.call(rng, composer.phone(rng, desk=not learned), snr_db)


def _calls(composer: Composer, *, learned: bool) -> Iterator[report.Row]:
    phones = "enrolled: any ringer" if learned else "not enrolled: bells and electronic ringers"
    all_heard: dict[bool, list[Heard]] = {True: [], False: []}
    for snr_db, count in CALLS.items():
        heard: dict[bool, list[Heard]] = {True: [], False: []}
        for call in calls(composer, snr_db, learned=learned, count=count):
            ringer = learned_from(call) if learned else None
            for wired in (False, True):
                heard[wired].append(hear(call, ringer, wired=wired))
        for wired, some in heard.items():
            if snr_db is None or snr_db >= TARGET_DB:
                all_heard[wired] += some
        level = "clean" if snr_db is None else f"{snr_db} dB"
        yield report.counted(
            "rings of a call counted right", f"{phones}, {level}", [one.counted for one in heard[False]]
        )
    for wired, some in all_heard.items():
        sensed = "and the loop's wire" if wired else "the room alone"
        condition = f"{phones}, {sensed}, clean to {TARGET_DB} dB"
        answered = [one for one in some if one.call.answer_ms is not None]
        yield report.counted(
            "rings of a call counted right", condition, [one.counted for one in some], COUNT_TARGETS[learned]
        )
        yield report.counted(
            f"answer time right to {ANSWER_ERROR_MS} ms", condition, [one.timed for one in answered], ANSWER_TARGET
        )
        if not wired:
            clear = [one for one in answered if one.call.word_db is None or one.call.word_db >= TARGET_DB]
            yield report.counted(
                f"answer time right to {ANSWER_ERROR_MS} ms",
                f"{condition}, the first word {TARGET_DB} dB above the hall",
                [one.timed for one in clear],
            )
            missed = [one.told.wait_ms is None for one in some if one.call.answer_ms is None]
            yield report.counted("calls that nobody answers told as missed", condition, missed)


def _others(composer: Composer) -> Iterator[report.Row]:
    """Phones that are not the desk's ring, while the desk's own was learned."""
    kinds = ("another ringer", f"the same ringer, {SOFTER_DB[0]} to {SOFTER_DB[1]} dB softer", "a mobile phone's tune")
    for kind, name in enumerate(kinds):
        silent = []
        for number in range(OTHERS):
            rng = np.random.default_rng([8, number, kind])
            phone, another = composer.phone(rng, desk=True), composer.phone(rng, desk=True)
            while another.name == phone.name and not phone.name.startswith("made"):
                another = composer.phone(rng, desk=True)
            mine, other = composer.call(rng, phone, 20), composer.call(rng, another, 20)
            if kind == 1:
                other = replace(mine, sound=np.asarray(mine.sound * 10 ** (-rng.uniform(*SOFTER_DB) / 20), np.float32))
            elif kind == 2:
                other = replace(other, sound=_mobile(rng, composer))
            silent.append(not listen.spans(_room(other.sound, other.country, learned_from(mine)), "ring"))
        yield report.counted("phones of others that ring unheard", f"desk's own enrolled; {name}", silent)


def _mobile(rng: np.random.Generator, composer: Composer) -> Sound:
    """A mobile phone that rings on and on."""
    tunes = [clip for clip in composer.ringtones if clip.kind not in halls.DESK_CLIPS]
    return np.resize(compose.levelled(tunes[rng.integers(len(tunes))].sound(RATE_HZ)), 20 * RATE_HZ)


def _elsewhere(composer: Composer) -> Iterator[report.Row]:
    """The same phone rings as loud on the desk, and on another one; two microphones hear it."""
    counted, silent = [], []
    for pair in sides.pairs(composer, OTHERS):
        ringer = _learned(pair.lesson, 2)
        bursts = [_rings(_room(sound, pair.country, ringer, 2)) for sound in (pair.mine, pair.other)]
        counted.append(bursts[0] == pair.rings)
        silent.append(bursts[1] == 0)
    yield report.counted(
        "phones of others that ring unheard", "two microphones; the same ringer, as loud, from another side", silent
    )
    yield report.counted("rings counted right", "two microphones; the desk's own phone, 10 and 20 dB", counted)


def _rings(signals: list[Signal]) -> int:
    """How many rings these bursts are."""
    starts, ends = (
        [signal.at_ms for signal in signals if signal.what == "ring" and signal.on is on] for on in (True, False)
    )
    return len(starts) and 1 + sum(start - end >= GAP_MS for start, end in zip(starts[1:], ends, strict=False))


def _room(sound: Sound, country: str, ringer: Ringer | None, microphones: int = 1) -> list[Signal]:
    ears = Ears(country, ["room"], ringer)
    frames = listen.frames_of(sound, RATE_HZ * microphones)
    told = [signal for number, frame in enumerate(frames) for signal in ears.feed("room", frame, number * FRAME_MS)]
    return told + ears.flush()


def _false(half: str, *, tuning: bool) -> Iterator[report.Row]:
    """Speech, music and noise without a phone, each heard with every country's cadence; and with a learned ringer."""
    composer = Composer(tuning=True)
    for kind in ("speech", "music", "noise"):
        hours, counts = 0.0, {True: 0, False: 0}
        for number, sound in enumerate(_joined(kind, tuning=tuning)):
            rng = np.random.default_rng([9, number])
            mine = learned_from(composer.call(rng, composer.phone(rng, desk=True), 20))
            for country in codes() if not tuning else [codes()[number % len(codes())]]:
                hours += len(sound) / RATE_HZ / 3600
                for learned in counts:
                    counts[learned] += len(listen.spans(_room(sound, country, mine if learned else None), "ring"))
        for learned, count in counts.items():
            yield _row(kind, half, hours, count, learned=learned)


def _joined(kind: str, *, tuning: bool) -> Iterator[Sound]:
    """The recordings of a kind, one after another, at the level of speech."""
    parts: list[Sound] = []
    for clip in chosen(kind, tuning=tuning):
        parts.append(compose.levelled(clip.sound(RATE_HZ)))
        if sum(map(len, parts)) >= JOINED_S * RATE_HZ:
            yield np.concatenate(parts)
            parts = []
    if parts:
        yield np.concatenate(parts)


def _row(kind: str, half: str, hours: float, count: int, *, learned: bool) -> report.Row:
    return report.Row(
        what="false rings by ear",
        condition=f"{kind} of the {half}, {'enrolled' if learned else 'not enrolled'}",
        count=f"{count} in {hours:.2f} h",
        share=f"{count / hours * FALSE_HOURS:.1f} in {FALSE_HOURS} h",
        target=f"at most 1 in {FALSE_HOURS} h",
        reached=count * FALSE_HOURS <= hours,
    )
