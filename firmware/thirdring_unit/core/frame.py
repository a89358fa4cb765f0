"""One line that can be trusted: a checksum, a space, the text, a newline."""

from binascii import crc32

OVERHEAD_BYTES = 10


def seal(text: bytes) -> bytes:
    """Return `text`, which must hold no newline, as a line that `unseal` can check."""
    return _mark(text) + text + b"\n"


def unseal(line: bytes) -> bytes | None:
    """Return the text of a line without its newline, None when any byte of it is not what was written."""
    text = line[OVERHEAD_BYTES - 1 :]
    return text if line[: OVERHEAD_BYTES - 1] == _mark(text) else None


def _mark(text: bytes) -> bytes:
    return b"%08x " % (crc32(text) & 0xFFFFFFFF)
