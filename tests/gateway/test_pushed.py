"""The settings that the units are told."""

from dataclasses import replace

from thirdring_gateway.config import Config
from thirdring_gateway.domain.settings import BranchSettings, Tier
from thirdring_gateway.pushed import limits_of, pushed
from thirdring_unit.core import wire
from thirdring_unit.core.parsing import parse

SHIPPED = BranchSettings("b12")
NOW_MS = 1_795_000_000_000


def test_what_nobody_changed_is_not_pushed_and_clears_what_was() -> None:
    (message,) = pushed(Config(SHIPPED, units={"desk-07": {}}), SHIPPED, NOW_MS)
    assert (message.topic, message.payload) == ("thirdring/1/b12/desk-07/config", b"")


def test_changed_limits_reach_the_unit_in_its_own_words() -> None:
    branch = replace(SHIPPED, timely_rings=2, hold_limit_ms=45_000, near_percent=70)
    branch = replace(branch, tiers=(*SHIPPED.tiers, Tier(1, 180_000, NOW_MS), Tier(2, 60_000, NOW_MS + 1)))
    (message,) = pushed(Config(SHIPPED, units={"desk-07": {}}), branch, NOW_MS)
    told = wire.decode("config", message.payload)["settings"]
    unit = parse({**told, "unit": {"branch": "b12", "id": "desk-07"}, "line": {"country": "CN"}})
    assert (unit.rings_limit, unit.near_percent, unit.tiers) == (2, 70, {1: 180_000, 2: 300_000})
    assert told["hold"] == {"limit_ms": 45_000}


def test_a_unit_s_own_setting_wins_over_the_branch_s() -> None:
    branch = replace(SHIPPED, near_percent=70, hold_limit_ms=45_000)
    (message,) = pushed(Config(SHIPPED, units={"desk-07": {"vip": {"near_percent": 60}}}), branch, NOW_MS)
    assert wire.decode("config", message.payload)["settings"] == {
        "hold": {"limit_ms": 45_000},
        "vip": {"near_percent": 60},
    }


def test_the_revision_changes_with_the_content_and_with_nothing_else() -> None:
    config = Config(SHIPPED, units={"desk-07": {}})
    payloads = [pushed(config, replace(SHIPPED, near_percent=n), NOW_MS)[0].payload for n in (70, 70, 60)]
    revisions = [wire.decode("config", payload)["rev"] for payload in payloads]
    assert revisions[0] == revisions[1] != revisions[2]
    assert limits_of(SHIPPED, NOW_MS) == {}


def test_an_enrolled_unit_that_no_settings_name_follows_the_branchs_limits() -> None:
    branch = replace(SHIPPED, hold_limit_ms=45_000)
    (message,) = pushed(Config(SHIPPED), branch, NOW_MS, ["desk-09"])
    assert message.topic == "thirdring/1/b12/desk-09/config"
    assert wire.decode("config", message.payload)["settings"] == {"hold": {"limit_ms": 45_000}}
