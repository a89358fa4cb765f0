"""A ledger, and a real broker, for each test that asks."""

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections
from thirdring_gateway.broker.access import Access, hashed, secret_of
from thirdring_gateway.broker.configuration import Address, Listeners
from thirdring_gateway.broker.mosquitto import Mosquitto
from thirdring_gateway.ledger.database import open_database
from thirdring_gateway.link import Login

from tests.gateway.guarded import GuardedBroker


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "ledger.sqlite3"
    open_database(str(path))
    yield path
    connections.close_all()


class RunningBroker:
    """Mosquitto as the gateway runs it, for branch b12 and two desks."""

    def __init__(self, state_dir: Path) -> None:
        self.state_dir = state_dir
        self.address = Address("127.0.0.1", free_port())
        self.mosquitto = Mosquitto(state_dir, "b12", Listeners(self.address.port, port=0, password_port=0))

    def start(self) -> None:
        secrets = {unit: secret_of(self.state_dir, unit) for unit in ("desk-07", "desk-08")}
        self.mosquitto.start(Access(hashed(self.state_dir, secrets)))

    def login(self, user: str) -> Login:
        return Login(self.address, user, secret_of(self.state_dir, user))

    def kill(self) -> None:
        assert self.mosquitto.pid
        os.kill(self.mosquitto.pid, signal.SIGKILL)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[RunningBroker]:
    running = RunningBroker(tmp_path / "state")
    running.start()
    yield running
    running.mosquitto.stop()


@pytest.fixture
def door(tmp_path: Path, ledger: Path) -> Iterator[GuardedBroker]:
    assert ledger.exists()
    guarded = GuardedBroker(tmp_path)
    guarded.doors.open()
    yield guarded
    guarded.doors.close()
