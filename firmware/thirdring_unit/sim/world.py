"""The world around a simulated unit: it goes through a day, and stands still while the unit is dead."""

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from zlib import crc32

from thirdring_unit.errors import UserError
from thirdring_unit.runtime import Event
from thirdring_unit.sim.day import Day
from thirdring_unit.sim.edges import edges
from thirdring_unit.sim.listener import Listener
from thirdring_unit.sim.story import Scenario

_MARK_MS = 1_000  # how finely the position is kept while nothing happens
_FIELDS = 3  # of a position: the number of edges that are over, the time, the scenario


class World:
    """Everything that happens around the unit, from the position where its last process was when it died.

    The position is on file before an event is delivered: an event may be lost with the process that it was meant for,
    as an edge is lost on a real unit that is off, but never comes twice. Sound goes on from the position.
    """

    def __init__(self, day: Day, position: Path) -> None:
        self.end_ms = day.end_ms
        self._edges = edges(day)
        self._position = _Position(position, day.scenario)
        self._next, self._began_ms = self._position.index, self._position.at_ms
        self._listener = Listener(day, self._began_ms)

    @property
    def at_ms(self) -> int:
        """Return where in the day the world stood at the start."""
        return self._began_ms

    def active(self) -> list[str]:
        """Return the names of the inputs that are active at this moment."""
        last = {edge.name: edge.active for edge in self._edges[: self._next]}
        return [name for name, active in last.items() if active]

    def is_over(self, up_ms: int) -> bool:
        """Tell whether the day has ended."""
        return self._began_ms + up_ms >= self.end_ms

    def next_ms(self) -> int | None:
        """Return when the next thing happens, by the unit's time."""
        coming_ms = (self._edge_ms(), self._listener.next_ms())
        return min((moment_ms for moment_ms in coming_ms if moment_ms is not None), default=None)

    def due(self, up_ms: int) -> Iterator[tuple[int, Event]]:
        """Give what happens until `up_ms`, each after the position has been kept; take the next when it is brought."""
        while (at_ms := self.next_ms()) is not None and at_ms <= up_ms:
            event: Event = self._listener.listen
            if at_ms == self._edge_ms():
                event = partial(self._listener.edge, edge=self._edges[self._next])
                self._next += 1
            self._position.keep(self._next, self._began_ms + at_ms)
            yield at_ms, event
        if self._began_ms + up_ms >= self._position.at_ms + _MARK_MS:
            self._position.keep(self._next, self._began_ms + up_ms)

    def _edge_ms(self) -> int | None:
        """Return when the next input changes, by the unit's time."""
        return self._edges[self._next].at_ms - self._began_ms if self._next < len(self._edges) else None


class _Position:
    """Where the world stands in a scenario, in a file of one short line that is overwritten in place."""

    def __init__(self, path: Path, scenario: Scenario) -> None:
        self._name = f"{crc32(repr(scenario).encode()):08x}"
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise UserError(f"{path}: cannot be written ({error.strerror}): check the folder") from error
        words = os.pread(self._file, 100, 0).decode("ascii", "replace").split() or ["0", "0", self._name]
        if len(words) != _FIELDS or not (words[0].isdigit() and words[1].isdigit()) or words[2] != self._name:
            raise UserError(f"{path}: is no position in this scenario: remove it to begin the day anew")
        self.index, self.at_ms = int(words[0]), int(words[1])

    def keep(self, index: int, at_ms: int) -> None:
        """Write the position; a process that is killed later has it on file."""
        self.index, self.at_ms = index, at_ms
        os.pwrite(self._file, f"{index:>12} {at_ms:>15} {self._name}\n".encode("ascii"), 0)
