"""The pages as a person starts them: a real gateway, its first link, and what a change on a page does at a desk."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from threading import Event
from typing import IO
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import pytest
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion
from thirdring_unit.drivers.credentials import tls
from thirdring_unit.identity import Identity, read

pytestmark = [pytest.mark.system, pytest.mark.slow]
WAIT_S = 60
PASSWORD = "open at nine sharp"  # noqa: S105 -- of nobody


class Running:
    """`thirdring-gateway serve` in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.state = folder / "state"
        self.broker_port, self.tls_port, self.web_port = free_port(), free_port(), free_port()
        self.config = folder / "gateway.toml"
        self.config.write_text(
            f'[branch]\nname = "b12"\n[web]\nport = {self.web_port}\n'
            f'[broker]\nhost = "127.0.0.1"\nlocal_port = {self.broker_port}\nport = {self.tls_port}\n'
        )
        self.process = subprocess.Popen(
            self.command("serve"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        self.link = found(r"http://\S+", self.process.stdout.readline())

    def command(self, *arguments: str) -> list[str]:
        program = str(Path(sys.executable).parent / "thirdring-gateway")
        return [program, *arguments, "--config", str(self.config), "--state", str(self.state)]

    def enrol(self, unit: str) -> Identity:
        """Enrol a unit beside the running gateway, as facilities do."""
        out = self.config.with_name(f"{unit}.json")
        subprocess.run(self.command("enrol", unit, "--out", str(out)), check=True)
        return read(out)

    @property
    def log(self) -> IO[str]:
        assert self.process.stderr is not None
        return self.process.stderr

    def address(self, path: str) -> str:
        return f"http://127.0.0.1:{self.web_port}{path}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    assert match, text
    return match[0]


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    gateway = Running(tmp_path)
    yield gateway
    gateway.process.send_signal(signal.SIGTERM)
    _, rest = gateway.process.communicate(timeout=WAIT_S)
    assert gateway.process.returncode == 0
    assert "Traceback" not in rest


def post(browser: OpenerDirector, address: str, **fields: str) -> str:
    """Fill in the form of a page and send it, as a browser would."""
    page = browser.open(address, timeout=WAIT_S).read().decode()
    token = found(r'(?<=name="csrfmiddlewaretoken" value=")\w+', page)
    body = urlencode(fields | {"csrfmiddlewaretoken": token}).encode()
    return str(browser.open(address, body, timeout=WAIT_S).read().decode())


def manager(running: Running) -> OpenerDirector:
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    page = post(browser, running.link, name="王芳", login="wang", password=PASSWORD, again=PASSWORD)
    assert "王芳" in page
    return browser


def test_a_limit_that_is_changed_on_a_page_reaches_the_desk(running: Running) -> None:
    browser = manager(running)
    told, arrived = [], Event()

    def on_message(_client: Client, _data: object, message: MQTTMessage) -> None:
        if message.payload:
            told.append(json.loads(message.payload)["settings"])
            arrived.set()

    unit = Client(CallbackAPIVersion.VERSION2, client_id="desk-07")
    identity = running.enrol("desk-07")
    unit.tls_set_context(tls(identity))
    unit.on_message = on_message
    unit.connect(identity.host, identity.port)
    unit.subscribe("thirdring/1/b12/desk-07/config", qos=1)
    unit.loop_start()
    limits = {"timely_rings": "3", "hold_limit_s": "60", "short_s": "5", "near_percent": "80"}
    limits |= {"satisfied_score": "4", "coverage_percent": "90", "tier_1": "3", "tier_2": "5"}
    page = post(browser, running.address("/settings/limits"), **limits)
    assert 'role="status"' in page
    assert arrived.wait(WAIT_S)
    unit.disconnect()
    unit.loop_stop()
    assert told[-1] == {"vip": {"tiers": {"1": 180_000, "2": 300_000}}}


def test_pages_that_were_killed_come_back_and_the_session_goes_on(running: Running) -> None:
    browser = manager(running)
    (pages,) = pages_of(running.process.pid)
    os.kill(pages, signal.SIGKILL)
    assert any("started again" in line for line in iter(running.log.readline, ""))
    assert "王芳" in browser.open(running.address("/settings/people"), timeout=WAIT_S).read().decode()


def pages_of(gateway: int) -> set[int]:
    """Return the process of the pages among the children of all threads of the gateway."""
    children = {
        int(pid) for task in Path(f"/proc/{gateway}/task").glob("*/children") for pid in task.read_text().split()
    }
    return {pid for pid in children if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()}
