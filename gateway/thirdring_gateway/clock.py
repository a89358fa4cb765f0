"""The gateway's clock, injected wherever time is read: the real one, or a faster one for the demonstration."""

import time
from typing import Protocol

NS_PER_MS = 1_000_000
NS_PER_S = 1_000_000_000


class Clock(Protocol):
    """Tells the time of the branch in milliseconds since 1970 (UTC)."""

    def now_ms(self) -> int:
        """Return the current time."""

    def wait_s(self, moment_ms: int) -> float:
        """Return for how many real seconds to wait until `moment_ms`; not above 0 when it has come."""


class RealClock:
    """The machine's own clock."""

    def now_ms(self) -> int:
        """Return the current time."""
        return time.time_ns() // NS_PER_MS

    def wait_s(self, moment_ms: int) -> float:
        """Return for how many seconds to wait until `moment_ms`."""
        return (moment_ms * NS_PER_MS - time.time_ns()) / NS_PER_S


class PacedClock:
    """A clock that started at `start_ms` and runs `pace` times as fast as real time."""

    def __init__(self, start_ms: int, pace: int) -> None:
        self._start_ms = start_ms
        self._pace = pace
        self._began_ns = time.monotonic_ns()

    def now_ms(self) -> int:
        """Return the current time of the demonstration."""
        return self._start_ms + (time.monotonic_ns() - self._began_ns) * self._pace // NS_PER_MS

    def wait_s(self, moment_ms: int) -> float:
        """Return for how many real seconds to wait until `moment_ms`."""
        due_ns = (moment_ms - self._start_ms) * NS_PER_MS // self._pace
        return (self._began_ns + due_ns - time.monotonic_ns()) / NS_PER_S
