"""The command line as its tests use it."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from thirdring_unit import cli

from tests.unit.real_broker import Broker, Gateway


class Run(NamedTuple):
    """What a command left behind."""

    status: int
    stdout: str
    stderr: str


Command = Callable[..., Run]


@pytest.fixture
def thirdring_unit(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Command:
    """Run `thirdring-unit` with these arguments."""

    def run(*arguments: str | Path) -> Run:
        monkeypatch.setattr(sys, "argv", ["thirdring-unit", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        sys.stdout.flush()
        stdout, stderr = capfd.readouterr()
        return Run(int(ended.value.code or 0), stdout, stderr)

    return run


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    running = Broker(tmp_path)
    yield running
    running.stop()


@pytest.fixture
def gateway(broker: Broker) -> Iterator[Gateway]:
    listening = Gateway(broker.port)
    yield listening
    listening.close()
