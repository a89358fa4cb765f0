"""The branch's settings between the database and the domain's `BranchSettings`."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max

import thirdring_gateway.ledger.tables  # noqa: F401 -- sets Django up, before any model is imported
from thirdring_gateway.branch.models import Desk, Setting
from thirdring_gateway.domain.hours import OpeningHours, Period
from thirdring_gateway.domain.settings import BranchSettings, Tier

WHOLE = ("timely_rings", "hold_limit_ms", "short_ms", "near_percent", "satisfied_score", "coverage_percent")
"""Settings that are one whole number each, by the name that BranchSettings gives them."""
ZONE, WEEK, DAYS, TIERS, TARGETS = "zone", "week", "days", "tiers", "targets_percent"


def revision() -> int:
    """Return a number that rises with every change, 0 when nothing was ever changed."""
    return Setting.objects.aggregate(latest=Max("revision"))["latest"] or 0


def stored() -> dict[str, Any]:
    """Return everything that was changed, by key."""
    return dict(Setting.objects.values_list("key", "value"))


def load(base: BranchSettings) -> BranchSettings:
    """Return the settings of the branch: `base`, with what people changed since."""
    return settings_of(base, stored())


@transaction.atomic
def save(key: str, value: Any) -> None:
    """Store a setting."""
    Setting.objects.update_or_create(key=key, defaults={"value": value, "revision": revision() + 1})


def values_of(settings: BranchSettings) -> dict[str, Any]:
    """Return the settings as they would be stored: what `settings_of` makes of them is `settings` again."""
    numbers = {name: getattr(settings, name) for name in WHOLE}
    return numbers | {
        ZONE: settings.hours.zone,
        WEEK: [written(day) for day in settings.hours.week],
        DAYS: {day.isoformat(): written(periods) for day, periods in settings.hours.days.items()},
        TIERS: [[tier.tier, tier.limit_ms, tier.since_ms] for tier in settings.tiers],
        TARGETS: dict(settings.targets_percent),
    }


def written(periods: Sequence[Period]) -> list[list[int]]:
    """Return periods as they are stored."""
    return [list(period) for period in periods]


def settings_of(base: BranchSettings, values: Mapping[str, Any]) -> BranchSettings:
    """Return `base` with the stored values in place of its own."""
    numbers: dict[str, Any] = {name: values[name] for name in WHOLE if name in values}
    return replace(
        base,
        hours=hours_of(base.hours, values),
        tiers=tuple(Tier(*row) for row in values[TIERS]) if TIERS in values else base.tiers,
        targets_percent=dict(values.get(TARGETS, base.targets_percent)),
        **numbers,
    )


def hours_of(base: OpeningHours, values: Mapping[str, Any]) -> OpeningHours:
    """Return the opening hours of stored values: pairs of minutes for each weekday and for single days."""
    return OpeningHours(
        zone=values.get(ZONE, base.zone),
        week=tuple(periods(day) for day in values[WEEK]) if WEEK in values else base.week,
        days={date.fromisoformat(day): periods(rows) for day, rows in values[DAYS].items()}
        if DAYS in values
        else base.days,
    )


def periods(rows: Sequence[Sequence[int]]) -> tuple[Period, ...]:
    """Return the periods of stored pairs."""
    return tuple((start, end) for start, end in rows)


def titles() -> dict[str, str]:
    """Return what people call the desks, by unit; a desk without a title goes by its unit's name."""
    return dict(Desk.objects.values_list("unit", "title"))


@transaction.atomic
def name_desk(unit: str, title: str) -> str:
    """Call the desk of `unit` by `title` (by its unit's name when empty); return what it was called before."""
    before = titles().get(unit, "")
    if title:
        Desk.objects.update_or_create(unit=unit, defaults={"title": title})
    else:
        Desk.objects.filter(unit=unit).delete()
    return before
