"""`thirdring-unit check`: every input, microphone, light, journal, broker and clock of a desk, one after the other."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from itertools import islice
from pathlib import Path
from threading import Event
from time import monotonic

import numpy as np
from gpiozero.pins import Factory
from numpy.typing import NDArray

from thirdring_unit.core.journal import Journal
from thirdring_unit.core.settings import Settings
from thirdring_unit.drivers.broker import probe
from thirdring_unit.drivers.credentials import Credentials
from thirdring_unit.drivers.lights import LedLights
from thirdring_unit.drivers.state import held
from thirdring_unit.ears.level import AMBIENT_SHARE, CLIPPED, DEAD, decibels
from thirdring_unit.edgefile import Edge
from thirdring_unit.filestorage import FileStorage
from thirdring_unit.pi import pins, wallclock
from thirdring_unit.pi.checklist import NOTE, OK, WAITING, WRONG, Checklist
from thirdring_unit.pi.frames import FRAME_MS
from thirdring_unit.pi.framing import CHUNK_MS
from thirdring_unit.pi.inputs import Inputs
from thirdring_unit.pi.microphones import cards, rates_hz
from thirdring_unit.pi.soundcard import SoundCard, SoundCardError
from thirdring_unit.runtime import Clock

LISTEN_MS = 2_000
CLIPPED_SHARE_MAX = 0.01
NOISY_DB = -35
FREE_BYTES_MIN = 50_000_000
LOOK_S = 0.1

TRY = {
    "ring": "call this phone and let it ring",
    "loop": "lift the handset and lay it down",
    "hold_key": "press the hold key",
    "vip_in": "press VIP in",
    "vip_served": "press VIP served",
    "vip_left": "press VIP left",
    "serve": "press serve",
    "resolved": "press resolved",
    "unresolved": "press not resolved",
} | {f"rate_{score}": f"press rating {score}" for score in range(1, 6)}
"""What a technician does to try each input."""


def check(
    settings: Settings, credentials: Credentials, state: Path, factory: Factory, found: Checklist, wait_s: float
) -> None:
    """Check a desk whose program does not run, and wait so long until somebody has tried every input.

    With `wait_s` 0, inputs need only be at rest. Raises UserError when pins or state cannot be had.
    """
    with held(state), ExitStack() as opened:
        _check_journal(state, settings, found)
        _check_clock(found)
        lights = opened.enter_context(closing(LedLights(pins.LIGHTS["vip"], pins.LIGHTS["prompt"], factory)))
        lights.show(vip=True, prompt=True)
        for name in pins.LIGHTS:
            found.put(f"light {name}", OK, "lit while this check runs: look at it")
        opened.enter_context(_inputs(settings, factory, found, is_tried=wait_s > 0))
        for device, channels in cards(settings).items():
            _check_card(settings, device, channels, found)
        wrong = probe(credentials, settings)
        found.put("broker", WRONG if wrong else OK, wrong or "takes this unit")
        _wait(found, wait_s)


def _check_journal(state: Path, settings: Settings, found: Checklist) -> None:
    with closing(FileStorage(state / "journal")) as storage:
        journal = Journal(storage, settings.limit_bytes)
    free_bytes = shutil.disk_usage(state).free
    words = f"{journal.count} facts wait, {free_bytes // 1_000_000} MB free"
    if journal.damaged:
        found.put("journal", NOTE, f"{words}, {journal.damaged} records are damaged")
    elif free_bytes < FREE_BYTES_MIN:
        found.put("journal", WRONG, f"{words}: make room on the card")
    else:
        found.put("journal", OK, words)


def _check_clock(found: Checklist) -> None:
    words = {"ntp": "right, by the network", "rtc": "kept by a battery"}
    source = wallclock.read().source
    found.put("clock", OK if source else NOTE, words.get(source or "", "not known: the gateway's time is used"))


@contextmanager
def _inputs(settings: Settings, factory: Factory, found: Checklist, *, is_tried: bool) -> Iterator[None]:
    """Watch all inputs: each is ticked off once it was active and is at rest again."""
    tried: set[str] = set()

    def put(edge: Edge) -> None:
        if edge.active:
            tried.add(edge.name)
            found.put(f"input {edge.name}", WAITING, "active")
        elif edge.name in tried:
            found.put(f"input {edge.name}", OK, "works")

    with closing(Inputs(settings.inputs, factory, Clock(), put)) as inputs:
        active = inputs.active()
        for name in settings.inputs:
            if name in active:
                found.put(f"input {name}", WRONG, "active though nobody touches it: stuck, or wired to the wrong side")
            elif f"input {name}" not in found.items:
                found.put(f"input {name}", *((WAITING, TRY[name]) if is_tried else (OK, "at rest")))
        yield


def _check_card(settings: Settings, device: str, channels: list[str], found: Checklist) -> None:
    rate_hz = max(rates_hz(settings)[channel] for channel in channels)
    try:
        with SoundCard(device, rate_hz, len(channels)) as card:
            card.rate_hz()
            sound = b"".join(chunk.samples for chunk in islice(card.chunks(), LISTEN_MS // CHUNK_MS))
    except SoundCardError as error:
        for channel in channels:
            found.put(f"sound {channel}", WRONG, str(error))
        return
    sides = np.frombuffer(sound, np.int16).reshape(LISTEN_MS // FRAME_MS, -1, len(channels))
    for number, channel in enumerate(channels):
        name = f"sound {channel}" if channels.index(channel) == number else f"sound {channel}, second"
        found.put(name, *judge(sides[:, :, number]))


def judge(frames: NDArray[np.int16]) -> tuple[str, str]:
    """Return the verdict about a microphone, and why, from two seconds of it, frame by frame."""
    if frames.min() == frames.max():
        return WRONG, DEAD
    levels_db = np.sort(decibels((frames.astype(np.float64) ** 2).mean(axis=1)))
    ambient_db, loudest_db = int(levels_db[int(len(levels_db) * AMBIENT_SHARE)]), int(levels_db[-1])
    words = f"ambient {ambient_db} dBFS, loudest {loudest_db} dBFS"
    if (np.abs(frames.astype(np.int32)) >= CLIPPED).mean() > CLIPPED_SHARE_MAX:
        return WRONG, f"{words}: overloaded, turn its gain down"
    if ambient_db > NOISY_DB:
        return NOTE, f"{words}: loud around here, or its gain is too high"
    return OK, words


def _wait(found: Checklist, wait_s: float) -> None:
    until_s, ticking = monotonic() + wait_s, Event()
    try:
        while found.waiting and monotonic() < until_s:
            ticking.wait(LOOK_S)
    except KeyboardInterrupt:
        pass
    for part in found.waiting:
        found.put(part, WRONG, "nobody has tried it" if wait_s else "active")
