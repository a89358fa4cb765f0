"""The file system of a Pico W as an image: littlefs, as MicroPython mounts it."""

from collections.abc import Mapping

from littlefs import LittleFS
from littlefs.errors import LittleFSError

from thirdring_bench.errors import BenchError

BLOCK_BYTES = 4_096
BLOCKS = 212
BASE = 0x1012C000  # where MicroPython has it on a Pico W
BYTES = BLOCKS * BLOCK_BYTES
PROGRAM_BYTES = 256  # what the flash chip writes at once
JOURNAL = "journal"
ROOM_FOR_FACTS_BYTES = 512 * 1_024  # the journal's own bound (`docs/pico.md`)


def image(files: Mapping[str, bytes]) -> bytes:
    """Return an image that holds `files` by their paths; raises BenchError when they leave no room for the journal."""
    fs = _filesystem()
    fs.format()
    fs.mount()
    fs.mkdir(JOURNAL)
    try:
        for path, content in sorted(files.items()):
            folder = path.rpartition("/")[0]
            if folder:
                fs.makedirs(folder, exist_ok=True)
            with fs.open(path, "wb") as file:
                file.write(content)
    except LittleFSError as error:
        raise BenchError(
            f"the files do not fit into the flash of a Pico W ({error}): are they the right ones?"
        ) from error
    waiting = sum(len(content) for path, content in files.items() if path.startswith(f"{JOURNAL}/"))
    if (BLOCKS - fs.used_block_count) * BLOCK_BYTES < ROOM_FOR_FACTS_BYTES - waiting:
        raise BenchError("the files leave too little room for facts on the flash of a Pico W: are they the right ones?")
    return bytes(fs.context.buffer)


def journal_of(dump: bytes) -> dict[str, bytes]:
    """Return the files of the journal in a dump of a Pico's file system; raises BenchError when it is none.

    An empty one, as of a new board (all ones), has no journal.
    """
    if len(dump) != BYTES:
        raise BenchError(f"the dump has {len(dump)} bytes and not the {BYTES} of a Pico W's file system: read it again")
    if dump.count(0xFF) == BYTES:
        return {}
    fs = _filesystem()
    fs.context.buffer[:] = dump
    try:
        fs.mount()
        names = fs.listdir(JOURNAL) if JOURNAL in fs.listdir("/") else []
        return {f"{JOURNAL}/{name}": _read(fs, f"{JOURNAL}/{name}") for name in names}
    except LittleFSError as error:
        raise BenchError(f"the dump is no file system that can be read ({error}): read it again") from error


def _read(fs: LittleFS, path: str) -> bytes:
    with fs.open(path, "rb") as file:
        return bytes(file.read())


def _filesystem() -> LittleFS:
    return LittleFS(
        block_size=BLOCK_BYTES,
        block_count=BLOCKS,
        prog_size=PROGRAM_BYTES,
        read_size=32,
        cache_size=PROGRAM_BYTES,
        lookahead_size=32,
        mount=False,
    )
