"""The first partition of a card or of its image, written to without mounting it and so without root (mtools)."""

import json
import subprocess
from pathlib import Path
from typing import Any

from thirdring_bench.errors import BenchError

FAT_TYPES = {"4", "6", "b", "c", "e", "ef"}
SECTOR_BYTES = 512


class BootPartition:
    """The FAT partition from which a Raspberry Pi boots.

    Raises BenchError when `card` is no image or card of Raspberry Pi OS, is in use, or a tool is missing.
    """

    def __init__(self, card: Path) -> None:
        self._card = card
        if card.is_block_device():
            _demand_unused(card)
        first = _first_partition(card)
        self._image = f"{card}@@{first * SECTOR_BYTES}"

    def read(self, name: str) -> str | None:
        """Return a text file, None when there is none of this name."""
        done = self._mtools("mtype", "-i", self._image, f"::{name}", check=False)
        return done.stdout if done.returncode == 0 else None

    def write(self, folder: Path) -> None:
        """Copy everything in `folder` into the partition's root, in place of what has the same names there."""
        self._mtools("mcopy", "-i", self._image, "-s", "-o", "-Q", *sorted(map(str, folder.iterdir())), "::")

    def remove(self, name: str) -> None:
        """Remove a folder with all that is in it, if it is there."""
        self._mtools("mdeltree", "-i", self._image, f"::{name}", check=False)

    def _mtools(self, *command: str, check: bool = True) -> "subprocess.CompletedProcess[str]":
        try:
            done = subprocess.run(command, capture_output=True, check=False, text=True, errors="replace")
        except FileNotFoundError:
            raise BenchError(f"{command[0]} is missing, which writes to cards: apt install mtools") from None
        if check and done.returncode:
            why = " ".join(done.stderr.split()) or f"status {done.returncode}"
            raise BenchError(
                f"{self._card}: cannot be written ({why}): check that it has room and is not write-protected"
            )
        return done


def _first_partition(card: Path) -> int:
    """Return the sector at which the first partition begins."""
    told = _told(card, "sfdisk", "--json", str(card))
    partitions = told["partitiontable"].get("partitions", []) if told else []
    if not partitions or str(partitions[0]["type"]).lower() not in FAT_TYPES:
        raise BenchError(f"{card}: has no boot partition: write Raspberry Pi OS Lite (64-bit) to it first")
    return int(partitions[0]["start"])


def _demand_unused(card: Path) -> None:
    told = _told(card, "lsblk", "--json", "--output", "NAME,TYPE,MOUNTPOINTS", str(card)) or {"blockdevices": []}
    for device in told["blockdevices"]:
        if device["type"] != "disk":
            raise BenchError(f"{card}: is a part of a card: name the whole one, such as /dev/sdb")
        places = [place for part in device.get("children", []) for place in part["mountpoints"] if place]
        if places:
            raise BenchError(f"{card}: is in use at {', '.join(places)}: unmount it first")


def _told(card: Path, *command: str) -> dict[str, Any] | None:
    """Return what a tool says about a card as JSON, None when it understands nothing of it."""
    try:
        done = subprocess.run(command, capture_output=True, check=False, text=True, errors="replace")
    except FileNotFoundError:
        raise BenchError(f"{command[0]} is missing, which reads cards: apt install fdisk util-linux") from None
    if not card.exists():
        raise BenchError(f"{card}: is not there: name an image of Raspberry Pi OS, or the card such as /dev/sdb")
    try:
        said = json.loads(done.stdout) if done.returncode == 0 else None
    except ValueError:
        return None
    return said if isinstance(said, dict) else None
