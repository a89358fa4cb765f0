"""The period that a page is about: whole days of the branch, picked by name or by two dates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from thirdring_gateway.domain.hours import local_date, midnight_ms

ONE_DAY = timedelta(days=1)
MOST_DAYS = 400
CUSTOM = "custom"
NAMES: dict[str, Promise] = {
    "today": _("Today"),
    "yesterday": _("Yesterday"),
    "week": _("Last 7 days"),
    "month": _("Last 30 days"),
    "this-month": _("This month"),
    "last-month": _("Last month"),
    CUSTOM: _("From … to …"),
}
KINDS: dict[str, Promise] = {
    "day": _("Daily report"),
    "week": _("Weekly report"),
    "month": _("Monthly report"),
}
"""The periods of regular reports; a week begins on Monday."""


class PeriodError(ValueError):
    """A period that cannot be shown; its text is for the person who asked."""


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `first` to `last`, both included, in the time zone `zone`."""

    name: str
    first: date
    last: date
    zone: str

    @property
    def from_ms(self) -> int:
        """The moment at which the first day begins."""
        return midnight_ms(self.first, self.zone)

    @property
    def to_ms(self) -> int:
        """The moment at which the day after the last one begins."""
        return midnight_ms(self.last + ONE_DAY, self.zone)

    @property
    def days(self) -> list[date]:
        """Every day of the period."""
        return [self.first + ONE_DAY * place for place in range((self.last - self.first).days + 1)]

    @property
    def before(self) -> "Period":
        """The period of the same length that ended when this one began."""
        length = self.last - self.first + ONE_DAY
        return Period(CUSTOM, self.first - length, self.first - ONE_DAY, self.zone)

    @property
    def query(self) -> str:
        """The period as part of an address; a named one stays named, so that a bookmark moves on with the days."""
        if self.name != CUSTOM:
            return f"period={self.name}"
        return f"period={CUSTOM}&from={self.first.isoformat()}&to={self.last.isoformat()}"


def period_of(asked: Mapping[str, str], now_ms: int, zone: str, otherwise: str = "week") -> Period:
    """Return the period that an address asks for; raises PeriodError for dates that make none."""
    today = local_date(now_ms, zone)
    name = asked.get("period", otherwise)
    if name == CUSTOM or "from" in asked:
        return custom(asked, today, zone)
    first, last = named(name if name in NAMES else otherwise, today)
    return Period(name if name in NAMES else otherwise, first, last, zone)


def custom(asked: Mapping[str, str], today: date, zone: str) -> Period:
    """Return the period between two dates."""
    try:
        first = date.fromisoformat(asked.get("from") or today.isoformat())
        last = date.fromisoformat(asked.get("to") or today.isoformat())
    except ValueError:
        raise PeriodError(_("A date looks like 2026-11-02.")) from None
    if not first <= last or (last - first).days >= MOST_DAYS:
        raise PeriodError(_("The first day comes before the last one, at most 400 days apart."))
    if first.year < 2000 or last.year > 2999:  # noqa: PLR2004 -- no ledger reaches beyond
        raise PeriodError(_("The years 2000 to 2999 can be shown."))
    return Period(CUSTOM, first, last, zone)


def named(name: str, today: date) -> tuple[date, date]:
    """Return the first and the last day of a named period."""
    month = today.replace(day=1)
    return {
        "today": (today, today),
        "yesterday": (today - ONE_DAY, today - ONE_DAY),
        "week": (today - 6 * ONE_DAY, today),
        "month": (today - 29 * ONE_DAY, today),
        "this-month": (month, today),
        "last-month": ((month - ONE_DAY).replace(day=1), month - ONE_DAY),
    }[name]


def around(kind: str, day: date, zone: str) -> Period:
    """Return the day, the week or the month that `day` lies in."""
    monday, first = day - day.weekday() * ONE_DAY, day.replace(day=1)
    next_month = (first + 31 * ONE_DAY).replace(day=1)
    start, end = {
        "day": (day, day),
        "week": (monday, monday + 6 * ONE_DAY),
        "month": (first, next_month - ONE_DAY),
    }[kind]
    return Period(CUSTOM, start, end, zone)
