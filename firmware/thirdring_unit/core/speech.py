"""Speech: one party's, joined into talks, from the ears' back-dated beginnings and ends."""

from thirdring_unit.core.events import TOLD_LATE_MS

SAME_TALK_MS = 4000  # a longer silence is between two talks


class Speech:
    """One party's speech: `on_ms` since when it goes on (None: silent), the last interval, and the sum in the call.

    Intervals with little between them are one talk. A talk of less than `enough_ms` may be a cough, a door or a voice
    in the room: it is counted, but it does not show that two people converse.
    """

    def __init__(self, enough_ms: int) -> None:
        self.enough_ms = enough_ms
        self.on_ms: int | None = None
        self.start_ms = 0  # of the last interval that ended
        self.end_ms = 0
        self.total_ms = 0
        self.conversed_ms = 0  # when the last talk that was enough ended
        self._talk_ms = 0  # when the last talk began
        self._talked_ms = 0  # what its intervals add up to

    def since(self, from_ms: int, enough_ms: int) -> "tuple[int, int] | None":
        """The first talk after a time that adds up to `enough_ms`: `(certain_ms, start_ms)`, or None.

        While it goes on, that is certain only when its end would have been told.
        """
        if self.on_ms is None:
            talk_ms, sum_ms = self._since(from_ms, self.start_ms, self.end_ms - self.start_ms)
            return (self.end_ms, talk_ms) if talk_ms >= from_ms and sum_ms >= enough_ms else None
        talk_ms, sum_ms = self.on_ms, 0
        if self.on_ms - self.end_ms <= SAME_TALK_MS:
            talk_ms, sum_ms = self._since(from_ms, self.on_ms, 0)
        certain_ms = self.on_ms + max(0, enough_ms - sum_ms) + TOLD_LATE_MS
        return (certain_ms, talk_ms) if talk_ms >= from_ms else None

    def begin(self, at_ms: int) -> None:
        """Start the sums of a call."""
        self.total_ms = self._talked_ms = 0
        self.start_ms = self.end_ms = self.conversed_ms = self._talk_ms = at_ms
        if self.on_ms is not None:
            self.on_ms = max(at_ms, self.on_ms)

    def stop(self, at_ms: int) -> None:
        """End the present interval."""
        if self.on_ms is None:
            return
        if self.on_ms - self.end_ms > SAME_TALK_MS:
            self._talk_ms, self._talked_ms = self.on_ms, 0
        self.start_ms, self.end_ms = self.on_ms, max(self.on_ms, at_ms)
        self.total_ms += self.end_ms - self.start_ms
        self._talked_ms += self.end_ms - self.start_ms
        if self._talked_ms >= self.enough_ms:
            self.conversed_ms = self.end_ms
        self.on_ms = None

    def _since(self, from_ms: int, start_ms: int, sum_ms: int) -> "tuple[int, int]":
        """The present talk if all of it is after a time; else what is given."""
        return (self._talk_ms, self._talked_ms) if self._talk_ms >= from_ms else (start_ms, sum_ms)
