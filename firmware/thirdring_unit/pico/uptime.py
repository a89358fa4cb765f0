"""Milliseconds since the start, from the Pico's counter, which begins anew every 2^30 ms (twelve days)."""

from time import ticks_diff, ticks_ms


class UpTime:
    """A time that only grows. It must be asked more often than every 2^29 ms (six days); the loop asks all the time."""

    def __init__(self) -> None:
        self._ticks = ticks_ms()
        self._up_ms = 0

    def now_ms(self) -> int:
        """Return the milliseconds since the start."""
        ticks = ticks_ms()
        self._up_ms += ticks_diff(ticks, self._ticks)
        self._ticks = ticks
        return self._up_ms

    def at_ms(self, ticks: int) -> int:
        """Return when the counter showed `ticks`, at most six days before or after `now_ms` was asked last."""
        return max(0, self._up_ms + ticks_diff(ticks, self._ticks))
