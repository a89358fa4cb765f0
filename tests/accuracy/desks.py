"""Plays composed sound to a whole desk: the ears and the core decide together, as they do on a unit."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from thirdring_unit.core.callstate import Line
from thirdring_unit.core.events import Signal
from thirdring_unit.core.parsing import parse
from thirdring_unit.ears.ears import Ears
from thirdring_unit.ears.tunes import Tune

from tests.accuracy.corpus import Sound
from tests.accuracy.listen import FRAME_MS, frames_of

Fact = tuple[int, str, dict[str, object]]
Span = tuple[int, int]
ANSWERED_MS, BEGUN_MS, SETTLED_MS = 1000, 2000, 60_000
LATE_MS = 100


def call(sounds: Mapping[str, Sound], rate_hz: int, tunes: Sequence[Tune] = ()) -> list[Fact]:
    """Gives the facts of an answered call, timed from the beginning of its sound, by channel, to the hang-up."""
    frames = {channel: frames_of(sound, rate_hz) for channel, sound in sounds.items()}
    return _played(_told(frames, tunes), tuple(sounds), min(map(len, frames.values())) * FRAME_MS)


def told_perfectly(speech: Mapping[str, Iterable[Span]], lasting_ms: int) -> list[Fact]:
    """Gives the facts of a call whose speech, by channel, is told to the core as it truly was."""
    signals = [
        (at_ms + LATE_MS, Signal("voice", channel, on, at_ms + BEGUN_MS))
        for channel, spans in speech.items()
        for span in spans
        for at_ms, on in zip(span, (True, False), strict=True)
    ]
    return _played(iter(sorted(signals, key=lambda told: told[0])), tuple(speech), lasting_ms)


def holds(facts: Sequence[Fact]) -> list[Span]:
    """When the caller was on hold: from and to."""
    times_ms = [at_ms for at_ms, kind, _ in facts if kind in {"held", "resumed"}]
    return list(zip(times_ms[::2], times_ms[1::2], strict=True))


def measures(facts: Sequence[Fact]) -> dict[str, int]:
    """What was measured of the whole call."""
    fields = next(fields for _, kind, fields in facts if kind == "ended")
    return {name: value for name, value in fields.items() if isinstance(value, int)}


def _told(frames: Mapping[str, list[bytes]], tunes: Sequence[Tune]) -> Iterator[tuple[int, Signal]]:
    """What the ears say, and when."""
    ears, at_ms = Ears("CN", frames, tunes=tunes), 0
    for some in zip(*frames.values(), strict=False):
        for channel, frame in zip(frames, some, strict=True):
            for signal in ears.feed(channel, frame, at_ms + BEGUN_MS):
                yield at_ms + FRAME_MS, signal
        at_ms += FRAME_MS
    for signal in ears.on_hook() + ears.flush():
        yield at_ms, signal


def _played(told: Iterator[tuple[int, Signal]], channels: tuple[str, ...], lasting_ms: int) -> list[Fact]:
    """Rings, answers, tells what was heard, and hangs up."""
    line = Line(
        parse(
            {
                "unit": {"branch": "b1", "id": "desk"},
                "line": {"country": "CN", "boot_blind_ms": 0},
                "sound": {f"{channel}_device": "card" for channel in channels},
            }
        )
    )
    line.start(0, [])
    facts = line.edge(0, "ring", True) + line.edge(500, "ring", False) + line.edge(ANSWERED_MS, "loop", True)
    for at_ms, signal in told:
        facts += line.hear(min(at_ms, lasting_ms) + BEGUN_MS, signal)
    facts += line.edge(lasting_ms + BEGUN_MS, "loop", False)
    facts += line.tick(lasting_ms + BEGUN_MS + SETTLED_MS)
    return [(at_ms - BEGUN_MS, kind, fields) for at_ms, kind, fields in facts]
