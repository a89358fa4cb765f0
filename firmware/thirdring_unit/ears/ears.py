"""Sound in, signals out: the one class that the unit's runtimes use."""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

import numpy as np

from thirdring_unit.core.events import Signal

from .block import FRAME_MS, Block, past_samples, sides_of
from .hum import Hum
from .leak import NO_POWERS, NO_TIMES, Sounding
from .level import Levels
from .neural import Ask
from .phone import Phone
from .ringer import Ringer
from .rings import Rings
from .room import RATE_HZ as ROOM_HZ
from .samples import Samples
from .tunes import Tune
from .wiring import Wiring

BLOCK_FRAMES = 32  # 640 ms: signals are that late and back-dated; numpy's cost of a call is spread over it
LATELY = 2  # blocks: verdicts are half a block late
RATE_OF_BYTES = {rate_hz * FRAME_MS // 1000 * 2: rate_hz for rate_hz in (8000, 16000)}
PAIR_BYTES = 2 * ROOM_HZ * FRAME_MS // 1000 * 2  # two microphones of a room


class Ears:
    """Hears up to three channels: `agent` and `line` (the phone line's two sides, or `line` alone) and `room`.

    Sound is int16, in frames of 20 ms at 8 or 16 kHz, each channel at one rate; of the room, two microphones' samples
    in turn may come at 16 kHz, and a learned ringer is then told from the same one elsewhere. Times are `up_ms`.
    Signals come late, with the time at which the thing happened: about a second for speech and tones, five for music.
    The room is listened to for its level and, at 16 kHz, for the phone's rings: those of `ringer` within a second,
    those of a ringer that nobody taught once the second keeps the country's cadence. `tunes` are the site's own hold
    music. `ask` is a neural model for what is doubtful. Nothing is kept of the sound but its last 12 ms and, of a room,
    its last five seconds and what its spectrum was for ten, of a line where hold music was taught, the powers of some
    bands for half a second, and for the neural model the last two seconds of a line.
    """

    def __init__(
        self,
        country: str,
        channels: Iterable[str],
        ringer: Ringer | None = None,
        tunes: Sequence[Tune] = (),
        ask: Ask | None = None,
    ) -> None:
        names = tuple(channels)
        wiring = self._wiring = Wiring(names)
        self._channels = {
            name: _Channel(name, country, ringer, tunes if name == "line" else (), wiring, ask) for name in names
        }
        if {"agent", "line"} <= self._channels.keys():
            self._channels["line"].agent = self._channels["agent"].sounding

    def feed(self, channel: str, pcm: bytes | Samples, at_ms: int) -> list[Signal]:
        """Takes the frame that begins at `at_ms`; returns what is certain by now.

        Raises:
            ValueError: the frame is not 20 ms at 8 or 16 kHz, or the rate has changed.
        """
        heard = self._channels[channel].feed(pcm if isinstance(pcm, bytes) else pcm.tobytes(), at_ms)
        return self._checked(heard) if heard else heard

    def off_hook(self) -> list[Signal]:
        """Hears out what is buffered of the room because the line closes now: a ring that is cut short is one."""
        self._wiring.hook(closed=True)
        return self._checked(signal for channel in self._channels.values() for signal in channel.lift())

    def on_hook(self) -> list[Signal]:
        """Hears out what is buffered because the line opens now: a tone needs less proof."""
        self._wiring.hook(closed=False)
        return self._checked(signal for channel in self._channels.values() for signal in channel.settle())

    def flush(self) -> list[Signal]:
        """Hears out what is buffered and ends everything that is on, because the sound ends."""
        return _in_order(signal for channel in self._channels.values() for signal in channel.end())

    def _checked(self, signals: Iterable[Signal]) -> list[Signal]:
        """Adds what the signals say about the wiring."""
        heard = list(signals)
        return _in_order(heard + self._wiring.heard(heard))


def _sounding(block: Block) -> Sounding:
    return Sounding(np.array(block.at_ms, np.int64), block.power)


def _in_order(signals: Iterable[Signal]) -> list[Signal]:
    return sorted(signals, key=lambda signal: signal.at_ms)


class _Listener(Protocol):
    """What is made of one channel's blocks."""

    def hear(self, block: Block) -> list[Signal]:
        """Returns what is certain after this block."""
        ...

    def settle(self) -> list[Signal]:
        """Returns what the line's going on-hook makes certain."""
        ...

    def end(self) -> list[Signal]:
        """Ends everything that is on."""
        ...


class _Channel:
    """Collects one channel's frames into blocks."""

    def __init__(
        self,
        name: str,
        country: str,
        ringer: Ringer | None,
        tunes: Sequence[Tune],
        wiring: Wiring,
        ask: Ask | None,
    ) -> None:
        self._name, self._country, self._ringer, self._tunes, self._ask = name, country, ringer, tunes, ask
        self._wiring, self._hum = wiring, Hum(name)
        self._listener: _Listener | None = None
        self._levels = Levels(name)
        self._frames: list[bytes] = []
        self._beside: list[Samples] = []
        self._at_ms: list[int] = []
        self._frame_bytes = 0
        self._lately: deque[Sounding] = deque(maxlen=LATELY)
        self.agent: Callable[[], Sounding] | None = None  # what the agent says meanwhile

    def sounding(self) -> Sounding:
        """Gives the power of the latest frames, heard or still waiting."""
        lately = list(self._lately)
        if self._frames:
            lately.append(_sounding(Block(self._frames, self._at_ms, self._past, self._rate_hz)))
        return Sounding(
            np.concatenate([NO_TIMES, *(some.at_ms for some in lately)]),
            np.concatenate([NO_POWERS, *(some.power for some in lately)]),
        )

    def feed(self, frame: bytes, at_ms: int) -> list[Signal]:
        if len(frame) != self._frame_bytes:
            self._open(len(frame))
        if self._frame_bytes == PAIR_BYTES:
            first, second = sides_of(np.frombuffer(frame, np.int16))
            self._beside.append(second)
            frame = first.tobytes()
        self._frames.append(frame)
        self._at_ms.append(at_ms)
        return self._hear() if len(self._frames) == BLOCK_FRAMES else []

    def lift(self) -> list[Signal]:
        return self._hear() + self._listener.lift() if isinstance(self._listener, Rings) else []

    def settle(self) -> list[Signal]:
        return self._hear() + (self._listener.settle() if self._listener else [])

    def end(self) -> list[Signal]:
        return self._hear() + (self._listener.end() if self._listener else []) + self._levels.end()

    def _open(self, frame_bytes: int) -> None:
        """The first frame tells the rate."""
        rates_hz = RATE_OF_BYTES | ({PAIR_BYTES: ROOM_HZ} if self._name == "room" else {})
        if self._frame_bytes or frame_bytes not in rates_hz:
            sizes = (self._frame_bytes,) if self._frame_bytes else tuple(RATE_OF_BYTES)
            wanted = " or ".join(map(str, sizes))
            raise ValueError(f"{self._name}: a frame of {frame_bytes} bytes; give {wanted} (20 ms of 16-bit mono)")
        self._frame_bytes = frame_bytes
        self._rate_hz = rates_hz[frame_bytes]
        self._past: Samples = np.zeros(past_samples(self._rate_hz), np.int16)
        if self._name != "room":
            self._listener = Phone(self._name, self._country, self._rate_hz, self._tunes, self.agent, self._ask)
        elif self._rate_hz == ROOM_HZ:
            self._listener = Rings(self._name, self._country, self._ringer)

    def _hear(self) -> list[Signal]:
        if not self._frames:
            return []
        beside = np.concatenate(self._beside) if self._beside else None
        block = Block(self._frames, self._at_ms, self._past, self._rate_hz, beside)
        self._frames, self._at_ms, self._beside, self._past = [], [], [], block.tail
        self._lately.append(_sounding(block))
        heard = self._listener.hear(block) if self._listener else []
        return self._levels.step(block) + self._hum.step(block) + self._wiring.step(self._name, block) + heard
