"""What the service manager is told, and what it is told about the unit."""

import shutil
import socket
import subprocess
from importlib.resources import files
from pathlib import Path

import pytest
import structlog
from thirdring_unit.drivers.log import BURST, BURST_S, Bounded
from thirdring_unit.pi import service

EXPOSURE_MAX = "25"  # tenths: systemd calls 2.0 to 5.0 "OK", and a common service has 9.6
SYSTEMD = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(SYSTEMD is None, reason="there is no systemd-analyze here to judge the service file")


@pytest.fixture
def service_file(tmp_path: Path) -> Path:
    """The shipped file, with a program that is on this machine."""
    text = (files("thirdring_unit") / "pi/thirdring-unit.service").read_text(encoding="utf-8")
    path = tmp_path / "thirdring-unit.service"
    path.write_text(text.replace("/opt/thirdring/bin/thirdring-unit", "/bin/true"), encoding="utf-8")
    return path


@needs_systemd
def test_systemd_understands_every_line_of_the_service_file(service_file: Path) -> None:
    verdict = subprocess.run(["systemd-analyze", "verify", service_file], capture_output=True, text=True, check=False)
    assert (verdict.returncode, verdict.stderr) == (0, "")


@needs_systemd
def test_the_service_can_touch_little_but_its_pins_sound_and_state(service_file: Path) -> None:
    command = ["systemd-analyze", "security", "--offline=true", f"--threshold={EXPOSURE_MAX}", str(service_file)]
    verdict = subprocess.run(command, capture_output=True, text=True, check=False)
    assert verdict.returncode == 0, verdict.stdout


def test_the_service_manager_hears_what_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(5)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        service.notify(service.READY)
        assert manager.recv(100) == b"READY=1"


def test_nobody_is_told_where_no_service_manager_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    service.notify(service.READY)
    monkeypatch.delenv("WATCHDOG_USEC", raising=False)
    assert service.watchdog_ms() is None
    monkeypatch.setenv("WATCHDOG_USEC", "60000000")
    assert service.watchdog_ms() == 60_000


def test_a_storm_of_the_same_line_is_cut_and_counted_while_other_lines_pass() -> None:
    now_s = 0.0
    bounded = Bounded(lambda: now_s)
    passed = [line for line in range(100) if passes(bounded, "no sound")]
    assert passed == list(range(BURST))
    assert passes(bounded, "link down") == {"event": "link down"}
    now_s = BURST_S
    assert passes(bounded, "no sound") == {"event": "no sound", "left_out": 100 - BURST}
    assert passes(bounded, "no sound") == {"event": "no sound"}


def passes(bounded: Bounded, event: str) -> "dict[str, object] | None":
    try:
        return dict(bounded(None, "info", {"event": event}))
    except structlog.DropEvent:
        return None
