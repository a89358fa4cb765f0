"""The time of day, for `clock` facts: everything else on a unit counts milliseconds since the start."""

import ctypes
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import structlog

from thirdring_unit.core.unit import Unit

STEP_MS = 1_000  # what a clock is moved by to be called set anew; NTP slews less than that
TELL_MS = 3_600_000  # the gateway follows the crystal's drift by what is told so often
BUILT_MS = 1_767_225_600_000  # 2026-01-01: a clock that shows less has lost its battery
TIME_ERROR = 5  # the kernel's word for a clock that nobody disciplines
RTC = Path("/dev/rtc0")

_log = structlog.get_logger()


class Reading(NamedTuple):
    """What the clock shows, and why that may be believed: "ntp", "rtc", or None."""

    epoch_ms: int
    source: str | None


def read() -> Reading:
    """Read the computer's clock; it is right when the kernel says that it is disciplined, or a battery kept it."""
    epoch_ms = time.time_ns() // 1_000_000
    if 0 <= ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(512)) < TIME_ERROR:
        return Reading(epoch_ms, "ntp")
    return Reading(epoch_ms, "rtc" if RTC.exists() and epoch_ms >= BUILT_MS else None)


class WallClock:
    """Tells the unit what time it is: as soon as that is known, when it changes, and every hour."""

    def __init__(self, read: Callable[[], Reading] = read) -> None:
        self._read = read
        self._began_ms: int | None = None  # the time of day at which the unit seems to have started
        self._told: tuple[str, int, int] | None = None  # source, beginning, when

    def look(self, unit: Unit, up_ms: int) -> None:
        """Look at the clock; to be called every few seconds."""
        epoch_ms, source = self._read()
        began_ms = epoch_ms - up_ms
        if self._began_ms is not None and abs(began_ms - self._began_ms) >= STEP_MS:
            _log.warning("the clock was set", by_ms=began_ms - self._began_ms, source=source or "unknown")
        self._began_ms = began_ms
        if source and not self._is_known(source, began_ms, up_ms):
            self._told = source, began_ms, up_ms
            unit.clock(up_ms, epoch_ms, source)

    def _is_known(self, source: str, began_ms: int, up_ms: int) -> bool:
        if self._told is None:
            return False
        told_source, told_began_ms, told_ms = self._told
        return source == told_source and abs(began_ms - told_began_ms) < STEP_MS and up_ms - told_ms < TELL_MS
