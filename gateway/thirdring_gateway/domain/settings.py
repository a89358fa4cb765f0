"""What a manager may set for a branch: limits, hours, VIP tiers, targets; with the rules' own numbers as defaults.

As a file (every section and key may be left out):

    [branch]
    name = "b12"
    zone = "Asia/Shanghai"

    [limits]
    timely_rings = 3

    [hours]
    mon = ["09:00-12:00", "13:30-17:30"]

    [days]
    2026-10-01 = []                       # a holiday
    2026-10-10 = ["09:00-17:30"]          # a made-up working day

    [[tiers]]
    tier = 1
    limit_ms = 480000
    since = 2026-11-01                    # for those who come from this day on

    [targets]
    timely_answer = 95                    # per cent
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from re import ASCII, fullmatch
from zoneinfo import ZoneInfoNotFoundError

from thirdring_unit.core.wire import is_name

from thirdring_gateway.domain.hours import ALL_DAY, DAY_MIN, OpeningHours, Period, merged, midnight_ms, zone_of

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONGEST_LIMIT_MS = 24 * 3_600_000
HIGHEST_TIER = 99
LIMITS: dict[str, tuple[int, int]] = {
    "timely_rings": (1, 20),
    "hold_limit_ms": (1_000, LONGEST_LIMIT_MS),
    "short_ms": (0, 60_000),
    "near_percent": (1, 100),
    "satisfied_score": (1, 5),
    "rating_pause_ms": (0, 60_000),
    "repeat_days": (0, 365),
    "loud_percent": (0, 100),
    "coverage_percent": (0, 100),
}
"""The settings of section [limits] with their lowest and highest values."""


class SettingsError(ValueError):
    """A setting is wrong: one line that names it and says how to mend it."""


@dataclass(frozen=True, slots=True)
class Tier:
    """The waiting limit of a VIP tier for those who come at or after `since_ms` (R16)."""

    tier: int
    limit_ms: int
    since_ms: int = 0


SHIPPED_TIERS = (Tier(1, 600_000), Tier(2, 300_000))
"""A default and not a standard: no document fixes the limits."""


@dataclass(frozen=True, slots=True)
class BranchSettings:
    """All settings of a branch that its numbers depend on."""

    branch: str = "branch"
    hours: OpeningHours = field(default_factory=OpeningHours)
    timely_rings: int = 3
    hold_limit_ms: int = 60_000
    short_ms: int = 5_000
    near_percent: int = 80
    satisfied_score: int = 4
    rating_pause_ms: int = 5_000
    repeat_days: int = 7
    loud_percent: int = 10
    coverage_percent: int = 90
    tiers: tuple[Tier, ...] = SHIPPED_TIERS
    targets_percent: Mapping[str, int] = field(default_factory=dict)

    def vip_limit_ms(self, tier: int | None, arrived_ms: int) -> int | None:
        """Return the limit that was in force for `tier` when the customer came; None for a tier that nobody set."""
        known = [entry for entry in self.tiers if entry.tier == tier and entry.since_ms <= arrived_ms]
        return max(known, key=lambda entry: entry.since_ms).limit_ms if known else None


def parse(mapping: Mapping[str, object], target_keys: Sequence[str] = ()) -> BranchSettings:
    """Return the settings in a mapping of sections, such as a TOML file's.

    `target_keys` are the rates that may have a target.

    Raises:
        SettingsError: A section, key or value is not one; the first that is found.
    """
    demand_known("section", mapping, ("branch", "limits", "hours", "days", "tiers", "targets"))
    branch = section(mapping, "branch", ("name", "zone"))
    limits = section(mapping, "limits", LIMITS)
    targets = section(mapping, "targets", target_keys)
    zone = demand(branch.get("zone", "Asia/Shanghai"), "[branch] zone", "a time zone such as Asia/Shanghai", is_zone)
    return BranchSettings(
        branch=demand(branch.get("name", "branch"), "[branch] name", "1 to 32 of a-z, 0-9 and hyphen", is_name),
        hours=OpeningHours(zone, week_of(section(mapping, "hours", WEEKDAYS)), days_of(section(mapping, "days"))),
        tiers=tiers_of(mapping.get("tiers"), zone),
        targets_percent={key: whole(value, f"[targets] {key}", (0, 100)) for key, value in targets.items()},
        **{key: whole(value, f"[limits] {key}", LIMITS[key]) for key, value in limits.items()},
    )


def week_of(hours: Mapping[str, object]) -> tuple[tuple[Period, ...], ...]:
    """Return the hours of each weekday: with none set the branch is always open, else it is closed where not set."""
    if not hours:
        return (ALL_DAY,) * len(WEEKDAYS)
    return tuple(periods_of(hours.get(day, []), f"[hours] {day}") for day in WEEKDAYS)


def days_of(days: Mapping[str, object]) -> dict[date, tuple[Period, ...]]:
    """Return the hours of single days."""
    return {date_of(day, "[days]"): periods_of(periods, f"[days] {day}") for day, periods in days.items()}


def periods_of(value: object, where: str) -> tuple[Period, ...]:
    """Return the opening periods of a day, in order."""
    if not isinstance(value, list):
        raise SettingsError(f'{where} is {value!r:.60}; give a list such as ["09:00-12:00", "13:30-17:30"]')
    periods = [period_of(each, where) for each in value]
    if merged(periods) != sorted(periods):
        raise SettingsError(f"{where}: two periods touch or overlap; make them one")
    return tuple(sorted(periods))


def period_of(value: object, where: str) -> Period:
    """Return one period in minutes since midnight; 24:00 is the end of the day."""
    start, _, end = str(value).partition("-")
    opens, closes = minute_of(start), minute_of(end)
    if opens is None or closes is None or opens >= closes:
        raise SettingsError(f'{where} names {value!r:.60}; give from and to such as "09:00-17:30", at most "24:00"')
    return opens, closes


def minute_of(text: str) -> int | None:
    """Return the minute of the day that a text such as 09:30 names, None when it is no such text."""
    match = fullmatch(r"(\d{1,2}):([0-5]\d)", text.strip(), ASCII)
    minute = int(match[1]) * 60 + int(match[2]) if match else None
    return minute if minute is not None and minute <= DAY_MIN else None


def tiers_of(value: object, zone: str) -> tuple[Tier, ...]:
    """Return the VIP tiers with the history of their limits."""
    if value is None:
        return SHIPPED_TIERS
    if not isinstance(value, list) or not value or not all(isinstance(each, dict) for each in value):
        raise SettingsError("[[tiers]] must be one or more tables with tier, limit_ms and perhaps since")
    tiers = tuple(tier_of(each, zone) for each in value)
    if len({(each.tier, each.since_ms) for each in tiers}) < len(tiers):
        raise SettingsError("[[tiers]] gives a tier two limits from the same day on; keep one")
    return tiers


def tier_of(entry: Mapping[str, object], zone: str) -> Tier:
    """Return one limit of one tier."""
    demand_known("key in [[tiers]]", entry, ("tier", "limit_ms", "since"))
    since = entry.get("since")
    return Tier(
        whole(entry.get("tier"), "[[tiers]] tier", (1, HIGHEST_TIER)),
        whole(entry.get("limit_ms"), "[[tiers]] limit_ms", (1_000, LONGEST_LIMIT_MS)),
        0 if since is None else midnight_ms(date_of(since, "[[tiers]] since"), zone),
    )


# ---- checks


def section(
    mapping: Mapping[str, object], name: str, keys: Sequence[str] | Mapping[str, object] | None = None
) -> dict[str, object]:
    """Return a section, empty when it is left out, with none but the known keys."""
    content = mapping.get(name, {})
    if not isinstance(content, dict):
        raise SettingsError(f"[{name}] must be a section of keys")
    if keys is not None:
        demand_known(f"key in [{name}]", content, tuple(keys))
    return content


def demand_known(what: str, names: Mapping[str, object], known: Sequence[str]) -> None:
    """Refuse a name that is not known, with the one that was perhaps meant."""
    for name in names:
        if name not in known:
            near = get_close_matches(str(name), known, 1)
            hint = f"did you mean `{near[0]}`?" if near else f"known are {', '.join(known)}"
            raise SettingsError(f"unknown {what}: `{name}`; {hint}")


def demand(value: object, where: str, words: str, fits: Callable[[str], bool]) -> str:
    """Return a text that fits."""
    if not isinstance(value, str) or not fits(value):
        raise SettingsError(f"{where} is {value!r:.60}; give {words}")
    return value


def whole(value: object, where: str, bounds: tuple[int, int]) -> int:
    """Return a whole number within its bounds."""
    if type(value) is not int or not bounds[0] <= value <= bounds[1]:
        raise SettingsError(f"{where} is {value!r:.60}; give a whole number from {bounds[0]} to {bounds[1]}")
    return value


def date_of(value: object, where: str) -> date:
    """Return a day, given as such or as a text."""
    try:
        return value if type(value) is date else date.fromisoformat(str(value))
    except ValueError:
        raise SettingsError(f"{where} names {value!r:.60}; give a day such as 2026-10-01") from None


def is_zone(name: str) -> bool:
    """Tell whether a time zone of that name exists."""
    try:
        return bool(zone_of(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
