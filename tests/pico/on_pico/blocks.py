"""A flash of RAM for littlefs, which may lose its power at any operation, halfway through it."""

BLOCK_BYTES = 4_096
PROGRAM_BYTES = 256


class PowerCutError(Exception):
    """The power is gone."""


class Blocks:
    """`blocks` of 4096 bytes; after `left` more operations the power fails in one. Erasures are counted."""

    def __init__(self, blocks: int) -> None:
        self.data = bytearray(blocks * BLOCK_BYTES)
        self.left = 1 << 29
        self.operations = 0
        self.erasures = 0

    def readblocks(self, block: int, buffer: bytearray, offset: int = 0) -> None:
        start = block * BLOCK_BYTES + offset
        buffer[:] = self.data[start : start + len(buffer)]

    def writeblocks(self, block: int, buffer: bytearray, offset: int = 0) -> None:
        self._put(block * BLOCK_BYTES + offset, bytes(buffer))

    def ioctl(self, what: int, block: int) -> "int | None":
        if what == 4:
            return len(self.data) // BLOCK_BYTES
        if what == 5:
            return BLOCK_BYTES
        if what == 6:
            self.erasures += 1
            self._put(block * BLOCK_BYTES, b"\xff" * BLOCK_BYTES)
        return 0

    def _put(self, start: int, data: bytes) -> None:
        self.operations += 1
        self.left -= 1
        if self.left < 0:
            raise PowerCutError
        done = len(data) // 2 if self.left == 0 else len(data)
        self.data[start : start + done] = data[:done]
        if self.left == 0:
            raise PowerCutError
