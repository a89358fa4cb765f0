"""The sound cards of a desk: each in a thread of its own, opened again for ever when it fails, every loss counted."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import TypeVar

import numpy as np
import structlog

from thirdring_unit import delivery, holdmusic, teaching
from thirdring_unit.core.events import Signal
from thirdring_unit.core.settings import Settings
from thirdring_unit.ears.ears import Ears
from thirdring_unit.ears.neural import silero
from thirdring_unit.ears.samples import Samples
from thirdring_unit.errors import UserError
from thirdring_unit.pi.frames import ChunkClock, Framer
from thirdring_unit.pi.listener import Listener
from thirdring_unit.pi.soundcard import FIRST_CHUNK_S, Chunk, SoundCard, SoundCardError
from thirdring_unit.runtime import Clock, Inbox

PAUSE_S, PAUSE_MAX_S = 1, 30  # between attempts to open a card
GOOD_S = 60  # a card that has worked for so long is no loose plug
HUNG_S = 2 * (FIRST_CHUNK_S + PAUSE_MAX_S)  # a thread that has done nothing for so long never will
BUSY_S = 0.1
LOSS_S = 60  # losses are told so often at most
ROOM_HZ, PHONE_HZ = 16_000, 8_000  # a ringer is told by its overtones; a phone line has no more than 4 kHz

_Taught = TypeVar("_Taught")

_log = structlog.get_logger()


def cards(settings: Settings) -> dict[str, list[str]]:
    """Return the channels of each sound card: a card that is named for two is stereo, left is the first.

    The order of channels is line, agent, room; a room that two microphones hear is there twice.
    """
    devices = (("line", settings.line_device), ("agent", settings.agent_device), ("room", settings.room_device))
    found: dict[str, list[str]] = {}
    for channel, device in devices:
        if device:
            found.setdefault(device, []).extend([channel] * (settings.room_channels if channel == "room" else 1))
    return found


def sides(channels: Sequence[str], samples: bytes) -> Iterator[tuple[str, Samples]]:
    """Yield each channel of a card and its part of what the card recorded, a row for each of its microphones."""
    rows = np.frombuffer(samples, np.int16).reshape(-1, len(channels)).T
    for channel in dict.fromkeys(channels):
        yield channel, rows[[name == channel for name in channels]]


def rates_hz(settings: Settings) -> dict[str, int]:
    """Return the rate at which the ears hear each channel."""
    phone_hz = ROOM_HZ if settings.sample_hz >= ROOM_HZ else PHONE_HZ
    return {"line": phone_hz, "agent": phone_hz, "room": ROOM_HZ}


class Microphones:
    """All cards of a desk and the ears behind them; faults of the cards are told to the unit over the inbox."""

    def __init__(self, settings: Settings, state: Path, inbox: Inbox, clock: Clock) -> None:
        rates = rates_hz(settings)
        ringer = _taught("ringer", partial(teaching.ringer, settings, state), inbox)
        tunes = _taught("hold music", partial(holdmusic.known, settings, state), inbox)
        listener = Listener(Ears(settings.country, settings.channels, ringer, tunes or (), silero()), inbox)
        self.edge = listener.edge
        self._cards = [
            _Card(device, channels, rates, listener, inbox, clock) for device, channels in cards(settings).items()
        ]

    def start(self) -> None:
        """Begin to record every card."""
        for card in self._cards:
            card.start()

    def are_alive(self) -> bool:
        """Whether every card is recorded, or at least tried again and again."""
        return all(card.is_busy() for card in self._cards)

    def close(self) -> None:
        """End all recordings."""
        for card in self._cards:
            card.close()


def _taught(what: str, read: Callable[[], _Taught], inbox: Inbox) -> _Taught | None:
    """Return what this desk was taught; what cannot be read is a fault, and the ears do without it."""
    try:
        return read()
    except UserError as error:
        why = str(error)
        _log.warning(f"the learned {what} cannot be used", why=why)
        inbox.put(lambda unit, up_ms: unit.fault(up_ms, what, True, why))
        return None


class _Card(Thread):
    """One card and its channels; `rates_hz` are what the ears want."""

    def __init__(
        self,
        device: str,
        channels: Sequence[str],
        rates_hz: Mapping[str, int],
        listener: Listener,
        inbox: Inbox,
        clock: Clock,
    ) -> None:
        super().__init__(name=f"sound card {device}", daemon=True)
        self._device, self._channels = device, channels
        self._channels_hz = {name: rates_hz[name] for name in channels}
        self._listener, self._inbox, self._clock = listener, inbox, clock
        self._closing = Event()
        self._busy_s = monotonic()
        self._card: SoundCard | None = None
        self._wrong: str | None = None

    def run(self) -> None:
        pause_s = PAUSE_S
        while not self._closing.is_set():
            began_s = self._busy_s = monotonic()
            try:
                self._record()
            except SoundCardError as error:
                self._fail(str(error))
            pause_s = PAUSE_S if monotonic() - began_s > GOOD_S else min(2 * pause_s, PAUSE_MAX_S)
            self._closing.wait(pause_s)

    def is_busy(self) -> bool:
        return self.is_alive() and monotonic() - self._busy_s < HUNG_S

    def close(self) -> None:
        self._closing.set()
        if self._card:
            self._card.close()
        if self.ident:  # the desk may have failed before it listened
            self.join()

    def _record(self) -> None:
        with SoundCard(self._device, max(self._channels_hz.values()), len(self._channels)) as self._card:
            if self._closing.is_set():
                return
            from_hz = self._card.rate_hz()
            framers = {
                name: Framer(from_hz, to_hz, self._channels.count(name)) for name, to_hz in self._channels_hz.items()
            }
            loss = _Loss()
            for chunk in self._card.chunks():
                self._busy_s = monotonic()
                self._offer(framers, loss.clock.began_ms(self._clock.up_ms_at(chunk.moment_ns / 1e9)), chunk)
                self._lose(loss.to_tell_ms())
                if self._wrong:
                    self._mend()
                while self._listener.is_full and not self._closing.wait(BUSY_S):
                    pass

    def _offer(self, framers: Mapping[str, Framer], began_ms: int, chunk: Chunk) -> None:
        for channel, samples in sides(self._channels, chunk.samples):
            for at_ms, frame in framers[channel].frames(samples, began_ms):
                self._listener.offer(channel, frame, at_ms)

    def _lose(self, lost_ms: int) -> None:
        if lost_ms:
            _log.warning("sound was lost", device=self._device, lost_ms=lost_ms)
            for channel in self._channels_hz:
                self._tell(channel, True, f"{lost_ms} ms of sound were lost: the computer was too busy")
                self._tell(channel, False, None)

    def _fail(self, why: str) -> None:
        if why != self._wrong and not self._closing.is_set():
            _log.warning("no sound", device=self._device, why=why)
            self._wrong = why
            for channel in self._channels_hz:
                self._tell(channel, True, why)

    def _mend(self) -> None:
        _log.info("sound is back", device=self._device)
        self._wrong = None
        for channel in self._channels_hz:
            self._tell(channel, False, None)

    def _tell(self, channel: str, on: bool, why: str | None) -> None:
        signal = Signal("fault", channel, on, self._clock.up_ms(), why)
        self._inbox.put(partial(delivery.hear, signals=[signal]), signal.at_ms)


class _Loss:
    """What a card that is being recorded has lost, told once in a while."""

    def __init__(self) -> None:
        self.clock = ChunkClock()
        self._told_ms = 0
        self._told_s = -float(LOSS_S)

    def to_tell_ms(self) -> int:
        """Return how much sound was lost since that was last told, 0 where it is too early to tell again."""
        lost_ms, now_s = self.clock.lost_ms - self._told_ms, monotonic()
        if not lost_ms or now_s - self._told_s < LOSS_S:
            return 0
        self._told_ms, self._told_s = self.clock.lost_ms, now_s
        return lost_ms
