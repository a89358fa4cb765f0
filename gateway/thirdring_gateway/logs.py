"""Logs: one line per event."""

import logging
import sys
from typing import TextIO

import structlog


def log_plainly(file: TextIO | None = None, level: int = logging.INFO) -> None:
    """Log one line per event, on stderr unless to a file."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(file or sys.stderr),
    )
