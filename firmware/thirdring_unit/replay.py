"""Recorded edges and sound go through the same core and ears as a desk's own, and come out as facts.

Time is virtual: a recorded day takes seconds.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from heapq import merge
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thirdring_unit import configfile, delivery, edgefile
from thirdring_unit.core.settings import Settings
from thirdring_unit.core.unit import Unit
from thirdring_unit.ears.ears import Ears
from thirdring_unit.ears.neural import silero
from thirdring_unit.ears.ringer import Ringer
from thirdring_unit.ears.room import RATE_HZ as ROOM_HZ
from thirdring_unit.ears.tunes import Tune
from thirdring_unit.ears.wav import FRAME_MS, WavError, frames
from thirdring_unit.errors import UserError
from thirdring_unit.runtime import Event
from thirdring_unit.virtual import VirtualDesk

PROGRESS_MS = 10_000
_DECIDED_AFTER_MS = 1_000  # beyond the last pause that decides something
_WINDOW = 1_000
_BEAT_MS = 600_000  # nobody listens for signs of life

Frame = NDArray[np.int16]


def replay(
    settings: Settings,
    edges: Path | None,
    sounds: Mapping[str, Path],
    write: Callable[[bytes], object],
    *,
    start: datetime | None = None,
    ringer: Ringer | None = None,
    tunes: Sequence[Tune] = (),
    progress: Callable[[int], object] = lambda _: None,
) -> None:
    """Replay a recording and write its facts, one line each.

    `sounds` are WAV files by channel; `start` is when the recording began, `ringer` the phone's and `tunes` the site's
    hold music, if they were learned; `progress` is told the milliseconds done.
    Raises UserError at the first input that cannot be used.
    """
    desk = VirtualDesk(settings, write, "replay")
    if start:
        desk.bring(0, partial(_clock, epoch_ms=round(start.timestamp() * 1_000)))
    ears = Ears(settings.country, tuple(sounds), ringer, tunes, silero())
    at_ms = told_ms = 0
    for at_ms, event in recording(ears, edges, sounds, settings.sample_hz, settings.room_channels):
        desk.bring(at_ms, event)
        if at_ms >= told_ms:
            progress(at_ms)
            told_ms = at_ms + PROGRESS_MS
    desk.bring(at_ms, partial(delivery.hear, signals=ears.flush()))
    desk.run_for(settling_ms(settings))


def settings_for(config: Path | None, edges: Path | None, sounds: Mapping[str, Path]) -> Settings:
    """Give the settings of a replay: those of a unit's file, listening to what was recorded; raises UserError.

    A recording is known from its beginning, so a ring in its first seconds is counted, unless the file says otherwise.
    """
    found: dict[str, Any] = configfile.tables(config) if config else configfile.NOBODY
    line = {"boot_blind_ms": 0} | (found["line"] if isinstance(found.get("line"), dict) else {})
    devices = {f"{channel}_device": str(sounds.get(channel, "")) for channel in ("line", "agent", "room")}
    overrides: dict[str, dict[str, Any]] = {
        "line": line,
        "sound": devices,
        "outbox": {"window": _WINDOW},
        "link": {"beat_ms": _BEAT_MS},
    }
    if not edges:
        overrides["unit"] = {"inputs": []}
    return configfile.settings(found, str(config or "replay"), **overrides)


def settling_ms(settings: Settings) -> int:
    """Give the time after the last input in which the core decides all that it can decide.

    A call is missed after one and a half ring cycles, a rating counts after its pause; shorter than the silence that
    would be taken for a hold, because the end of a recording is no silence.
    """
    return max(settings.ring_cycle_ms * 2, settings.rating_pause_ms) + _DECIDED_AFTER_MS


def recording(
    ears: Ears, edges: Path | None, sounds: Mapping[str, Path], rate_hz: int, room_channels: int = 1
) -> Iterator[tuple[int, Event]]:
    """Give everything recorded in the order of time; sound of a moment comes before an edge of the same moment."""
    room = ROOM_HZ, room_channels
    sources = [
        _sound(ears, channel, frames(path, *(room if channel == "room" else (rate_hz, 1))))
        for channel, path in sounds.items()
    ]
    if edges:
        sources.append((edge.at_ms, partial(delivery.edge, ears=ears, edge=edge)) for edge in edgefile.read(edges))
    return merge(*sources, key=lambda happened: happened[0])


def _sound(ears: Ears, channel: str, sound: Iterable[Frame]) -> Iterator[tuple[int, Event]]:
    """Give the frames of a WAV file, each at the moment at which it has been heard."""
    try:
        for number, frame in enumerate(sound):
            at_ms = number * FRAME_MS
            yield at_ms + FRAME_MS, partial(_listen, ears=ears, channel=channel, frame=frame, at_ms=at_ms)
    except WavError as error:
        raise UserError(str(error)) from error


def _listen(unit: Unit, up_ms: int, *, ears: Ears, channel: str, frame: Frame, at_ms: int) -> None:
    delivery.hear(unit, up_ms, signals=ears.feed(channel, frame, at_ms))


def _clock(unit: Unit, up_ms: int, *, epoch_ms: int) -> None:
    unit.clock(up_ms, epoch_ms, "replay")
