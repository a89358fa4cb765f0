"""One line that can be trusted: a checksum, a space, the text, a newline."""

from binascii import crc32

OVERHEAD_BYTES = 10


def seal(text: bytes) -> bytes:
    """Return `text`, which must hold no newline, as a line that `unseal` can check."""
    return b"".join((_mark(text), text, b"\n"))


def unseal(data: bytes, start: int = 0) -> memoryview | None:
    """Return the text of the line that begins at `start`, None when any byte of it is not what was written.

    It is a view of `data`: a Pico has no room for a copy of a long line.
    """
    end = data.find(b"\n", start)
    line = memoryview(data)[start : len(data) if end < 0 else end]
    text = line[OVERHEAD_BYTES - 1 :]
    return text if line[: OVERHEAD_BYTES - 1] == _mark(text) else None


def _mark(text: "bytes | memoryview") -> bytes:
    return b"%08x " % (crc32(text) & 0xFFFFFFFF)
