"""Pauses between attempts: they double up to a limit, and differ a little so that desks do not all come at once."""

from os import urandom


class BackOff:
    """A pause that begins at `least_ms` and doubles up to `most_ms`; up to an eighth of it is added by chance."""

    def __init__(self, least_ms: int, most_ms: int) -> None:
        self._least_ms = self._pause_ms = least_ms
        self._most_ms = most_ms
        self._until_ms = 0

    def is_over(self, up_ms: int) -> bool:
        """Tell whether the pause is over."""
        return up_ms >= self._until_ms

    def begin(self, up_ms: int) -> None:
        """Begin a pause; the next one will be longer."""
        self._until_ms = up_ms + self._pause_ms + self._pause_ms * urandom(1)[0] // 2048
        self._pause_ms = min(2 * self._pause_ms, self._most_ms)

    def reset(self) -> None:
        """An attempt was successful: the next pause is the shortest."""
        self._pause_ms = self._least_ms
        self._until_ms = 0
