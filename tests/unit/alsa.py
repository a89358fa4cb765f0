"""Sound cards for tests: ALSA's own `file` plugin over `null`, from a file at once, or a FIFO at the pace of life."""

import os
from collections.abc import Iterable
from pathlib import Path
from threading import Event, Thread
from time import monotonic

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 8_000
CHUNKS_A_SECOND = 10
CHUNK = RATE_HZ // CHUNKS_A_SECOND  # what is read at once: ALSA takes a shorter answer of a FIFO for all there is
PATIENCE_S = 30

Sound = NDArray[np.int16]

SYSTEM = "</usr/share/alsa/alsa.conf>\n"  # without the system's own definitions PortAudio aborts
PCM = """
pcm.{name} {{
    type file
    slave.pcm {{ type null }}
    file /dev/null
    infile "{infile}"
    format raw
}}
"""


def configure(folder: Path, cards: Iterable[tuple[str, Path]]) -> dict[str, str]:
    """Write the configuration of these cards, each fed from its file; return the environment that has them."""
    config = folder / "asound.conf"
    config.write_text(SYSTEM + "".join(PCM.format(name=name, infile=infile) for name, infile in cards))
    return os.environ | {"ALSA_CONFIG_PATH": str(config)}


def tone(hz: int, length_ms: int, amplitude: int = 6_000) -> Sound:
    at_s = np.arange(RATE_HZ * length_ms // 1_000) / RATE_HZ
    return (amplitude * np.sin(2 * np.pi * hz * at_s)).astype(np.int16)


def silence(length_ms: int) -> Sound:
    return np.zeros(RATE_HZ * length_ms // 1_000, np.int16)


class LiveCard:
    """A card at 8 kHz that plays `background` over and over, as long as it is plugged in, and over it what it is given.

    Samples of several channels are interleaved; `pace` is how much faster than life it plays.
    """

    def __init__(self, fifo: Path, background: Sound | None = None, channels: int = 1, pace: int = 1) -> None:
        os.mkfifo(fifo)
        self._fifo = fifo
        self._size = CHUNK * channels
        self._pace = CHUNKS_A_SECOND * pace
        noise = np.random.default_rng(7).integers(-30, 30, CHUNKS_A_SECOND * self._size, dtype=np.int16)
        self._background = (noise if background is None else background).reshape(-1, self._size)
        self._sound: Sound = np.zeros(0, np.int16)
        self._ended, self._has_played, self._is_heard = Event(), Event(), Event()
        Thread(target=self._live, daemon=True).start()

    def play(self, sound: Sound) -> None:
        self._sound = sound
        self._has_played.clear()

    def wait_until_played(self) -> None:
        assert self._has_played.wait(PATIENCE_S)

    def wait_until_heard(self) -> None:
        """Wait until somebody has listened for a second, as no probe does."""
        assert self._is_heard.wait(PATIENCE_S)

    def close(self) -> None:
        self._ended.set()

    def _live(self) -> None:
        while not self._ended.is_set():
            try:
                with self._fifo.open("wb", buffering=0) as file:
                    self._feed(file.fileno())
            except BrokenPipeError:  # PortAudio looks at every card, and closes it again
                continue

    def _feed(self, file: int) -> None:
        began_s, chunks = monotonic(), 0
        while not self._ended.wait(max(0, began_s + chunks / self._pace - monotonic())):
            sound, self._sound = self._sound[: self._size], self._sound[self._size :]
            chunk = self._background[chunks % len(self._background)].copy()
            chunk[: len(sound)] += sound
            os.write(file, chunk.tobytes())
            chunks += 1
            if chunks == CHUNKS_A_SECOND:
                self._is_heard.set()
            if not len(self._sound):
                self._has_played.set()
