"""Bringing a desk's files onto a Pico: into a file to drag and drop, or onto an attached board."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from thirdring_unit.errors import UserError, whole_file

from thirdring_bench.errors import BenchError
from thirdring_bench.pico import uf2
from thirdring_bench.pico.contents import LIBRARY
from thirdring_bench.pico.image import BASE, BYTES, image, journal_of
from thirdring_bench.pico.rom import rom

PRIVATE = 0o600
DOCS = "see docs/hardware/picos.md"
LIBRARY_GONE = """
import os
def gone(path):
    try:
        entries = list(os.ilistdir(path))
    except OSError:
        return
    for entry in entries:
        below = path + "/" + entry[0]
        gone(below) if entry[1] == 0x4000 else os.remove(below)
    os.rmdir(path)
gone("/lib/thirdring_unit")
if "cert.new" in os.listdir("/"):
    os.remove("/cert.new")
"""
"""What a board runs before its program is replaced: library and renewed certificate go, the journal is left alone."""


def outbox(dump: Path | None, *, keep: bool) -> dict[str, bytes]:
    """Return the unsent facts that go into a new image, from a dump of the board's flash.

    Raises BenchError where facts could be lost without anyone having said so.
    """
    if not keep:
        return {}
    if dump is None:
        raise BenchError(
            "a file written onto a board destroys the facts that it has not sent: give --dump FILE of its flash, "
            f"use --port, or say --no-keep-outbox for a new board ({DOCS})"
        )
    text = dump.read_bytes()
    if text[:4] == uf2.MAGIC[0].to_bytes(4, "little"):
        memory = uf2.read(text, str(dump))
        if any(BASE + at not in memory for at in range(0, BYTES, uf2.PAYLOAD)):
            raise BenchError(f"{dump}: lacks a part of the file system: read the whole flash (picotool save -a)")
        text = b"".join(memory[BASE + at] for at in range(0, BYTES, uf2.PAYLOAD))
    return journal_of(text)


def write_uf2(out: Path, files: Mapping[str, bytes], firmware: Path | None) -> None:
    """Write a file to drag and drop: the file system, after the firmware if one is given; raises BenchError.

    A firmware with a ROM file system gets the program there, to be run in place. The file holds secrets, and is
    readable by its owner alone.
    """
    memory, place = _firmware(firmware) if firmware else ({}, None)
    if firmware and place:
        code = {path: content for path, content in files.items() if path.startswith(f"{LIBRARY}/")}
        memory |= uf2.pages(place.address, _fitting(rom(code), place, firmware))
        files = {path: content for path, content in files.items() if path not in code}
    memory |= uf2.pages(BASE, image(files))
    try:
        with whole_file(out, PRIVATE) as file:
            file.write(uf2.written(uf2.padded(memory)))
    except UserError as error:
        raise BenchError(str(error)) from error


def _firmware(path: Path) -> tuple[dict[int, bytes], uf2.Partition | None]:
    """Return a firmware's pages, and where its ROM file system is, None without one."""
    memory = uf2.read(path.read_bytes(), str(path))
    found = uf2.partitions(memory, str(path))
    place = next(each for each in found if not each.is_rom)
    if place[:2] != (BASE, BYTES):
        raise BenchError(
            f"{path}: keeps its file system at {place.address:#x}, {place.size} bytes, and not at {BASE:#x}, {BYTES}: "
            "take MicroPython for the Pico W"
        )
    if max(memory) >= min(each.address for each in found):
        raise BenchError(f"{path}: is so long that it overlaps the file system at {BASE:#x}: take an official build")
    return memory, next((each for each in found if each.is_rom), None)


def _fitting(image: bytes, place: uf2.Partition, firmware: Path) -> bytes:
    if len(image) > place.size or place.address + place.size > BASE:
        raise BenchError(
            f"{firmware}: has a ROM file system of {place.size} bytes at {place.address:#x}, and the program's "
            f"{len(image)} bytes do not fit in: build it with more, or take an official build"
        )
    return image


def copy(port: str, files: Mapping[str, bytes]) -> None:
    """Copy a desk's files to the board at `port` by mpremote, and start it; its journal stays as it is.

    Raises BenchError.
    """
    with TemporaryDirectory(prefix="thirdring-pico-") as folder:
        staged = Path(folder)
        staged.chmod(0o700)
        for path, content in files.items():
            (staged / path).parent.mkdir(parents=True, exist_ok=True)
            (staged / path).write_bytes(content)
        _mpremote(port, "exec", LIBRARY_GONE)
        _mpremote(port, "fs", "cp", "-r", *(str(path) for path in sorted(staged.iterdir())), ":")
        _mpremote(port, "reset")


def _mpremote(port: str, *command: str) -> None:
    command = (sys.executable, "-m", "mpremote", "connect", port, *command)
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    if done.returncode:
        why = (done.stderr or done.stdout).strip().splitlines()[-1:] or [f"status {done.returncode}"]
        raise BenchError(f"{port}: {why[0]}: is a Pico with MicroPython attached there, and no other program using it?")
