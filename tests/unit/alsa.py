"""Sound cards for tests: ALSA's own `file` plugin over `null`, from a file at once, or a FIFO at the pace of life."""

import os
from collections.abc import Iterable
from pathlib import Path
from threading import Event, Thread
from time import monotonic

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 8_000
FRAME = RATE_HZ // 50
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
    """A mono card at 8 kHz that plays faint noise, as long as it is plugged in, and what it is given."""

    def __init__(self, fifo: Path) -> None:
        os.mkfifo(fifo)
        self._fifo = fifo
        self._noise: Sound = np.random.default_rng(7).integers(-30, 30, 50 * FRAME, dtype=np.int16)
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
        began_s, frames = monotonic(), 0
        while not self._ended.wait(max(0, began_s + frames / 50 - monotonic())):
            frame, self._sound = self._sound[:FRAME], self._sound[FRAME:]
            noise = self._noise[frames % 50 * FRAME :][:FRAME].copy()
            noise[: len(frame)] += frame
            os.write(file, noise.tobytes())
            frames += 1
            if frames == 50:
                self._is_heard.set()
            if not len(self._sound):
                self._has_played.set()
