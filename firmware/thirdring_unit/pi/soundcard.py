"""One sound card, recorded by a program of its own (`recorder`): its sound as it comes, or why none comes."""

import os
import select
import subprocess
import sys
from collections.abc import Iterator
from types import TracebackType
from typing import IO, NamedTuple, Self, cast

from thirdring_unit.pi.framing import FAILED, HEAD

FIRST_CHUNK_S = 20  # a small computer needs its time to start a program and to look at every card
CHUNK_S = 3  # a card that gives nothing for so long hangs


class Chunk(NamedTuple):
    """One chunk of interleaved 16-bit samples, and when its last sample had come, on the monotonic clock."""

    moment_ns: int
    samples: bytes


class SoundCardError(Exception):
    """There is no sound, or no more; the text is one line that says why."""


class SoundCard:
    """A card whose name has `name` in it, being recorded; a context that ends it.

    Ask for the rate first, then for the chunks. Both raise SoundCardError.
    """

    def __init__(self, name: str, wanted_hz: int, channels: int) -> None:
        command = [sys.executable, "-m", "thirdring_unit.pi.recorder", name, str(wanted_hz), str(channels)]
        self._program = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0
        )
        self._pipe = cast("IO[bytes]", self._program.stdout).fileno()

    def rate_hz(self) -> int:
        """Wait for the card to be opened, and return what it gives, which need not be what was wanted."""
        return int(self._next(FIRST_CHUNK_S).samples)

    def chunks(self) -> Iterator[Chunk]:
        """Yield chunks of CHUNK_MS for ever; raises SoundCardError when no more come."""
        wait_s = FIRST_CHUNK_S
        while True:
            yield self._next(wait_s)
            wait_s = CHUNK_S

    def close(self) -> None:
        """End the recording; whoever waits for its sound gets a SoundCardError."""
        self._program.kill()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        self._program.communicate()

    def _next(self, wait_s: float) -> Chunk:
        moment_ns, length = HEAD.unpack(self._read(HEAD.size, wait_s))
        content = self._read(length, wait_s)
        if moment_ns == FAILED:
            raise SoundCardError(content.decode(errors="replace"))
        return Chunk(moment_ns, content)

    def _read(self, length: int, wait_s: float) -> bytes:
        content = b""
        while len(content) < length:
            if not select.select([self._pipe], [], [], wait_s)[0]:
                raise SoundCardError("the sound card gives no sound: it hangs")
            part = os.read(self._pipe, length - len(content))
            if not part:
                raise SoundCardError(f"the recorder ended (status {self._program.wait()})")
            content += part
        return content
