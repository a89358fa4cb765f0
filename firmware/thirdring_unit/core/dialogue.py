"""Dialogue: whether people converse on the line, and whether that shows that a caller waits no more."""

ANNOUNCED_MS = 20_000  # talk between music and music again is an announcement, if it is no longer
MUSIC_LATE_MS = 6000  # so late is music told
APART_MS = 10_000  # talk that pauses for so long, and so soon after the music, was one, too
AFTER_MUSIC_MS = 5000  # talk so soon after the music: the wait was over when it ended
ANSWER_MS = 2000  # a longer answer would be talk of its own


class Dialogue:
    """The talk on the line: `on_ms` since when it goes on (None: it pauses), `end_ms` when it last paused.

    `music_ms` is since when music or a hold tone plays (None: not now, or not since the last hold).
    """

    def __init__(self) -> None:
        self.on_ms: int | None = None
        self.end_ms = 0
        self.music_ms: int | None = None
        self._music_end_ms = 0
        self._wait_ms = 0  # since when the caller waits
        self._resumed_ms = 0  # until when the last one did
        self._back_ms: int | None = None

    def begin(self, at_ms: int) -> None:
        """A call begins."""
        self.end_ms = self._music_end_ms = at_ms
        self.wait(at_ms)
        if self.on_ms is not None:
            self.on_ms = max(at_ms, self.on_ms)

    def wait(self, at_ms: int) -> None:
        """The caller waits."""
        self._wait_ms = at_ms
        self._back_ms = None

    def resume(self, at_ms: int) -> None:
        """The caller waits no more; what still plays is the music of that hold."""
        self._resumed_ms = at_ms
        self._back_ms = None
        if self.music_ms is not None and self.music_ms <= at_ms:
            self.music_ms = None

    def talk(self, on: bool, at_ms: int) -> None:
        """Talk begins or pauses."""
        if not on:
            self.on_ms, self.end_ms = None, max(self.end_ms, at_ms)
        elif self.on_ms is None:
            at_ms = max(at_ms, self.end_ms)
            if at_ms >= self._wait_ms and (self._back_ms is None or self._over(at_ms)):
                self._back_ms = at_ms
            self.on_ms = at_ms

    def music(self, on: bool, at_ms: int) -> None:
        """Music begins or ends; what was said before it began, and is over before it ends, was an announcement."""
        if on:
            if self.music_ms is None and at_ms > self._resumed_ms:
                self.music_ms = at_ms
            if self._back_ms is not None and 0 <= at_ms - self._back_ms <= ANNOUNCED_MS:
                self._back_ms = None
            return
        self.music_ms, self._music_end_ms = None, at_ms
        if self.on_ms is not None and self.on_ms >= self._wait_ms:
            self._back_ms = max(at_ms, self.on_ms)
        elif self._back_ms is not None:
            self._back_ms = max(at_ms, self._back_ms) if self.end_ms > at_ms else None

    def answer(self, from_ms: int, to_ms: int) -> None:
        """A word was said in answer to the other party: short as it is, the talk went on until its end."""
        if to_ms - from_ms <= ANSWER_MS:
            self.end_ms = max(self.end_ms, to_ms)

    @property
    def back_ms(self) -> int | None:
        """Since when somebody talks to a caller who waited, or talked for longer than announcements do."""
        if self._back_ms is None or (self.music_ms is not None and not self._talked_long):
            return None
        return self._music_end_ms if 0 < self._back_ms - self._music_end_ms <= AFTER_MUSIC_MS else self._back_ms

    def returned(self) -> "tuple[int, int] | None":
        """When the wait ends by talk: `(certain_ms, at_ms)`, or None; after music it may be an announcement."""
        at_ms = self.back_ms
        if at_ms is None:
            return None
        if not self._played or self._talked_long:
            return (at_ms, at_ms)
        lasts = self.on_ms is not None or self.end_ms - at_ms > ANNOUNCED_MS
        return (at_ms + ANNOUNCED_MS + MUSIC_LATE_MS, at_ms) if lasts else None

    def left_ms(self, at_ms: int) -> int:
        """When the wait ended, if the call ends at a time."""
        if self.back_ms is not None and not self._over(at_ms):
            return self.back_ms
        return self._music_end_ms if self._played and self.music_ms is None else at_ms

    @property
    def _talked_long(self) -> bool:
        """Whether the music that plays now began so long after the talk that this was no announcement."""
        if self.music_ms is None or self._back_ms is None:
            return False
        return self.music_ms - self._back_ms > ANNOUNCED_MS

    def _over(self, at_ms: int) -> bool:
        """Whether talk has paused until a time for so long that who had talked did not come back for good."""
        return self.on_ms is None and at_ms - self.end_ms >= APART_MS

    @property
    def _played(self) -> bool:
        """Whether the caller who waits was played music."""
        return self._music_end_ms > self._wait_ms
