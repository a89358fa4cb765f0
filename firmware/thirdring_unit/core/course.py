"""A unit's course through time: each moment at which it has something to do is met, in order, however late one asks."""

from thirdring_unit.core.unit import Unit


class Course:
    """Takes `unit` from moment to moment; `now_ms` is where it is, and only ever grows."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self.now_ms = 0
        self._ticked_ms = -1  # no moment is worth two ticks

    def step(self, up_ms: int) -> bool:
        """Go to the next moment until `up_ms`, do what is due there, and return True; or go to `up_ms`, and False."""
        due_ms = max(self.unit.next_ms(self.now_ms), self._ticked_ms + 1)
        if due_ms > up_ms:
            self.now_ms = max(self.now_ms, up_ms)
            return False
        self.now_ms = self._ticked_ms = max(self.now_ms, due_ms)
        self.unit.tick(self.now_ms)
        return True
