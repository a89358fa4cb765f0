"""Holds: whether the caller waits, how that is known, and when it began and ended.

A hold is known by the hold key, by a flash, by music or a hold tone on the line, or by two-way silence. It ends by the
key, a flash back, the agent's voice, talk after the music, or the end of the call. What is too short for talk neither
ends a hold nor breaks the silence that is one.
"""

from thirdring_unit.core.deaf import Deaf
from thirdring_unit.core.events import TALK_LATE_MS, TOLD_LATE_MS
from thirdring_unit.core.settings import Settings


class Holds:
    """The hold of the present call: `how` it is known (empty: none), since when, and the sum of those before.

    `next` tells what will happen if nothing changes: `(due_ms, event, at_ms, how)`.
    """

    def __init__(self, settings: Settings, voice: Deaf) -> None:
        self._settings = settings
        self._voice = voice
        self._key_since_ms: int | None = None  # the hold key is pressed
        self.begin(answered=False)

    def begin(self, *, answered: bool) -> None:
        """A call begins; in one that the desk dialled, music and silence may be the exchange's."""
        self._answered = answered
        self._flash: tuple[int, int] | None = None  # a flash that may prove a hold: at, decided at
        self._resumed_ms = 0  # when the last hold ended
        self.how = ""
        self.since_ms = 0
        self.total_ms = 0

    def hold(self, at_ms: int, how: str) -> None:
        """The caller waits."""
        self.how = how
        self.since_ms = at_ms
        self._flash = None
        self._voice.wait(how, at_ms)

    def resume(self, at_ms: int) -> int:
        """The caller waits no more; returns how long."""
        held_ms = at_ms - self.since_ms
        self.total_ms += held_ms
        self.how = ""
        self._resumed_ms = at_ms
        self._voice.resume(at_ms)
        return held_ms

    def flashed(self, at_ms: int, length_ms: int, aside: bool) -> None:
        """A flash that puts the caller aside is a hold if the agent then says nothing, or if nobody listens."""
        self._flash = None
        if not aside:
            return
        if self._voice.hears("agent"):
            self._flash = (at_ms, at_ms + length_ms + self._settings.flash_quiet_ms + TOLD_LATE_MS)
        elif self._settings.flash_holds:
            self._flash = (at_ms, at_ms)

    def key(self, at_ms: int, active: bool) -> "list[tuple[str, str]]":
        """Take the hold key; returns the events that it means, each with its `how`.

        A short press latches, and the next one releases; a long one (a lamp or a latching key) lasts as long as it is.
        """
        since_ms = self._key_since_ms
        self._key_since_ms = at_ms if active else None
        if not active:
            lasted = since_ms is not None and at_ms - since_ms > self._settings.key_press_max_ms
            return [("resume", "")] if self.how == "key" and lasted else []
        if self.how == "key":
            return [("resume", "")]
        return [("resume", ""), ("hold", "key")] if self.how else [("hold", "key")]

    @property
    def back_ms(self) -> int | None:
        """Since when somebody talks to the caller who waits, if that may be an announcement only."""
        return self._voice.back_ms(self.how) if self.how else None

    def next(self, floor_ms: int, left_ms: int | None) -> "tuple[int, str, int, str] | None":
        """The earliest beginning or end of a hold that is under way, none before `floor_ms`.

        When the caller has left, at `left_ms`, silence and music mean nothing any more.
        """
        coming = self._ends(floor_ms) if self.how else self._beginnings(floor_ms, left_ms is not None)
        return min(coming) if coming else None

    def _beginnings(self, floor_ms: int, left: bool) -> "list[tuple[int, str, int, str]]":
        voice = self._voice
        coming = []
        if self._flash is not None:
            at_ms, due_ms = self._flash
            if voice.silent_since(at_ms):
                coming.append((due_ms, "hold", max(at_ms, floor_ms), "flash"))
        if left or not self._answered or not voice.hears("line"):
            return coming
        if voice.music_ms is not None:
            at_ms = max(voice.music_ms, self._resumed_ms, floor_ms)
            coming.append((at_ms, "hold", at_ms, "music"))
        if voice.quiet_ms is not None:
            at_ms = max(voice.quiet_ms, self._resumed_ms, floor_ms)
            coming.append((at_ms + self._settings.quiet_ms + TALK_LATE_MS, "hold", at_ms, "quiet"))
        return coming

    def _ends(self, floor_ms: int) -> "list[tuple[int, str, int, str]]":
        if self.how == "key" and self._key_since_ms is not None:
            return []  # the lamp is still lit
        found = self._voice.returned(self.how, self.since_ms)
        return [] if found is None else [(found[0], "resume", max(found[1], floor_ms), "")]
