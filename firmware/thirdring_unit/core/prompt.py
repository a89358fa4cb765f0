"""The prompt light: when a desk is to be reminded of a courtesy, decided from its own facts.

R03 a late answer, R04 a hold that nears its limit, R05 a wait after a transfer (a hold by flash), R06 the return
from a hold over the limit.
"""

from thirdring_unit.core.settings import Settings
from thirdring_unit.core.vip import NEAR, OFF, OVER


class Prompt:
    """What the prompt light wants to say: "off", "near" (go back soon) or "over" (apologise)."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._held_ms: int | None = None  # since when the caller waits
        self._back_ms: int | None = None  # since when the hold may be over
        self._until_ms = 0  # until when to apologise

    def take(self, up_ms: int, fact: tuple) -> None:
        """Take one fact of the phone line, `(at_ms, kind, fields)`, that is known at `up_ms`."""
        at_ms, kind, fields = fact
        if kind == "held":
            self._held_ms = at_ms
        elif kind == "resumed":
            self._resume(up_ms, fields["held_ms"])
        elif kind == "ended":
            self._held_ms = None
            self._until_ms = up_ms
        elif kind == "answered" and (fields["rings"] or 0) > self._settings.rings_limit:
            self._until_ms = up_ms + self._settings.late_prompt_ms

    def doubt(self, back_ms: int | None) -> None:
        """Take since when somebody talks to the caller who waits; until that is decided, the light stays as it was."""
        self._back_ms = back_ms

    def _resume(self, up_ms: int, held_ms: int) -> None:
        self._held_ms = None
        if held_ms > self._settings.limit_ms:
            self._until_ms = up_ms + self._settings.return_prompt_ms

    def light(self, up_ms: int) -> str:
        """Return what the light says now."""
        over_ms, near_ms = self._moments()
        if up_ms < self._until_ms or (over_ms is not None and up_ms >= over_ms):
            return OVER
        return NEAR if near_ms is not None and up_ms >= near_ms else OFF

    def next_ms(self, up_ms: int) -> int | None:
        """Return when the light changes by itself."""
        moments = [self._until_ms] + [moment for moment in self._moments() if moment is not None]
        return min([moment for moment in moments if moment > up_ms], default=None)

    def _moments(self) -> "tuple[int | None, int | None]":
        """Return when the hold is over its limit and when it comes near, None while nobody waits."""
        if self._held_ms is None:
            return None, None
        limit_ms = self._settings.limit_ms
        near_ms = (limit_ms * self._settings.hold_near_percent + 99) // 100
        return self._in_wait(self._held_ms + limit_ms + 1), self._in_wait(self._held_ms + near_ms)

    def _in_wait(self, moment_ms: int) -> int | None:
        return moment_ms if self._back_ms is None or moment_ms <= self._back_ms else None
