"""A Pico and a desk on CPython, given the same edges, publish the same facts to the same gateway."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from thirdring_gateway.demo.desks import identity_file
from thirdring_unit.sim import scenario
from thirdring_unit.sim.day import work_out
from thirdring_unit.sim.edges import edges

from tests.pico.bench import BRANCH, Gateway, Pico, until

pytestmark = [pytest.mark.system, pytest.mark.slow]

DAY = """
desk = "desk-08"
ears = "none"
raw_ring = true

[[call]]
at = "09:00:30"
rings = 2
talk = "30 s"
rating = 5
resolved = true

[[call]]
at = "09:02:30"
rings = 4
talk = "60 s"
hold = { for = "75 s", how = "key" }
hangup = "agent"
rating = 2

[[call]]
at = "09:06:00"
rings = 1
talk = "20 s"
hold = { for = "15 s", how = "flash" }

[[missed]]
at = "09:08:00"
rings = 3

[[vip]]
at = "09:08:30"
tier = 2
served_after = "1 min"
"""


def test_a_pico_and_a_desk_on_cpython_tell_the_same_facts_to_the_byte(
    tmp_path: Path, gateway: Gateway, pico: Pico
) -> None:
    (tmp_path / "day.toml").write_text(DAY)
    identity = identity_file(gateway.state, "desk-08")
    desk = [sys.executable, str(Path(sys.executable).parent / "thirdring-unit"), "simulate", "--once", "--pace", "100"]
    desk += ["--scenario", str(tmp_path / "day.toml"), "--state", str(tmp_path / "desk"), "--identity", str(identity)]
    subprocess.run(desk, check=True, capture_output=True, timeout=120)
    expected = gateway.facts("desk-08")

    day = work_out(scenario.load(tmp_path / "day.toml"))
    pico.write("unit.json", {"unit": {"branch": BRANCH, "id": "desk-07"}, "line": {"country": "CN"}})
    pico.world([(at_ms, name, int(active)) for at_ms, name, active in edges(day)], hop_ms=500)
    pico.start()
    until(lambda: len(gateway.facts("desk-07")) >= len(expected), "the Pico does not tell all", 90)
    told = {key: body.replace('"unit":"desk-07"', '"unit":"desk-08"') for key, body in gateway.facts("desk-07").items()}
    assert {"answered", "missed", "held", "rated", "outcome", "vip_served"} < {
        json.loads(each)["kind"] for each in told.values()
    }
    assert told == expected
    assert gateway.refused() == 0
