"""Hook: what the debounced loop current says about the handset.

Off-hook is loop current for `answer_ms` while nothing rings. A break of it is, by its length, a dial pulse, a flash, an
open loop (the far end cleared) or a hang-up. Every event bears the time at which its break or its current began.
"""

from thirdring_unit.core.debounce import BOUNCE_MS
from thirdring_unit.core.settings import Settings

TRAIN_MS = 100  # dial pulses follow each other more closely than this
SETTLE_MS = 50  # a break is over when the loop stays closed so long: longer than half a cycle of any ringing current


class Hook:
    """Tells off-hook, on-hook and the breaks between from each other.

    `change` takes the debounced loop, `run` does what is due at `due_ms`; each returns None or one event, `(name,
    at_ms)`: `lift`, `hang`, `tap` (a flash as short as a dial pulse), `flash` or `open`.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.off_hook = False
        self.closed_ms: int | None = None  # since when the loop is closed
        self.open_ms: int | None = None  # since when an off-hook line's loop is open: a break that may be anything
        self.length_ms = 0  # of the last break that was none of a hang-up
        self._returned_ms = 0  # when the last short break ended
        self._tap: int | None = None  # a short break that may be a flash

    def take(self, at_ms: int) -> None:
        """Begin with a line that is off-hook already."""
        self.closed_ms = at_ms
        self._lift(at_ms)

    def due_ms(self, quiet_from_ms: int | None) -> int | None:
        """When `run` is due next, given when ringing will have ceased (None: not yet known)."""
        told_late_ms = self._settings.loop_debounce_ms + BOUNCE_MS
        if self.open_ms is not None:
            if self.closed_ms is not None:
                return self.closed_ms + SETTLE_MS + told_late_ms
            return self.open_ms + max(self._settings.flash_max_ms, self._settings.open_loop_max_ms) + told_late_ms + 1
        if self._tap is not None:
            return self._returned_ms + TRAIN_MS + told_late_ms + 1
        if self.off_hook or self.closed_ms is None or quiet_from_ms is None:
            return None
        return max(self.closed_ms + self._settings.answer_ms + told_late_ms, quiet_from_ms)

    def run(self) -> "tuple[str, int] | None":
        """Decide what is due: what a break was, whether a lone short one was a flash, or an off-hook."""
        if self.open_ms is not None:
            return self.hang(self.open_ms) if self.closed_ms is None else self._returned(self.open_ms, self.closed_ms)
        if self._tap is not None:
            at_ms, self._tap = self._tap, None
            return ("tap", at_ms)
        return None if self.closed_ms is None else self._lift(self.closed_ms)

    def change(self, at_ms: int, closed: bool, quiet_from_ms: int | None) -> "tuple[str, int] | None":
        """Take the debounced loop: closed or open since `at_ms`, and when ringing will have ceased."""
        since_ms, self.closed_ms = self.closed_ms, at_ms if closed else None
        if self.off_hook:
            self._broke(at_ms, closed)
            return None
        if closed or since_ms is None or quiet_from_ms is None:
            return None
        if at_ms < max(since_ms + self._settings.answer_ms, quiet_from_ms):
            return None
        self.open_ms = at_ms
        return self._lift(since_ms)  # and laid down again at once

    def hang(self, at_ms: int) -> tuple[str, int]:
        """The handset is on-hook since `at_ms`, by the length of the break or because the line rings again."""
        self.off_hook = False
        self.open_ms = self._tap = None
        return ("hang", at_ms)

    def _lift(self, at_ms: int) -> tuple[str, int]:
        self.off_hook = True
        self._returned_ms = at_ms - TRAIN_MS - 1
        return ("lift", at_ms)

    def _broke(self, at_ms: int, closed: bool) -> None:
        """A break began, or it ended; if the loop closes only for a moment, the same break goes on."""
        if self.open_ms is None:
            self.open_ms = at_ms
        elif closed and at_ms - self.open_ms <= self._settings.pulse_max_ms:
            self._pulsed(self.open_ms, at_ms)

    def _pulsed(self, began_ms: int, at_ms: int) -> None:
        """A break no longer than a dial pulse: a flash only if it stands alone."""
        alone = began_ms - self._returned_ms > TRAIN_MS
        self.length_ms = at_ms - began_ms
        self._tap = began_ms if alone and self.length_ms >= self._settings.flash_min_ms else None
        self._returned_ms = at_ms
        self.open_ms = None

    def _returned(self, began_ms: int, at_ms: int) -> "tuple[str, int] | None":
        settings = self._settings
        length_ms = self.length_ms = at_ms - began_ms
        self.open_ms = self._tap = None
        if length_ms < settings.flash_min_ms:
            return None
        if length_ms <= settings.flash_max_ms:
            return ("flash", began_ms)
        if settings.open_loop_min_ms <= length_ms <= settings.open_loop_max_ms:
            return ("open", began_ms)
        return self.hang(began_ms)
