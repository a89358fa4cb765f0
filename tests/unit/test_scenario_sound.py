"""A scenario by its sound, through the real ears and the core: the facts must tell the story's own numbers."""

from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
from thirdring_unit import replay
from thirdring_unit.sim.day import END_MS, work_out
from thirdring_unit.sim.render import render
from thirdring_unit.sim.scenario import shipped
from thirdring_unit.sim.simulate import settings_for
from thirdring_unit.sim.story import Call, Hold, Scenario
from thirdring_unit.sim.truth import truth
from thirdring_unit.sim.world import World
from thirdring_unit.virtual import VirtualDesk

from tests.unit.test_scenario_facts import counted, sorted_by_kind

HEARD_MS = 1_000  # the ends of a hold that is heard are known to about half a second
DAY = Scenario(
    desk="desk-07",
    calls=(
        Call(15_000, "answered", rings=2, talk_ms=30_000, holds=(Hold(40_000, "silence"),)),
        Call(120_000, "answered", rings=4, talk_ms=30_000, holds=(Hold(62_000, "flash"),), hangup="agent"),
        Call(260_000, "missed", rings=3),
        Call(300_000, "answered", rings=1, talk_ms=20_000, transfer_ms=15_000),
        Call(360_000, "answered", rings=3, talk_ms=30_000, holds=(Hold(65_000, "music"),)),
    ),
)


def simulated(scenario: Scenario, folder: Path) -> list[bytes]:
    """Let a scenario's own sound and edges happen to a unit as `simulate` does, but in virtual time."""
    day, lines = work_out(scenario), list[bytes]()
    desk = VirtualDesk(settings_for(scenario), lines.append, "power")
    for at_ms, event in World(day, folder / "position").due(day.end_ms):
        desk.bring(at_ms, event)
    desk.run_for(END_MS)
    return lines


def replayed(scenario: Scenario, folder: Path) -> list[bytes]:
    """Render a scenario's recordings and replay them."""
    unit, edges, line, agent, _room = render(scenario, folder)
    sounds = {"line": line} | ({"agent": agent} if scenario.ears == "both" else {})
    lines: list[bytes] = []
    replay.replay(replay.settings_for(unit, edges, sounds), edges, sounds, lines.append)
    return lines


def agree(lines: list[bytes], scenario: Scenario) -> None:
    told, expected = counted(sorted_by_kind(lines)), truth([scenario])
    assert told.rates == expected.rates
    for key, (count, total_ms, _) in expected.durations.items():
        assert told.durations[key][0] == count, key
        assert abs(told.durations[key][1] - total_ms) <= HEARD_MS * count, key


def without_levels(lines: list[bytes]) -> list[bytes]:
    """Leave out the levels, which a recording tells at its end, and the first fact: why the unit began."""
    return [line for line in lines[1:] if b'"kind":"level"' not in line]


@pytest.mark.parametrize(("ears", "country", "raw_ring"), [("both", "CN", True), ("line", "GB", False)])
def test_recordings_tell_their_own_story_and_the_simulated_desk_hears_the_same(
    tmp_path: Path, ears: Literal["both", "line"], country: str, raw_ring: bool
) -> None:
    scenario = replace(DAY, ears=ears, country=country, raw_ring=raw_ring)
    recorded = replayed(scenario, tmp_path)
    agree(recorded, scenario)
    assert without_levels(simulated(scenario, tmp_path)) == without_levels(recorded)


@pytest.mark.parametrize("scenario", shipped(), ids=lambda scenario: scenario.desk)
def test_a_shipped_desk_tells_its_own_story_by_its_sound(tmp_path: Path, scenario: Scenario) -> None:
    agree(simulated(scenario, tmp_path), scenario)
