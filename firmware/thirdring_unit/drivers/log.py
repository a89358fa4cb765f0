"""The log: one line an event to stderr, where a service manager takes it; a storm of the same line is bounded."""

import logging
import sys
from collections.abc import Callable
from time import monotonic

import structlog
from structlog.typing import EventDict, WrappedLogger

BURST = 10  # lines of the same event that pass ...
BURST_S = 60  # ... in so many seconds


class Bounded:
    """Lets an event pass BURST times in BURST_S seconds; the first line after a storm tells how many were left out.

    An SD card must not fill, or wear out, because a cable is loose.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._storms: dict[str, tuple[float, int]] = {}  # by event: when it began, how many lines there were

    def __call__(self, _logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
        """Let the line pass, or raise DropEvent."""
        began_s, count = self._storms.get(line["event"], (-BURST_S, 0))
        now_s = self._clock()
        if now_s - began_s >= BURST_S:
            self._storms[line["event"]] = (now_s, 1)
            if count > BURST:
                line["left_out"] = count - BURST
            return line
        self._storms[line["event"]] = (began_s, count + 1)
        if count >= BURST:
            raise structlog.DropEvent
        return line


def configure() -> None:
    """Log to stderr: time, level, event and its fields."""
    structlog.configure(
        processors=[
            Bounded(),
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"], bool_as_flag=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
