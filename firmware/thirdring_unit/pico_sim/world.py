"""The world around a simulated Pico: its time, the edges at its inputs, its Wi-Fi, and what its last life left.

All of it is in one folder. `world.json` may say: `edges` (a file as for `replay`, times from the world's beginning),
`hop_ms` (let time hop so far whenever nothing is awaited; 0, the default, lets it pass as in life), `ticks` (what the
Pico's counter shows at the start), `heap_ms` (write the live bytes of the heap into `heap.csv` so often; its first line
is what the stand-ins take themselves). Where the world stands is kept in `position` before an edge is delivered, so the
world stands still while the Pico is dead. While there is a file `wifi-out`, there is no Wi-Fi. A file `stall` with a
number of milliseconds lets the program stand still for so long, once.
"""

import gc
import json
import os
import sys

import uselect as select
from micropython import heap_lock, heap_unlock
from utime import sleep_ms
from utime import ticks_diff as real_diff
from utime import ticks_ms as real_ms

TICKS_PERIOD = 1 << 30
_TICKS_MAX = TICKS_PERIOD - 1  # no more than a small integer where words have 32 bits: an interrupt may not allocate
NEVER_MS = 1 << 62
MARK_MS = 1_000  # how finely the position is kept while nothing happens
STALL_MAX_MS = 1_000  # what passes at once beyond that is this machine being busy, not the Pico standing still
RESET_STATUS = 64  # of a process whose Pico has started anew by itself
WATCHDOG_STATUS = 65


class Link:
    """What the world looks at of the program's link."""

    def awaits_nothing(self) -> bool:
        """Tell that no answer is on its way."""
        return False


