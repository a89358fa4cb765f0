"""Readers of plain terms: "75 s", "09:00:05", 3, "caller" → milliseconds, numbers and words, or one clear sentence."""

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

Reader = Callable[[Any], Any]

_UNIT_MS = {"ms": 1, "s": 1_000, "min": 60_000, "h": 3_600_000}
_PART = re.compile(r"(\d{1,9}(?:\.\d{1,3})?) ?(ms|s|min|h)")
_DURATION = re.compile(rf"{_PART.pattern}(?: {_PART.pattern})*")
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,3}))?)?")
_DURATION_MAX_MS = 12 * 3_600_000


class PlainError(ValueError):
    """A value that cannot be read; its text says what was expected."""


def duration(value: Any) -> int:
    """Read "300 ms", "1.5 s", "5 min 30 s" or "1 h" as milliseconds."""
    if not isinstance(value, str) or not _DURATION.fullmatch(value):
        raise PlainError(f'is {value!r}: write a time with its unit, like "75 s", "6 min" or "300 ms"')
    exact_ms = sum(Decimal(number) * _UNIT_MS[unit] for number, unit in _PART.findall(value))
    if exact_ms != int(exact_ms) or exact_ms > _DURATION_MAX_MS:
        raise PlainError(f"is {value!r}: write whole milliseconds, twelve hours at most")
    return int(exact_ms)


def clock(value: Any) -> int:
    """Read "09:00:05" (or TOML's own 09:00:05) as milliseconds since midnight."""
    text = value.isoformat("milliseconds") if isinstance(value, dt.time) else value
    found = _CLOCK.fullmatch(text) if isinstance(text, str) else None
    if not found:
        raise PlainError(f'is {value!r}: write a time of day like "09:00:05"')
    hours, minutes, seconds, fraction = found.groups(default="0")
    return ((int(hours) * 60 + int(minutes)) * 60 + int(seconds)) * 1_000 + int(fraction.ljust(3, "0"))


def whole(low: int, high: int) -> Reader:
    """Make a reader of whole numbers from `low` to `high`."""

    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise PlainError(f"is {value!r}: write a whole number from {low} to {high}")
        return value

    return read


def one_of(*words: str) -> Reader:
    """Make a reader of one of the `words`."""

    def read(value: Any) -> str:
        if value not in words:
            raise PlainError(f"is {value!r}: write one of " + ", ".join(f'"{word}"' for word in words))
        return str(value)

    return read


def text(pattern: str, example: str) -> Reader:
    """Make a reader of text that matches `pattern` as a whole; `example` shows one in the error."""

    def read(value: Any) -> str:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            raise PlainError(f"is {value!r}: write something like {example!r}")
        return value

    return read


def yes_no(value: Any) -> bool:
    """Read true or false."""
    if not isinstance(value, bool):
        raise PlainError(f"is {value!r}: write true or false")
    return value


def tables(example: str) -> Reader:
    """Make a reader of one table {…} or a list of them; `example` shows one in the error."""

    def read(value: Any) -> list[dict[str, Any]]:
        found = value if isinstance(value, list) else [value]
        if not all(isinstance(table, dict) for table in found):
            raise PlainError(f"is {value!r}: write it like {example}")
        return found

    return read


def clock_text(ms: int) -> str:
    """Write milliseconds since midnight as "09:00:05", with milliseconds only where there are some."""
    seconds, milliseconds = divmod(ms, 1_000)
    whole_seconds = f"{seconds // 3_600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return f"{whole_seconds}.{milliseconds:03}" if milliseconds else whole_seconds
