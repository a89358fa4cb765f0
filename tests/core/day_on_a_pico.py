"""A day of 500 calls without a link, and the evening when it comes back; run by MicroPython with a folder to write to.

Prints one line of JSON: the live heap before the first call, the most during the day and after the evening, the bytes
on disk at their most and at the end, a checksum of the day's journal, and how many facts were sent.
"""

# ruff: noqa: PTH107, PTH116, PTH208
# MicroPython has no pathlib.
import gc
import json
import os
import sys
from binascii import crc32

from thirdring_unit.core.journal import Journal
from thirdring_unit.core.parsing import parse
from thirdring_unit.core.storage import WHOLE_BYTES, Storage
from thirdring_unit.core.unit import Unit

CALLS = 500
CALL_MS = 60_000


class Flash(Storage):
    """Real files, as a Pico has them."""

    def __init__(self, folder: str) -> None:
        super().__init__()
        self._folder = folder + "/"

    def names(self) -> "list[str]":
        return os.listdir(self._folder)

    def read(self, name: str, start: int = 0, size_bytes: int = WHOLE_BYTES) -> bytes:
        try:
            with open(self._folder + name, "rb") as file:
                file.seek(start)
                return file.read(min(size_bytes, os.stat(self._folder + name)[6]))
        except OSError:
            return b""

    def append(self, name: str, data: bytes) -> None:
        with open(self._folder + name, "ab") as file:
            file.write(data)

    def write(self, name: str, data: bytes) -> None:
        with open(self._folder + name, "wb") as file:
            file.write(data)

    def remove(self, name: str) -> None:
        os.remove(self._folder + name)

    def size_bytes(self) -> int:
        return sum([os.stat(self._folder + name)[6] for name in self.names()])


def unit_on(storage: Storage) -> Unit:
    sections = {"unit": {"branch": "b12", "id": "desk-07"}, "line": {"country": "CN"}, "outbox": {"window": 8}}
    return Unit(parse(sections), Journal(storage, 500_000), "power", "pico")


def call(unit: Unit, at_ms: int) -> None:
    """Two rings, an answer, half a minute of talk, a rating."""
    for ring_ms in (at_ms, at_ms + 5000):
        unit.edge(ring_ms, "ring", True)
        unit.edge(ring_ms + 1000, "ring", False)
    unit.edge(at_ms + 8000, "loop", True)
    unit.edge(at_ms + 38_000, "loop", False)
    unit.edge(at_ms + 40_000, "rate_5", True)
    unit.edge(at_ms + 40_100, "rate_5", False)
    unit.tick(at_ms + 50_000)


def deliver(unit: Unit, up_ms: int) -> int:
    """Acknowledge facts until none waits; return how many came."""
    unit.link(up_ms, True)
    count = 0
    while True:
        seqs = [json.loads(each.payload)["seq"] for each in unit.outgoing(up_ms) if each.tail == "fact"]
        if not seqs:
            return count
        count += len(seqs)
        unit.receive(up_ms, "ack", b'{"boot":1,"seq":%d}' % seqs[-1])


def checksum(storage: Storage) -> int:
    """Return one number for every byte of the journal."""
    crc = 0
    for name in sorted(storage.names()):
        crc = crc32(storage.read(name), crc)
    return crc & 0xFFFFFFFF


def live_bytes() -> int:
    gc.collect()
    return gc.mem_alloc()  # type: ignore[attr-defined, no-any-return]  # MicroPython's own


def main(folder: str) -> None:
    flash = Flash(folder)
    unit = unit_on(flash)
    unit.start(0, [])
    report = {"before": live_bytes(), "most": 0}
    for number in range(CALLS):
        call(unit, 10_000 + number * CALL_MS)
        if number % 20 == 0:
            report["most"] = max(report["most"], live_bytes())
    report["disk"] = flash.size_bytes()
    report["checksum"] = checksum(flash)
    report["sent"] = deliver(unit, CALLS * CALL_MS + 20_000)
    report["after"] = live_bytes()
    report["left"] = flash.size_bytes()
    sys.stdout.write(json.dumps(report) + "\n")
