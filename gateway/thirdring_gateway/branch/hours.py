"""Opening hours as people write them: `09:00-12:00, 13:30-17:30`, and single days with their own."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise

from thirdring_gateway.domain.hours import DAY_MIN, Period

ONE_DAY = timedelta(days=1)
MOST_DAYS = 366
TIME = re.compile("(\\d{1,2})[:\uff1a](\\d{2})")
DASHES = re.compile("\\s*(?:-|\u2013|\u2014|~|至|to)\\s*")
BETWEEN = re.compile("[,;、\uff0c\uff1b]")
"""Also as a Chinese keyboard types them."""
LINE = re.compile(r"(?P<first>\d{4}-\d{2}-\d{2})(?:\s*\.\.\s*(?P<last>\d{4}-\d{2}-\d{2}))?\s*(?P<hours>.*)")
CLOSED = ("closed", "休息", "放假", "")


class HoursError(ValueError):
    """Something that is no opening hour; `what` is the part that was not understood."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


def parse_hours(text: str) -> list[Period]:
    """Return the periods of `09:00-12:00, 13:30-17:30` in minutes, none for a closed day; raises HoursError."""
    if text.strip().lower() in CLOSED:
        return []
    periods = [parse_period(part) for part in BETWEEN.split(text)]
    for (_, end), (start, _) in pairwise(periods):
        if end > start:
            raise HoursError(text.strip())
    return periods


def parse_period(text: str) -> Period:
    """Return one period in minutes."""
    parts = DASHES.split(text.strip())
    if len(parts) != len(("from", "to")):
        raise HoursError(text.strip())
    start, end = (parse_time(part) for part in parts)
    if start >= end:
        raise HoursError(text.strip())
    return start, end


def parse_time(text: str) -> int:
    """Return a time of day in minutes; 24:00 is the end of the day."""
    match = TIME.fullmatch(text.strip())
    minutes = int(match[1]) * 60 + int(match[2]) if match and int(match[2]) < 60 else DAY_MIN + 1  # noqa: PLR2004
    if minutes > DAY_MIN:
        raise HoursError(text.strip())
    return minutes


def parse_days(text: str) -> dict[str, list[Period]]:
    """Return the hours of single days, one line each: `2026-10-01..2026-10-07 closed`; raises HoursError."""
    days: dict[str, list[Period]] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        match = LINE.fullmatch(line)
        if not match:
            raise HoursError(line)
        try:
            first = date.fromisoformat(match["first"])
            last = date.fromisoformat(match["last"] or match["first"])
        except ValueError:
            raise HoursError(line) from None
        if not first <= last <= first + ONE_DAY * MOST_DAYS:
            raise HoursError(line)
        hours = parse_hours(match["hours"])
        days |= {(first + ONE_DAY * place).isoformat(): hours for place in range((last - first).days + 1)}
    return days


def written_hours(periods: Iterable[Sequence[int]], closed: str) -> str:
    """Return the periods as people write them."""
    return ", ".join(f"{written_time(start)}-{written_time(end)}" for start, end in periods) or closed


def written_time(minutes: int) -> str:
    """Return a time of day."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def written_days(days: Mapping[date, Iterable[Sequence[int]]], closed: str) -> str:
    """Return the days with their own hours, one line for each run of days alike."""
    runs: list[tuple[date, date, str]] = []
    for day, periods in sorted(days.items()):
        hours = written_hours(periods, closed)
        if runs and runs[-1][1] + ONE_DAY == day and runs[-1][2] == hours:
            runs[-1] = (runs[-1][0], day, hours)
        else:
            runs.append((day, day, hours))
    return "\n".join(f"{first} {hours}" if first == last else f"{first}..{last} {hours}" for first, last, hours in runs)
