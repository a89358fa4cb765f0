"""What the outbox's promise costs beside writing bare JSON lines: `python tests/bench/outbox_bench.py [FOLDER]`.

The folder should be on the disk that is meant: on a memory disk fdatasync costs nothing.
"""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from thirdring_unit.core.journal import Journal
from thirdring_unit.core.outbox import Outbox
from thirdring_unit.filestorage import FileStorage

ENVELOPE = {"v": 1, "branch": "b12", "unit": "desk-07", "boot": 17, "kind": "answered"}
FIELDS = {"call": 12, "rings": 2, "rings_completed": 2, "wait_ms": 7400}
COUNT = {True: 2_000, False: 20_000}
WORDS = {True: "fdatasync after every fact", False: "no fdatasync"}
RUNS = 3


def bare_rate(folder: Path, *, fsync: bool) -> float:
    """Facts a second as plain `json.dumps` lines in one file."""
    count = COUNT[fsync]
    with (folder / "bare.jsonl").open("wb", buffering=0) as file:
        begun = perf_counter()
        for seq in range(count):
            file.write(json.dumps({**ENVELOPE, "seq": seq, "up_ms": seq, **FIELDS}).encode() + b"\n")
            if fsync:
                os.fdatasync(file.fileno())
        return count / (perf_counter() - begun)


def outbox_rate(folder: Path, *, fsync: bool) -> float:
    """Facts a second into the outbox: canonical, sealed, in segments, with the window beside it."""
    count = COUNT[fsync]
    storage = FileStorage(folder, fsync=fsync)
    box = Outbox(Journal(storage, 100_000_000), "b12", "desk-07", 17)
    begun = perf_counter()
    for seq in range(count):
        box.append("answered", FIELDS, seq)
    rate = count / (perf_counter() - begun)
    storage.close()
    return rate


def best(measure: Callable[..., float], parent: Path, *, fsync: bool) -> float:
    """The best of some runs, each in a folder of its own."""
    rates = []
    for _ in range(RUNS):
        with TemporaryDirectory(dir=parent) as folder:
            rates.append(measure(Path(folder), fsync=fsync))
    return max(rates)


def main() -> int:
    """Print the table; the status is always 0, for there is no budget of its own."""
    parent = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    print("facts a second, best of", RUNS, "            bare JSON    outbox  ratio")
    for fsync in (True, False):
        bare, outbox = best(bare_rate, parent, fsync=fsync), best(outbox_rate, parent, fsync=fsync)
        print(f"{WORDS[fsync]:<34} {bare:>12.0f} {outbox:>9.0f}  {outbox / bare:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
