"""`thirdring-unit simulate` as a real process over a real broker."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from thirdring_unit.identity import Identity, write

from tests.unit.real_broker import PATIENCE_S, Broker, Gateway

pytestmark = [pytest.mark.system, pytest.mark.xdist_group("simulate")]

PACE = 100
DAY = """
desk = "desk-07"
starts = "09:00:00"
[[call]]
at = "09:00:20"
rings = 2
talk = "100 s"
hangup = "caller"
rating = 5
[[missed]]
at = "09:03:00"
rings = 3
"""
WHOLE_DAY = ["boot", "ring", "ring", "answered", "ended", "rated", "ring", "ring", "ring", "missed"]


def desk(tmp_path: Path, port: int, *options: str) -> subprocess.Popen[str]:
    story = tmp_path / "day.toml"
    story.write_text(DAY)
    identity = tmp_path / "identity.json"
    write(identity, Identity("b12", "desk-07", "127.0.0.1", port, password="any will do here"))
    options = ("--scenario", str(story), "--state", str(tmp_path / "state"), "--identity", str(identity), *options)
    command = [sys.executable, "-c", "from thirdring_unit.cli import main; main()", "simulate", *options]
    return subprocess.Popen(
        [*command, "--pace", str(PACE)], stderr=subprocess.PIPE, text=True, env=os.environ | {"PYTHONUNBUFFERED": "1"}
    )


def test_a_simulated_day_reaches_the_gateway_as_facts_and_lights_and_ends_by_itself(
    tmp_path: Path, broker: Broker, gateway: Gateway
) -> None:
    with desk(tmp_path, broker.port, "--once") as running:
        assert running.wait(PATIENCE_S) == 0, running.stderr and running.stderr.read()
    assert gateway.kinds(1) == WHOLE_DAY
    ended = next(fact for fact in gateway.facts.values() if fact["kind"] == "ended")
    assert (ended["by"], ended["why"]) == ("caller", "busy tone")
    assert abs(ended["talk_ms"] - 100_000) < 4_000  # the busy tone is listened to for a while
    assert gateway.said["light/state"]["vip"] == "off"
    assert gateway.said["state"] == {"boot": 1, "s": "lost"}  # its last word


def test_a_desk_that_is_killed_goes_on_where_its_world_stood_and_tells_nothing_twice(
    tmp_path: Path, broker: Broker, gateway: Gateway
) -> None:
    with desk(tmp_path, broker.port) as killed:
        gateway.wait_for("answered", boot=1)
        killed.send_signal(signal.SIGKILL)
    stood = (tmp_path / "state/position").read_text()
    assert int(stood.split()[1]) >= 21_000
    with desk(tmp_path, broker.port, "--once") as revived:
        assert revived.wait(PATIENCE_S) == 0, revived.stderr and revived.stderr.read()
    assert gateway.kinds(1) == ["boot", "ring", "ring", "answered"]
    # the call of the former boot has no end here, and the rating after it belongs to no call of this boot
    assert gateway.kinds(2) == ["boot", "rated", "ring", "ring", "ring", "missed"]
    assert [key[1] for key in sorted(gateway.facts) if key[0] == 2] == [1, 2, 3, 4, 5, 6]


def test_a_desk_ends_cleanly_when_told_to(tmp_path: Path, broker: Broker, gateway: Gateway) -> None:
    with desk(tmp_path, broker.port) as running:
        gateway.wait_for("boot", boot=1)
        running.terminate()
        assert running.wait(PATIENCE_S) == 0
        log = running.stderr.read() if running.stderr else ""
    assert "desk stops" in log
    assert "Traceback" not in log
    assert gateway.said["state"]["s"] == "lost"


def test_facts_of_the_time_without_a_broker_come_once_it_is_back(
    tmp_path: Path, broker: Broker, gateway: Gateway
) -> None:
    with desk(tmp_path, broker.port, "--once") as running:
        gateway.wait_for("boot", boot=1)
        broker.stop()
        broker.start()
        _, log = running.communicate(timeout=PATIENCE_S)
    assert running.returncode == 0, log
    assert gateway.kinds(1) == WHOLE_DAY
    assert [word for word in log.split('"') if word in ("link up", "link down")][:3] == [
        "link up",
        "link down",
        "link up",
    ]
