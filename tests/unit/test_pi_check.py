"""`thirdring-unit check` as a technician uses it: on real ALSA and a real broker, on pins that a test moves."""

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from thirdring_unit.core.events import INPUTS
from thirdring_unit.pi.checklist import NOTE, OK, WAITING, WRONG, Checklist
from thirdring_unit.pi.checks import TRY, judge

from tests.unit import alsa
from tests.unit.pi_desk import PIPES, PROGRAM, settings
from tests.unit.real_broker import PATIENCE_S, Broker

pytestmark = [pytest.mark.system, pytest.mark.xdist_group("pi faults")]

NOBODY = 1  # a port at which no broker listens
INPUTS_WIRED = 'inputs = ["ring", "loop", "vip_in"]\n'


@pytest.fixture
def microphone(tmp_path: Path) -> Mapping[str, str]:
    sound = np.random.default_rng(3).normal(0, 100, 8_000 * 5).astype(np.int16)
    (tmp_path / "sound.raw").write_bytes(sound.tobytes())
    return alsa.configure(tmp_path, [("phone_line", tmp_path / "sound.raw")])


def config(folder: Path, port: int) -> Path:
    path = settings(folder, port, '[sound]\nline_device = "phone"\n')
    path.write_text(path.read_text().replace("[line]\n", INPUTS_WIRED + "[line]\n", 1))
    return path


def check(folder: Path, path: Path, environment: Mapping[str, str], *options: str, moves: str = "") -> Any:
    """Run the check to its end while somebody moves contacts."""
    command = [*PROGRAM, "check", "--config", str(path), "--state", str(folder / "state"), *options]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, **PIPES) as process:
        stdout, stderr = process.communicate(moves, timeout=PATIENCE_S)
    return process.returncode, stdout, stderr


def test_a_desk_where_all_works_may_open(tmp_path: Path, broker: Broker, microphone: Mapping[str, str]) -> None:
    status, told, errors = check(tmp_path, config(tmp_path, broker.port), microphone, "--no-wait", "--json")
    assert (status, errors) == (0, "")
    found = json.loads(told)
    assert (found["unit"], found["may_open"]) == ("desk-07", True)
    verdicts = {one["part"]: one["verdict"] for one in found["checks"]}
    assert verdicts.pop("clock") in (OK, NOTE)
    parts = ["journal", "light vip", "light prompt", "input ring", "input loop", "input vip_in", "sound line", "broker"]
    assert verdicts == dict.fromkeys(parts, OK)


def test_every_input_is_ticked_off_once_it_was_tried(
    tmp_path: Path, broker: Broker, microphone: Mapping[str, str]
) -> None:
    tried = "".join(f"wait 500\n{name} 1\nwait 60\n{name} 0\n" for name in ("loop", "ring", "vip_in"))
    status, lines, _ = check(tmp_path, config(tmp_path, broker.port), microphone, moves=f"watch 0\n{tried}")
    assert status == 0, lines
    assert lines.endswith("this desk may open\n")
    assert [line.split() for line in lines.splitlines() if "input" in line] == [
        ["ok", "input", name, "works"] for name in ("ring", "loop", "vip_in")
    ]


def test_an_input_that_nobody_tried_or_that_is_stuck_keeps_the_desk_shut(tmp_path: Path, broker: Broker) -> None:
    path = config(tmp_path, broker.port)
    path.write_text(path.read_text().partition("[sound]")[0])
    status, lines, _ = check(tmp_path, path, os.environ, "--seconds", "1", moves="watch 0\nloop 1\n")
    assert status == 1
    assert "wrong   input ring        nobody has tried it" in lines
    assert "wrong   input loop" in lines
    assert "wrong   input vip_in" in lines
    assert lines.endswith("this desk may NOT open\n")


def test_a_broker_and_a_sound_card_that_are_not_there_are_named(tmp_path: Path, microphone: Mapping[str, str]) -> None:
    path = config(tmp_path, NOBODY)
    path.write_text(path.read_text().replace('"phone"', '"headset"'))
    status, lines, errors = check(tmp_path, path, microphone, "--no-wait")
    assert (status, errors) == (1, "")
    assert "no sound card is called 'headset'; there are phone_line" in lines
    assert f"wrong   broker            127.0.0.1:{NOBODY}: " in lines


@pytest.mark.parametrize(
    ("amplitude", "verdict", "says"),
    [
        (0, WRONG, "no sound at all"),
        (30, OK, "ambient"),
        (9_000, NOTE, "loud around here"),
        (60_000, WRONG, "overloaded"),
    ],
)
def test_a_microphone_is_judged_by_its_level(amplitude: int, verdict: str, says: str) -> None:
    sound = np.random.default_rng(5).normal(0, amplitude, (100, 160)).clip(-32768, 32767).astype(np.int16)
    judged, words = judge(sound)
    assert judged == verdict, words
    assert says in words


def test_a_desk_may_open_when_nothing_is_wrong_and_nothing_waits() -> None:
    found = Checklist()
    found.put("clock", NOTE, "not known")
    assert found.may_open
    found.put("input ring", WAITING, "ring")
    assert (found.may_open, found.waiting) == (False, ["input ring"])
    found.put("input ring", OK, "works")
    assert found.may_open


def test_a_technician_is_told_for_every_input_how_to_try_it() -> None:
    assert set(TRY) == set(INPUTS)
