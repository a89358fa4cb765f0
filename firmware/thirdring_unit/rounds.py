"""Chores that come round: each every so many milliseconds, as a source of the loop."""

from collections.abc import Iterator
from dataclasses import dataclass

from thirdring_unit.runtime import Event


@dataclass(slots=True)
class Chore:
    """Something to be done every `period_ms`, for the first time at `due_ms`."""

    event: Event
    period_ms: int
    due_ms: int = 0


class Rounds:
    """The chores of a desk, one or more; what a busy or sleeping computer has missed is done once, not made up for."""

    def __init__(self, *chores: Chore) -> None:
        self._chores = chores

    def next_ms(self) -> int:
        """Return when the next chore is due."""
        return min(chore.due_ms for chore in self._chores)

    def due(self, up_ms: int) -> Iterator[tuple[int, Event]]:
        """Give the chores that are due."""
        for chore in self._chores:
            if chore.due_ms <= up_ms:
                chore.due_ms = up_ms + chore.period_ms
                yield up_ms, chore.event
