"""UF2, the file that a Pico takes by drag and drop: blocks of 256 bytes with addresses, numbered as one sequence.

The format is Microsoft's (github.com/microsoft/uf2); family and binary information are Raspberry Pi's (pico-sdk).
"""

from collections.abc import Mapping
from struct import Struct, error, unpack_from
from typing import NamedTuple

from thirdring_bench.errors import BenchError

RP2040 = 0xE48BFF56
PAYLOAD = 256
SECTOR = 4_096
HAS_FAMILY = 0x2000
NOT_FOR_FLASH = 0x0001
MAGIC = 0x0A324655, 0x9E5D5157, 0x0AB16F30
BLOCK = Struct("<8I476sI")
FLASH = 0x10000000
FLASH_BYTES_MAX = 16 * 2**20

INFO_MARKS = 0x7188EBF2, 0xE71AA390
INFO_WITHIN = 512  # bytes from the start of the flash: a second-stage loader of 256, and 256 more
BLOCK_DEVICE = 7  # pico-sdk, binary_info/structure.h: type, tag, name, address, size
INFO_MAX = 256
ROM_NAME = b"ROMFS\0"


class Partition(NamedTuple):
    """A part of the flash: where it is, how long it is, and whether programs run from it in place (ROMFS)."""

    address: int
    size: int
    is_rom: bool = False


def written(memory: Mapping[int, bytes]) -> bytes:
    """Return a UF2 of 256-byte pages by their addresses, ascending, numbered as one sequence."""
    pages = sorted(memory.items())
    return b"".join(
        BLOCK.pack(*MAGIC[:2], HAS_FAMILY, address, PAYLOAD, number, len(pages), RP2040, page, MAGIC[2])
        for number, (address, page) in enumerate(pages)
    )


def pages(base: int, data: bytes) -> dict[int, bytes]:
    """Return `data` as pages from the address `base` on; the last one is filled with ones, as erased flash is."""
    return {base + at: data[at : at + PAYLOAD].ljust(PAYLOAD, b"\xff") for at in range(0, len(data), PAYLOAD)}


def read(text: bytes, name: str) -> dict[int, bytes]:
    """Return the pages of a UF2 for the RP2040; raises BenchError when it is none, or is damaged."""
    if not text or len(text) % BLOCK.size:
        raise BenchError(f"{name}: is no UF2, or is cut short: download it again")
    memory: dict[int, bytes] = {}
    count = len(text) // BLOCK.size
    for number in range(count):
        first, second, flags, address, size, told, of, family, payload, last = BLOCK.unpack_from(
            text, number * BLOCK.size
        )
        if (first, second, last) != MAGIC:
            raise BenchError(f"{name}: block {number} is no UF2 block: download it again")
        if flags & NOT_FOR_FLASH:
            continue
        if not flags & HAS_FAMILY or family != RP2040:
            raise BenchError(f"{name}: is for another chip (family {family:#x}): take MicroPython for the Pico W")
        if (told, of, size) != (number, count, PAYLOAD):
            raise BenchError(f"{name}: block {number} is numbered {told} of {of}, {size} bytes: download it again")
        if address % PAYLOAD or not FLASH <= address < FLASH + FLASH_BYTES_MAX:
            raise BenchError(f"{name}: block {number} is for the address {address:#x}, which is no flash of a Pico")
        if address in memory:
            raise BenchError(f"{name}: two blocks are for the address {address:#x}: download it again")
        memory[address] = payload[:PAYLOAD]
    return memory


def padded(memory: Mapping[int, bytes]) -> dict[int, bytes]:
    """Fill every sector that is touched: the boot ROM erases sectors, and must not do it twice (RP2040-E14)."""
    sectors = {address - address % SECTOR for address in memory}
    blank = {sector + at: b"\xff" * PAYLOAD for sector in sectors for at in range(0, SECTOR, PAYLOAD)}
    return blank | dict(memory)


def partitions(memory: Mapping[int, bytes], name: str) -> list[Partition]:
    """Return the file systems that a firmware says it has in its own binary information; raises BenchError for none."""
    head = b"".join(memory.get(FLASH + at, b"\0" * PAYLOAD) for at in range(0, INFO_WITHIN, PAYLOAD))
    for at in range(0, INFO_WITHIN - 16, 4):
        first, start, end, _table, last = unpack_from("<5I", head, at)
        if (first, last) == INFO_MARKS and start <= end <= start + 4 * INFO_MAX:
            found = [each for entry in range(start, end, 4) if (each := _partition(memory, entry))]
            if not all(each.is_rom for each in found):
                return found
    raise BenchError(f"{name}: does not say where its file system is: take MicroPython for the Pico W, 1.28 or newer")


def _partition(memory: Mapping[int, bytes], entry: int) -> Partition | None:
    try:
        (info,) = unpack_from("<I", _bytes(memory, entry, 4))
        kind, _tag, name, address, size = unpack_from("<2H3I", _bytes(memory, info, 16))
    except error:  # a pointer to what is not in the file
        return None
    is_rom = _bytes(memory, name, len(ROM_NAME)) == ROM_NAME
    return Partition(address, size, is_rom) if kind == BLOCK_DEVICE else None


def _bytes(memory: Mapping[int, bytes], address: int, count: int) -> bytes:
    page = address - address % PAYLOAD
    both = memory.get(page, b"") + memory.get(page + PAYLOAD, b"")
    return both[address - page : address - page + count]
