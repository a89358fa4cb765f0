"""A ROM file system: MicroPython runs the bytecode in it where it lies in flash, and keeps no copy in its heap."""

from collections.abc import Mapping
from itertools import groupby

from mpremote.romfs import VfsRomWriter


def rom(files: Mapping[str, bytes]) -> bytes:
    """Return the image of a ROM file system that holds `files` by their paths."""
    writer = VfsRomWriter()
    _fill(writer, sorted(files.items()))
    return bytes(writer.finalise())


def _fill(writer: VfsRomWriter, files: list[tuple[str, bytes]]) -> None:
    for name, entries in groupby(files, lambda file: file[0].partition("/")[0]):
        below = [(path.partition("/")[2], content) for path, content in entries]
        if below[0][0]:
            writer.opendir(name)
            _fill(writer, below)
            writer.closedir()
        else:
            writer.mkfile(name, below[0][1])
