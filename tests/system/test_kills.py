"""Broker, gateway and desks are killed at random moments, and at the end every call is counted exactly once."""

import os
import time
from pathlib import Path
from random import Random

import pytest
from django.db import connections
from thirdring_gateway.domain.calls import DIALLED, Call, finish, project
from thirdring_gateway.domain.settings import BranchSettings
from thirdring_gateway.ledger import tables
from thirdring_gateway.ledger.clocks import Clocks
from thirdring_gateway.ledger.database import open_database
from thirdring_gateway.ledger.facts import understood
from thirdring_gateway.reports import as_json, make
from thirdring_unit.sim.truth import truth

from tests.system.branch import Branch

KILLS = int(os.environ.get("THIRDRING_KILLS", "30"))
SEED = int(os.environ.get("THIRDRING_SEED", str(time.time_ns() % 1_000_000)))
PACE = 20
PAUSES_S = (0.3, 1.6)
END_S = 240
DAY_MS = 86_400_000
pytestmark = [pytest.mark.system, pytest.mark.slow]


def test_every_call_is_counted_exactly_once_however_often_anything_is_killed(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with capfd.disabled():
        print(f"\nkills: THIRDRING_SEED={SEED} THIRDRING_KILLS={KILLS}")  # noqa: T201 -- to repeat a failure
    branch = Branch(tmp_path, PACE)
    try:
        harass(branch, Random(SEED))  # noqa: S311 -- repeatable, not secret
        until_all_desks_are_done(branch)
    finally:
        branch.stop()
    assert branch.gateway.returncode == 0
    assert_each_call_once(branch)


def harass(branch: Branch, chance: Random) -> None:
    """Kill something every now and then; waiting is the point here: the moments are random on purpose."""
    kills = 0
    while kills < KILLS and not all(desk.is_done for desk in branch.desks):
        time.sleep(chance.uniform(*PAUSES_S))
        victim = chance.choice(["broker", "gateway", "desk", "desk"])
        if victim == "broker":
            kills += branch.kill_broker()
        elif victim == "gateway":
            kills += branch.kill_gateway()
        else:
            kills += branch.kill_desk(chance.choice(branch.desks))
    assert kills == KILLS, f"the day was over after {kills} kills"


def until_all_desks_are_done(branch: Branch) -> None:
    ends_at = time.monotonic() + END_S
    while not all(desk.is_done for desk in branch.desks):
        assert [desk.failure for desk in branch.desks if desk.failure] == []
        assert time.monotonic() < ends_at, "the desks do not come to an end"
        time.sleep(0.2)


def assert_each_call_once(branch: Branch) -> None:
    open_database(str(branch.state_dir / "ledger.sqlite3"))
    units = [each.desk for each in branch.story.scenarios]
    made = make(BranchSettings("b12"), branch.midnight_ms, branch.midnight_ms + DAY_MS, 0, units)
    for told in branch.story.scenarios:
        of_desk = truth([told])
        expected = of_desk.rates["reach"][1] + of_desk.short
        calls = calls_of(told.desk)
        assert len(calls) == expected, (told.desk, [call.key for call in calls], "SEED", SEED)
        reach = made["desks"][told.desk]["reach"]
        counted = {name: reach[name] for name in ("n", "short", "unknown", "cut", "out_of_hours")}
        dated = [call for call in calls if call.start_ms is not None]
        assert sum(counted.values()) == len(dated), (told.desk, counted, "SEED", SEED)
        assert made["gaps"].get(told.desk, {}).get("undated_calls", 0) >= len(calls) - len(dated), "SEED " + str(SEED)
    assert tables.Quarantine.objects.count() == 0
    assert tables.Boot.objects.exclude(complete_seq=0).count() == tables.Boot.objects.count()
    again = make(BranchSettings("b12"), branch.midnight_ms, branch.midnight_ms + DAY_MS, 0, units)
    assert as_json(again) == as_json(made)
    connections.close_all()


def calls_of(unit: str) -> list[Call]:
    """Return all calls that rang at a desk, by the domain alone and without the ledger's hours.

    A boot that was killed before any of its beats was heard has no time of day: its calls are known, and in no period.
    """
    unit_id = tables.Unit.objects.get(name=unit).pk
    bodies = tables.Fact.objects.filter(boot__unit_id=unit_id).values_list("body", flat=True)
    calls = finish(project(understood(bodies), Clocks(unit_id)).calls)
    return [call for call in calls if call.verdict != DIALLED]
