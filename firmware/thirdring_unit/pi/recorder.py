"""A program of its own that records one sound card and writes its sound, 100 ms at a time, to its standard output.

Apart from the unit, because PortAudio finds a card that was plugged in again only when it starts anew, because its
libraries chatter on stderr, and because a driver that hangs or crashes must not take the unit with it.

    python -m thirdring_unit.pi.recorder "USB Audio" 8000 1

What it writes is described in `framing`. It ends when nobody reads any more.
"""

import signal
import sys
from collections.abc import Iterable
from time import monotonic_ns
from typing import Any, BinaryIO

import pyaudio

from thirdring_unit.pi.framing import CHUNK_MS, FAILED, HEAD

BUFFERED_CHUNKS = 2  # ALSA gets twice this: 400 ms in which this program need not run
RATES_HZ = (16_000, 48_000, 32_000, 44_100)  # what cards can do that cannot do what is wanted, the best first


class RecorderError(Exception):
    """The card cannot be recorded; the text is one line."""


def main() -> None:
    """Record until the reader goes away."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of a terminal; the unit decides when this ends
    name, rate_hz, channels = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    out = sys.stdout.buffer
    try:
        _record(pyaudio.PyAudio(), name, rate_hz, channels, out)
    except BrokenPipeError:
        sys.stderr.close()
    except (RecorderError, OSError) as error:
        _put(out, FAILED, str(error).encode())


def find(name: str, cards: Iterable[tuple[int, str]]) -> int:
    """Return the number of the card whose name is `name`, or the only one whose name has it in it.

    Raises RecorderError.
    """
    cards = list(cards)
    exact = [number for number, card in cards if card == name]
    near = exact or [number for number, card in cards if name.lower() in card.lower()]
    if len(near) == 1 or exact:
        return near[0]
    there = ", ".join(card for number, card in cards if not near or number in near) or "none"
    raise RecorderError(
        f"{'several sound cards are' if near else 'no sound card is'} called {name!r}; there are {there}"
    )


def _record(audio: Any, name: str, wanted_hz: int, channels: int, out: BinaryIO) -> None:
    infos = [audio.get_device_info_by_index(number) for number in range(audio.get_device_count())]
    number = find(name, ((info["index"], info["name"]) for info in infos if info["maxInputChannels"] >= channels))
    stream, rate_hz = _open(audio, number, wanted_hz, channels)
    size = rate_hz * CHUNK_MS // 1_000
    _put(out, monotonic_ns(), str(rate_hz).encode())
    while True:
        chunk = stream.read(size, exception_on_overflow=False)  # an overflow is seen as a gap in time
        _put(out, monotonic_ns(), chunk)


def _open(audio: Any, number: int, wanted_hz: int, channels: int) -> tuple[Any, int]:
    """Open a card at the wanted rate, or at one that can be converted."""
    why: Exception | None = None
    for rate_hz in (wanted_hz, *RATES_HZ):
        try:
            stream = audio.open(
                rate=rate_hz,
                channels=channels,
                format=pyaudio.paInt16,
                input=True,
                input_device_index=number,
                frames_per_buffer=rate_hz * CHUNK_MS // 1_000 * BUFFERED_CHUNKS,
            )
        except (OSError, ValueError) as error:
            why = error
        else:
            return stream, rate_hz
    raise RecorderError(f"the sound card cannot be opened ({why}): does another program use it?")


def _put(out: BinaryIO, moment_ns: int, content: bytes) -> None:
    out.write(HEAD.pack(moment_ns, len(content)) + content)
    out.flush()


if __name__ == "__main__":
    main()