class World:
    """There is one in each process: `begin` it before the program runs."""

    def __init__(self) -> None:
        self.pins: dict = {}  # by GP number
        self.link = Link()  # the program's, once it has one
        self.watchdog_ms = NEVER_MS  # when it bites
        self._folder = ""
        self._began = self._is_delivering = False
        self._now_ms = 0

    def begin(self, folder: str, pin_numbers: "dict[str, int]") -> None:
        """Go on where the world of `folder` stood; `pin_numbers` maps names of inputs to GP numbers."""
        self._folder = folder
        self._pin_numbers = pin_numbers
        self._levels: dict[str, int] = {}
        told = json.loads(self._read("world.json") or "{}")
        self._hop_ms = told.get("hop_ms", 0)
        self._ticks = told.get("ticks", 0)
        self._heap_ms = told.get("heap_ms", 0)
        self._heap_due_ms = self._heap_ms or NEVER_MS
        words = (self._read("position") or "0 0").split()
        self._index, self._base_ms = int(words[0]), int(words[1])
        if not self._exists("position"):
            self.write("position", _position(0, 0))
        self._position = open(folder + "/position", "r+b")  # noqa: SIM115 -- open as long as the world
        self._kept_ms = self._base_ms
        self._edges = open(folder + "/" + told["edges"]) if "edges" in told else None  # noqa: SIM115
        if self._edges:
            self._edges.readline()
        for _ in range(self._index):
            line = self._line()
            if line:
                self._levels[line[1]] = line[2]
        self._read_edge()

    # ---- time

    def now_ms(self) -> int:
        """Return the milliseconds since the Pico's start, edges until now delivered; it starts when first asked."""
        if not self._began:
            self._began = True
            self._real = real_ms()
        if not self._is_delivering:
            passed_ms = min(real_diff(real_ms(), self._real), STALL_MAX_MS)
            self._real = real_ms()
            self._advance(self._now_ms + passed_ms)
        return self._now_ms

    def ticks(self) -> int:
        """Return what the Pico's counter shows."""
        ticks: int = (self.now_ms() + self._ticks) & _TICKS_MAX
        return ticks

    def wait(self, poller: "select.poll | None", wait_ms: int) -> "list[tuple]":
        """Wait until the poller (or None) has something, at most `wait_ms`, or a hop when nothing is awaited."""
        self._stall()
        until_ms = self.now_ms() + wait_ms
        while True:
            left_ms = min(until_ms, self._edge_ms) - self._now_ms
            can_hop = self._hop_ms and self._awaits_nothing()
            found = self._poll(poller, 0 if can_hop else max(0, left_ms))
            if found:
                return found
            if can_hop:
                self._advance(min(max(until_ms, self._now_ms + self._hop_ms), max(self._edge_ms, self._now_ms)))
                self._real = real_ms()
                return []
            if self.now_ms() >= until_ms:
                return []

    def _poll(self, poller: "select.poll | None", wait_ms: int) -> "list[tuple]":
        if poller is None:
            sleep_ms(wait_ms)
            return []
        return poller.poll(wait_ms)

    def _stall(self) -> None:
        stalled_ms = int(self._read("stall") or "0")
        if stalled_ms:
            os.remove(self._folder + "/stall")
            self._advance(self._now_ms + stalled_ms)

    def _awaits_nothing(self) -> bool:
        return not self.has_wifi() or self.link.awaits_nothing()

    def _advance(self, until_ms: int) -> None:
        self._is_delivering = True
        while self._edge_ms <= until_ms:
            self._now_ms = max(self._now_ms, self._edge_ms)
            self._deliver()
        self._now_ms = max(self._now_ms, until_ms)
        self._is_delivering = False
        if self._base_ms + self._now_ms >= self._kept_ms + MARK_MS:
            self._keep()
        if self._now_ms >= self._heap_due_ms:
            self._heap_due_ms += self._heap_ms
            self.note_heap()
        if self._now_ms >= self.watchdog_ms:
            self.restart(WATCHDOG_STATUS)

    # ---- edges

    def level(self, number: int) -> int:
        """Return whether the input at a GP number is active at the start."""
        for name, pin in self._pin_numbers.items():
            if pin == number:
                return self._levels.get(name, 0)
        return 0

    def _deliver(self) -> None:
        number, active = self._edge
        self._index += 1
        self._keep()
        self._read_edge()
        pin = self.pins.get(number)
        if pin is not None:
            pin.drive(active)
            if pin.handler is not None:
                heap_lock()  # as in an interrupt: a handler that allocates fails here
                try:
                    pin.handler(pin)
                finally:
                    heap_unlock()

    def _read_edge(self) -> None:
        line = self._line()
        if line is None:
            self._edge_ms = NEVER_MS
        else:
            self._edge_ms = line[0] - self._base_ms
            self._edge = (self._pin_numbers[line[1]], line[2])

    def _line(self) -> "tuple[int, str, int] | None":
        words = self._edges.readline().strip().split(",") if self._edges else [""]
        return (int(words[0]), words[1], int(words[2])) if words[0] else None

    # ---- what else there is

    def has_wifi(self) -> bool:
        """Tell whether there is Wi-Fi just now."""
        return not self._exists("wifi-out")

    def is_power_on(self) -> bool:
        """Tell whether the Pico has not started anew by itself."""
        return not self._exists("restarted")

    def started(self) -> None:
        """Forget how the start came about: the next one, unless the Pico makes it, is by power."""
        if self._exists("restarted"):
            os.remove(self._folder + "/restarted")

    def restart(self, status: int) -> None:
        """End the process: the Pico starts anew by itself."""
        self.write("restarted", "")
        sys.exit(status)

    def note(self, name: str, line: str) -> None:
        """Add a line to a file of the folder."""
        with open(self._folder + "/" + name, "a") as file:
            file.write(line + "\n")

    def write(self, name: str, text: str) -> None:
        """Replace a file of the folder."""
        with open(self._folder + "/" + name, "w") as file:
            file.write(text)

    def note_heap(self) -> None:
        """Write down how many bytes of the heap live."""
        gc.collect()
        self.note("heap.csv", f"{self._now_ms},{gc.mem_alloc()}")

    def _keep(self) -> None:
        self._kept_ms = self._base_ms + self._now_ms
        self._position.seek(0)
        self._position.write(_position(self._index, self._kept_ms).encode())  # in one go: it is never half written

    def _exists(self, name: str) -> bool:
        try:
            os.stat(self._folder + "/" + name)
        except OSError:
            return False
        return True

    def _read(self, name: str) -> str:
        try:
            with open(self._folder + "/" + name) as file:
                text: str = file.read()
        except OSError:
            return ""
        return text


def _position(index: int, at_ms: int) -> str:
    return f"{index:>12} {at_ms:>15}\n"


world = World()
