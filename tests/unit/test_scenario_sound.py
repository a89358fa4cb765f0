"""A scenario by sound alone: its WAV files through the ears and the core must tell the story's own numbers."""

from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
from thirdring_unit.replay import replay, settings_for
from thirdring_unit.sim.render import render
from thirdring_unit.sim.story import Call, Hold, Scenario
from thirdring_unit.sim.truth import truth

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


@pytest.mark.parametrize(("ears", "country"), [("both", "CN"), ("line", "GB")])
def test_a_desk_that_listens_tells_its_own_story(tmp_path: Path, ears: Literal["both", "line"], country: str) -> None:
    scenario = replace(DAY, ears=ears, country=country)
    unit, edges, line, agent, _room = render(scenario, tmp_path)
    sounds = {"line": line} | ({"agent": agent} if ears == "both" else {})
    lines: list[bytes] = []
    replay(settings_for(unit, edges, sounds), edges, sounds, lines.append)
    told, expected = counted(sorted_by_kind(lines)), truth([scenario])
    assert told.rates == expected.rates
    for key, (count, total_ms, _) in expected.durations.items():
        assert told.durations[key][0] == count, key
        assert abs(told.durations[key][1] - total_ms) <= HEARD_MS * count, key
