"""When a branch is open, in its own time zone: weekdays, lunch, holidays, made-up working days.

Moments are epoch milliseconds, periods are half-open `[from, to)`. Local wall times become moments with the day's own
offset, so a day of summer-time change has 23 or 25 hours and an opening that spans the change its true length.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

HOUR_MS = 3_600_000
MINUTE_MS = 60_000
DAY_MIN = 24 * 60
ONE_DAY = timedelta(days=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)

Period = tuple[int, int]
"""From and to: local minutes since midnight, or epoch milliseconds."""
ALL_DAY: tuple[Period, ...] = ((0, DAY_MIN),)


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """A branch's hours: periods in local minutes for Monday to Sunday, and other ones for single days.

    A holiday is a day with no period; a made-up working day is a day with some. A lunch break is the gap between two
    periods. The default is open always: what no manager has set must not hide a call.
    """

    zone: str = "Asia/Shanghai"
    week: tuple[tuple[Period, ...], ...] = (ALL_DAY,) * 7
    days: Mapping[date, tuple[Period, ...]] = field(default_factory=dict)

    def of_day(self, day: date) -> tuple[Period, ...]:
        """Return the day's opening periods in local minutes."""
        return self.days.get(day, self.week[day.weekday()])

    def open_periods(self, from_ms: int, to_ms: int) -> list[Period]:
        """Return when the branch is open within `[from_ms, to_ms)`, as moments in order that do not touch."""
        if from_ms >= to_ms:
            return []
        day, last = local_date(from_ms, self.zone), local_date(to_ms - 1, self.zone)
        opened: list[Period] = []
        while day <= last:
            opened += [
                (wall_ms(day, start, self.zone), wall_ms(day, end, self.zone, late=True))
                for start, end in self.of_day(day)
            ]
            day += ONE_DAY
        return overlap(merged(opened), [(from_ms, to_ms)])

    def openings(self, from_ms: int, to_ms: int) -> list[int]:
        """Return when the branch opens in the morning within `[from_ms, to_ms)`; after the lunch break it only goes on.

        A branch that was open through midnight does not open.
        """
        day, last = local_date(from_ms, self.zone), local_date(to_ms, self.zone)
        opened = []
        while day <= last:
            if periods := self.of_day(day):
                at_ms = wall_ms(day, min(start for start, _ in periods), self.zone)
                if from_ms <= at_ms < to_ms and not self.open_periods(at_ms - 1, at_ms):
                    opened.append(at_ms)
            day += ONE_DAY
        return opened


@lru_cache(maxsize=64)
def zone_of(name: str) -> ZoneInfo:
    """Return the named time zone."""
    return ZoneInfo(name)


def local(epoch_ms: int, zone: str) -> datetime:
    """Return a moment as the branch's wall clock shows it."""
    return (EPOCH + epoch_ms * MILLISECOND).astimezone(zone_of(zone))


def local_date(epoch_ms: int, zone: str) -> date:
    """Return the branch's date at a moment."""
    return local(epoch_ms, zone).date()


def wall_ms(day: date, minute: int, zone: str, *, late: bool = False) -> int:
    """Return the moment at which the wall clock shows `minute` of `day`; 1440 is the next midnight.

    A time that comes twice, when summer time ends, is the first one, or the second one when `late`.
    """
    days, rest = divmod(minute, DAY_MIN)
    wall = datetime.combine(day + days * ONE_DAY, time(rest // 60, rest % 60), zone_of(zone)).replace(fold=int(late))
    return (wall - EPOCH) // MILLISECOND


def midnight_ms(day: date, zone: str) -> int:
    """Return the moment at which the branch's `day` begins."""
    return wall_ms(day, 0, zone)


def day_start_ms(epoch_ms: int, zone: str) -> int:
    """Return the moment at which the local day of a moment began: the key of a day's sums."""
    return midnight_ms(local_date(epoch_ms, zone), zone)


def hour_start_ms(epoch_ms: int, zone: str) -> int:
    """Return the moment at which the local clock hour of a moment began: what is made again when a fact touches it."""
    offset_ms = (local(epoch_ms, zone).utcoffset() or timedelta()) // MILLISECOND
    return (epoch_ms + offset_ms) // HOUR_MS * HOUR_MS - offset_ms


def merged(periods: Iterable[Period]) -> list[Period]:
    """Return the periods in order, with those that touch or overlap made into one and empty ones left out."""
    union: list[Period] = []
    for start, end in sorted(periods):
        if start >= end:
            continue
        if union and start <= union[-1][1]:
            union[-1] = (union[-1][0], max(end, union[-1][1]))
        else:
            union.append((start, end))
    return union


def overlap(ones: Sequence[Period], others: Sequence[Period]) -> list[Period]:
    """Return what two ordered lists of periods have in common."""
    common: list[Period] = []
    ends = [end for _, end in others]
    for start, end in ones:
        for other_start, other_end in others[bisect_right(ends, start) :]:
            if other_start >= end:
                break
            common.append((max(start, other_start), min(end, other_end)))
    return common


def before(periods: Iterable[Period], until_ms: int) -> list[Period]:
    """Return the part of each period that lies before a moment."""
    return [(start, min(end, until_ms)) for start, end in periods if start < until_ms]


def whole_minutes(periods: Iterable[Period]) -> int:
    """Return how many whole clock minutes lie in the periods."""
    return sum(max(0, end // MINUTE_MS - -(-start // MINUTE_MS)) for start, end in periods)


def covered_minutes(opened: Sequence[Period], evidence: Iterable[Period]) -> tuple[int, int]:
    """Return `(covered, open)` minutes: those open minutes in the whole of which a unit is known to have been up.

    `evidence` are the spans between the first and the last sign of life of each boot.
    """
    return whole_minutes(overlap(opened, merged(evidence))), whole_minutes(opened)
