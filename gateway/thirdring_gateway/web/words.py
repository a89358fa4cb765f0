"""Numbers, times and names in the words of the reader's language."""

from datetime import date, datetime

from django.utils import formats
from django.utils.translation import get_language, gettext

from thirdring_gateway.domain.hours import local
from thirdring_gateway.domain.kpis import Kpi, Words

NOTHING = "–"
CHINESE = "zh-hans"
TENTH_MS, SECOND_MS, MINUTE_MS, HOUR_MS = 100, 1000, 60_000, 3_600_000


def percent(share: float | None) -> str:
    """Return a share as per cent with one decimal, a dash when there is none."""
    if share is None:
        return NOTHING
    return f"{formats.number_format(round(share * 100, 1), decimal_pos=1)}%"


def whole(number: int | None) -> str:
    """Return a whole number with the separators of the language."""
    return NOTHING if number is None else formats.number_format(number, use_l10n=True, force_grouping=True)


def duration(span_ms: int | None) -> str:
    """Return how long something took: tenths of a second below a minute, whole seconds above.

    What is cut off is never rounded up: nothing that passed its limit may look as if it had not.
    """
    if span_ms is None:
        return NOTHING
    if span_ms < MINUTE_MS:
        return gettext("%(n)s s") % {"n": f"{span_ms // TENTH_MS / 10:.1f}"}
    minutes, seconds = divmod(span_ms // SECOND_MS, 60)
    if span_ms < HOUR_MS and not seconds:
        return gettext("%(m)d min") % {"m": minutes}
    if span_ms < HOUR_MS:
        return gettext("%(m)d min %(s)02d s") % {"m": minutes, "s": seconds}
    hours, minutes = divmod(minutes, 60)
    return gettext("%(h)d h %(m)02d min") % {"h": hours, "m": minutes}


def clock(epoch_ms: int | None, zone: str) -> str:
    """Return the time of day at a moment."""
    return NOTHING if epoch_ms is None else local(epoch_ms, zone).strftime("%H:%M:%S")


def moment(epoch_ms: int | None, zone: str) -> str:
    """Return the date and the time of day at a moment."""
    if epoch_ms is None:
        return gettext("Time not known")
    at = local(epoch_ms, zone)
    return f"{day(at)} {at:%H:%M:%S}"


def day(at: date | datetime) -> str:
    """Return a date with its weekday."""
    if get_language() == CHINESE:
        return f"{at.year}年{at.month}月{at.day}日 周{'一二三四五六日'[at.weekday()]}"
    return formats.date_format(at, "D j M Y")


def days(first: date, last: date) -> str:
    """Return the days of a period, both included."""
    return day(first) if first == last else f"{day(first)} – {day(last)}"


def short_day(at: date) -> str:
    """Return a date for the foot of a chart."""
    return f"{at.month}/{at.day}" if get_language() == CHINESE else formats.date_format(at, "j M")


def weekdays() -> list[str]:
    """Return Monday to Sunday, short."""
    if get_language() == CHINESE:
        return [f"周{name}" for name in "一二三四五六日"]
    return [formats.date_format(date(2024, 1, place), "D") for place in range(1, 8)]


def about(kpi: Kpi) -> Words:
    """Return an indicator's definition in the reader's language."""
    return kpi.zh if get_language() == CHINESE else kpi.en
