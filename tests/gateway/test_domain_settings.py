"""Settings of a branch: what a manager may set, and one line for each mistake."""

import re
import tomllib
from datetime import date

import pytest
from thirdring_gateway.domain import settings as settings_module
from thirdring_gateway.domain.hours import ALL_DAY, midnight_ms
from thirdring_gateway.domain.settings import BranchSettings, SettingsError, Tier, parse

OFFICE = ((540, 720), (810, 1050))


def test_nothing_set_is_the_rules_own_numbers() -> None:
    found = parse({})
    assert found == BranchSettings()
    assert (found.timely_rings, found.hold_limit_ms, found.short_ms, found.near_percent) == (3, 60_000, 5_000, 80)
    assert (found.vip_limit_ms(1, 0), found.vip_limit_ms(2, 0), found.vip_limit_ms(3, 0)) == (600_000, 300_000, None)


def test_the_example_of_the_documentation_is_understood() -> None:
    example = str(settings_module.__doc__).partition("out):")[2]
    found = parse(tomllib.loads(re.sub("^    ", "", example, flags=re.MULTILINE)), ("timely_answer",))
    assert (found.branch, found.timely_rings, found.targets_percent) == ("b12", 3, {"timely_answer": 95})
    assert found.hours.week == (OFFICE, (), (), (), (), (), ())
    assert found.hours.days == {date(2026, 10, 1): (), date(2026, 10, 10): ((540, 1050),)}
    assert found.tiers == (Tier(1, 480_000, midnight_ms(date(2026, 11, 1), "Asia/Shanghai")),)


def test_a_limit_is_frozen_at_arrival() -> None:
    found = BranchSettings(tiers=(Tier(1, 600_000), Tier(1, 480_000, since_ms=1_000)))
    assert [found.vip_limit_ms(1, at) for at in (999, 1_000)] == [600_000, 480_000]


def test_hours_that_nobody_set_hide_no_call() -> None:
    assert parse({}).hours.week == (ALL_DAY,) * 7


@pytest.mark.parametrize(
    ("mapping", "line"),
    [
        ({"limit": {}}, "unknown section: `limit`; did you mean `limits`?"),
        ({"limits": {"timely_ring": 3}}, "unknown key in [limits]: `timely_ring`; did you mean `timely_rings`?"),
        ({"limits": {"timely_rings": 0}}, "[limits] timely_rings is 0; give a whole number from 1 to 20"),
        ({"limits": {"timely_rings": True}}, "[limits] timely_rings is True; give a whole number from 1 to 20"),
        ({"limits": 3}, "[limits] must be a section of keys"),
        ({"branch": {"zone": "China"}}, "[branch] zone is 'China'; give a time zone such as Asia/Shanghai"),
        ({"branch": {"name": "B 12"}}, "[branch] name is 'B 12'; give 1 to 32 of a-z, 0-9 and hyphen"),
        ({"hours": {"mo": []}}, "unknown key in [hours]: `mo`; did you mean `mon`?"),
        ({"hours": {"mon": "09:00"}}, "[hours] mon is '09:00'; give a list such as"),
        ({"hours": {"mon": ["9-17"]}}, "[hours] mon names '9-17'; give from and to such as"),
        ({"hours": {"mon": ["17:00-09:00"]}}, "[hours] mon names '17:00-09:00'; give from and to"),
        ({"hours": {"mon": ["20:00-24:01"]}}, "[hours] mon names '20:00-24:01'; give from and to"),
        (
            {"hours": {"mon": ["09:00-12:00", "11:00-13:00"]}},
            "[hours] mon: two periods touch or overlap; make them one",
        ),
        ({"days": {"1 May": []}}, "[days] names '1 May'; give a day such as 2026-10-01"),
        ({"tiers": []}, "[[tiers]] must be one or more tables with tier, limit_ms and perhaps since"),
        ({"tiers": [{"tier": 1}]}, "[[tiers]] limit_ms is None; give a whole number from 1000 to 86400000"),
        ({"tiers": [{"tier": 1, "limit_ms": 2_000}] * 2}, "[[tiers]] gives a tier two limits from the same day on"),
        (
            {"tiers": [{"tier": 1, "limit_ms": 2_000, "since": "May"}]},
            "[[tiers]] since names 'May'; give a day such as",
        ),
        ({"targets": {"reached": 5}}, "unknown key in [targets]: `reached`; did you mean `reach`?"),
        ({"targets": {"reach": 101}}, "[targets] reach is 101; give a whole number from 0 to 100"),
    ],
)
def test_a_mistake_gives_one_line_that_says_how_to_mend_it(mapping: dict[str, object], line: str) -> None:
    with pytest.raises(SettingsError, match="^" + re.escape(line)) as refusal:
        parse(mapping, ("reach",))
    assert "\n" not in str(refusal.value)
