"""`thirdring-unit run` as a real process over a real broker; only its pins are gpiozero's mock ones."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from thirdring_unit.identity import Identity, write

from tests.unit import alsa
from tests.unit.real_broker import PATIENCE_S, Broker, Gateway

pytestmark = [pytest.mark.system, pytest.mark.xdist_group("simulate")]

PROGRAM = [sys.executable, str(Path(__file__).with_name("desk_on_mock_pins.py"))]

PIPES: dict[str, Any] = {"stdin": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}


class Desk:
    """A running unit whose contacts can be moved."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def move(self, *moves: str) -> None:
        """Move contacts: `ring 1` closes one, `ring 0` opens it."""
        assert self.process.stdin
        self.process.stdin.write("".join(f"{move}\n" for move in moves))
        self.process.stdin.flush()

    def kill_recorder(self) -> None:
        """Let the program that records the sound card crash."""
        tasks = Path(f"/proc/{self.process.pid}/task")
        for child in " ".join(path.read_text() for path in tasks.glob("*/children")).split():
            os.kill(int(child), signal.SIGKILL)

    def end(self) -> str:
        """End it as the service manager does, and return its log."""
        self.process.send_signal(signal.SIGTERM)
        _, log = self.process.communicate(timeout=PATIENCE_S)
        assert self.process.returncode == 0, log
        assert "Traceback" not in log
        return log


def settings(folder: Path, port: int, more: str = "") -> Path:
    path = folder / "unit.toml"
    write(folder / "me.json", Identity("b12", "desk-07", "127.0.0.1", port, password="any will do here"))
    path.write_text(
        '[unit]\nbranch = "b12"\nid = "desk-07"\n[line]\ncountry = "CN"\nboot_blind_ms = 0\n'
        f'[outbox]\nresend_ms = 500\n[link]\nidentity_file = "{folder}/me.json"\n{more}'
    )
    return path


@contextmanager
def running(folder: Path, config: Path, environment: Mapping[str, str] = os.environ) -> Iterator[Desk]:
    command = [*PROGRAM, "run", "--config", str(config), "--state", str(folder / "state")]
    with subprocess.Popen(command, env=environment, **PIPES) as process:
        yield Desk(process)
        process.kill()


def test_a_call_on_the_pins_reaches_the_gateway_as_facts(tmp_path: Path, broker: Broker, gateway: Gateway) -> None:
    with running(tmp_path, settings(tmp_path, broker.port)) as desk:
        gateway.wait_for("boot", boot=1)
        desk.move("ring 1")
        gateway.wait_for("ring", boot=1)
        desk.move("ring 0", "loop 1")
        gateway.wait_for("answered", boot=1)
        desk.move("loop 0")
        gateway.wait_for("ended", boot=1)
        desk.move("rate_5 1")
        gateway.wait_for("rated", boot=1)
        log = desk.end()
    assert [kind for kind in gateway.kinds(1) if kind != "clock"] == ["boot", "ring", "answered", "ended", "rated"]
    facts = {fact["kind"]: fact for fact in gateway.facts.values()}
    assert facts["answered"]["rings"] == 1
    assert facts["boot"]["reason"] == "power"
    assert facts["ended"]["by"] == "unknown"  # nobody listens to the line
    assert "desk stops" in log
    assert gateway.said["state"] == {"boot": 1, "s": "lost"}
    assert gateway.said["info"]["model"] == "pi"


@pytest.fixture
def card(tmp_path: Path) -> Iterator[alsa.LiveCard]:
    plugged = alsa.LiveCard(tmp_path / "card")
    yield plugged
    plugged.close()


def test_the_busy_tone_on_the_line_tells_that_the_caller_hung_up(
    tmp_path: Path, broker: Broker, gateway: Gateway, card: alsa.LiveCard
) -> None:
    environment = alsa.configure(tmp_path, [("phone_line", tmp_path / "card")])
    config = settings(tmp_path, broker.port, '[sound]\nline_device = "phone"\n')
    with running(tmp_path, config, environment) as desk:
        gateway.wait_for("boot", boot=1)
        desk.move("ring 1")
        gateway.wait_for("ring", boot=1)
        desk.move("ring 0", "loop 1")
        gateway.wait_for("answered", boot=1)
        card.play(np.concatenate([alsa.tone(450, 350), alsa.silence(350)] * 8))
        card.wait_until_played()
        desk.move("loop 0")
        gateway.wait_for("ended", boot=1)
        log = desk.end()
    (ended,) = gateway.of_kind("ended")
    assert (ended["by"], ended["why"]) == ("caller", "busy tone")
    assert gateway.of_kind("fault") == [], log


def test_a_sound_card_that_is_pulled_out_is_told_and_heard_again_once_it_is_back(
    tmp_path: Path, broker: Broker, gateway: Gateway, card: alsa.LiveCard
) -> None:
    environment = alsa.configure(tmp_path, [("phone_line", tmp_path / "card")])
    config = settings(tmp_path, broker.port, '[sound]\nline_device = "phone"\n')
    with running(tmp_path, config, environment) as desk:
        gateway.wait_for("boot", boot=1)
        card.wait_until_heard()
        alsa.configure(tmp_path, [("other", tmp_path / "card")])
        desk.kill_recorder()
        gateway.wait_until(lambda: len(gateway.of_kind("fault")) == 2)
        alsa.configure(tmp_path, [("phone_line", tmp_path / "card")])
        gateway.wait_until(lambda: len(gateway.of_kind("fault")) == 3)
        log = desk.end()
    crashed, missing, back = gateway.of_kind("fault")
    assert (crashed["what"], crashed["channel"], crashed["on"]) == ("sound", "line", True)
    assert "no sound card is called 'phone'" in missing["why"]
    assert (back["what"], back["channel"], back["on"]) == ("sound", "line", False)
    assert log.count("no sound card") == 1
