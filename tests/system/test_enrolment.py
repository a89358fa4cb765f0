"""A unit at a real gateway, as facilities see it: enrolled, told its settings, and shut out, while all runs on."""

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from thirdring_unit.identity import read

from tests.gateway.conftest import free_port
from tests.gateway.guarded import Caller

pytestmark = [pytest.mark.system, pytest.mark.slow]
WAIT_S = 30
PROGRAMS = Path(sys.executable).parent


def eventually(is_so: Callable[[], bool]) -> None:
    pause, until = threading.Event(), time.monotonic() + WAIT_S
    while not is_so():
        assert time.monotonic() < until
        pause.wait(0.05)


class Serving:
    """`thirdring-gateway serve`, and the commands beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ports = {name: free_port() for name in ("local", "tls", "web")}
        self.write_settings("")
        self.log = folder / "gateway.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(self.command("serve"), stdout=log, stderr=log)
        self.until_logged("ready")

    def write_settings(self, units: str) -> None:
        (self.folder / "gateway.toml").write_text(
            f'[branch]\nname = "b12"\n[web]\nport = {self.ports["web"]}\n'
            f'[broker]\nhost = "127.0.0.1"\nlocal_port = {self.ports["local"]}\nport = {self.ports["tls"]}\n'
            f"[units]\n{units}\n"
        )

    def command(self, *arguments: str) -> list[str]:
        program = str(PROGRAMS / "thirdring-gateway")
        return [program, *arguments, "--config", str(self.folder / "gateway.toml"), "--state", str(self.folder / "var")]

    def run(self, *arguments: str) -> str:
        return subprocess.run(self.command(*arguments), check=True, capture_output=True, text=True).stdout

    def says(self, log: str, *texts: str) -> bool:
        path = self.folder / log
        return path.exists() and any(text in path.read_text() for text in texts)

    def until_logged(self, text: str, log: str = "gateway.log") -> None:
        eventually(lambda: self.says(log, text))

    @contextmanager
    def desk(self, unit: str) -> Iterator[None]:
        program = str(PROGRAMS / "thirdring-unit")
        options = ("--seed", "7", "--desk", unit, "--state", str(self.folder / unit), "--pace", "20")
        with (self.folder / f"{unit}.log").open("wb") as log:
            command = [program, "simulate", *options, "--identity", str(self.folder / f"{unit}.json")]
            process = subprocess.Popen(command, stderr=log)
        try:
            yield
        finally:
            process.kill()
            process.wait()


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Serving]:
    gateway = Serving(tmp_path)
    yield gateway
    gateway.process.send_signal(signal.SIGTERM)
    assert gateway.process.wait(WAIT_S) == 0
    assert "Traceback" not in gateway.log.read_text()


def test_a_unit_is_enrolled_heard_told_its_settings_and_shut_out_while_the_gateway_runs(serving: Serving) -> None:
    serving.run("enrol", "desk-07", "--out", str(serving.folder / "desk-07.json"))
    serving.run("enrol", "desk-08", "--out", str(serving.folder / "desk-08.json"))
    with serving.desk("desk-07"), serving.desk("desk-08"):
        serving.until_logged("link up", "desk-07.log")
        serving.until_logged("link up", "desk-08.log")
        serving.write_settings("desk-09 = { vip = { near_percent = 60 } }")
        serving.run("enrol", "desk-09", "--out", str(serving.folder / "desk-09.json"))
        small = Caller(read(serving.folder / "desk-09.json"))
        small.listen("thirdring/1/b12/desk-09/config")
        told = small.until(bool)
        assert json.loads(told[0][1])["settings"] == {"vip": {"near_percent": 60}}
        small.leave()
        serving.write_settings("desk-09 = { vip = { far_percent = 60 } }")
        serving.until_logged("did you mean")
        serving.write_settings("")
        before = (serving.folder / "desk-08.log").read_text().count("link up")
        serving.run("revoke", "desk-07")
        eventually(lambda: serving.says("desk-07.log", "is revoked", "still enrolled there"))
        eventually(lambda: (serving.folder / "desk-08.log").read_text().count("link up") > before)
        assert (serving.folder / "desk-07.log").read_text().count("link up") == 1
        assert "revoked" in serving.run("units")
