"""`thirdring-unit run` as a real process over a real broker; only its pins are gpiozero's mock ones."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.unit import alsa
from tests.unit.pi_desk import running, settings
from tests.unit.real_broker import PATIENCE_S, Broker, Gateway

pytestmark = [pytest.mark.system, pytest.mark.xdist_group("simulate")]


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
    assert "no sound" not in log


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


def test_the_service_manager_hears_that_the_unit_is_ready_alive_and_at_its_end(
    tmp_path: Path, broker: Broker, gateway: Gateway
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(PATIENCE_S)
        told = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "200000"}
        with running(tmp_path, settings(tmp_path, broker.port), os.environ | told) as desk:
            gateway.wait_for("boot", boot=1)
            words = [manager.recv(100) for _ in range(4)]
            desk.end()
        words += iter(lambda: manager.recv(100), b"STOPPING=1")
    assert words[:4] == [b"READY=1"] + [b"WATCHDOG=1"] * 3
    assert set(words[4:]) <= {b"WATCHDOG=1"}


def test_a_desk_that_listens_to_nothing_holds_nothing_of_sound_in_memory() -> None:
    program = "import sys, thirdring_unit.cli, thirdring_unit.pi.main; print({'numpy', 'webrtcvad'} & {*sys.modules})"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout == "set()\n"
