"""What the ears make of one recording, for a technician who wants to see it."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from thirdring_unit.core.events import Signal
from thirdring_unit.ears.ears import Ears
from thirdring_unit.ears.picture import Span
from thirdring_unit.ears.ringer import Ringer
from thirdring_unit.ears.room import RATE_HZ as ROOM_HZ
from thirdring_unit.ears.strip import Strip
from thirdring_unit.ears.tunes import Tune
from thirdring_unit.ears.wav import FRAME_MS, WavError, frames
from thirdring_unit.errors import UserError

RATE_HZ = {"line": 8000, "agent": 8000, "room": ROOM_HZ}


def hear(
    path: Path,
    channel: str,
    country: str,
    ringer: Ringer | None = None,
    tunes: Sequence[Tune] = (),
    progress: Callable[[int], object] = lambda _: None,
) -> tuple[int, Strip, list[Span]]:
    """Listen to a WAV file; give its length in ms, its sound in columns, and what was heard in order of beginning.

    `channel` is "line", "agent" or "room"; `ringer` is the phone's and `tunes` the site's hold music, if they were
    learned; `progress` is told the milliseconds done. Raises UserError.
    """
    rate_hz = RATE_HZ[channel]
    ears, strip = Ears(country, [channel], ringer, tunes), Strip(rate_hz, rate_hz * FRAME_MS // 1000)
    signals: list[Signal] = []
    try:
        for number, frame in enumerate(frames(path, rate_hz)):
            signals += ears.feed(channel, frame, number * FRAME_MS)
            strip.add(frame)
            progress(number * FRAME_MS)
    except WavError as error:
        raise UserError(str(error)) from error
    if not strip.frames:
        raise UserError(f"{path}: there is no sound in it; record it again")
    return strip.frames * FRAME_MS, strip, spans(signals + ears.flush())


def spans(signals: Iterable[Signal]) -> list[Span]:
    """Join beginnings and ends, each with what it belongs to."""
    begun: dict[tuple[str, object], int] = {}
    found = []
    for signal in signals:
        name = signal.detail if isinstance(signal.detail, str) and signal.what != "ring" else ""
        if signal.on:
            begun[signal.what, name] = signal.at_ms
        elif (signal.what, name) in begun:
            found.append(Span(signal.what, begun.pop((signal.what, name)), signal.at_ms, name))
    return sorted(found, key=lambda span: span.from_ms)
