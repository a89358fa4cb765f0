"""Debounce: an input's level, once it has been stable, with the time at which it truly changed; and stuck inputs."""

BOUNCE_MS = 20  # a contact chatters no longer than this before it rests
NEVER_MS = -BOUNCE_MS - 1  # before any edge


class Debounce:
    """A level that follows its input only when the input stays: `on_ms` to become active, `off_ms` to cease.

    Feed every raw change to `edge`. When `due_ms` (milliseconds since boot, None: nothing pends) is reached, `run`
    changes `active` and returns when the contact first moved: its first raw edge, at most BOUNCE_MS before the last. So
    a break is as long as the hand made it, however much either end of it chatters.
    """

    def __init__(self, on_ms: int, off_ms: int) -> None:
        self.on_ms = on_ms
        self.off_ms = off_ms
        self.active = False
        self.due_ms: int | None = None
        self._since_ms = NEVER_MS  # the first edge of what may be a change

    def edge(self, at_ms: int, active: bool) -> None:
        """Take the raw level that the input has from now on."""
        if active == self.active:
            self.due_ms = None
        elif self.due_ms is None:
            if at_ms - self._since_ms > BOUNCE_MS:
                self._since_ms = at_ms
            self.due_ms = at_ms + (self.on_ms if active else self.off_ms)

    def run(self) -> int:
        """Accept the pending level and return since when it holds; to be called when `due_ms` is reached."""
        since_ms, self._since_ms = self._since_ms, NEVER_MS
        self.active = not self.active
        self.due_ms = None
        return since_ms


class Stuck:
    """Watches for a level that stays longer than any use of it: `due_ms` is when that must be reported, once."""

    def __init__(self, limit_ms: int) -> None:
        self.limit_ms = limit_ms
        self.due_ms: int | None = None

    def change(self, at_ms: int, active: bool) -> None:
        """The level changed."""
        self.due_ms = at_ms + self.limit_ms if active else None
