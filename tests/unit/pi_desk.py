"""A Pi unit as a process of its own, on pins that tests move."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from thirdring_unit.identity import Identity, write

from tests.unit.real_broker import PATIENCE_S

PROGRAM = [sys.executable, str(Path(__file__).with_name("desk_on_mock_pins.py"))]

PIPES: dict[str, Any] = {"stdin": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}


class Desk:
    """A running unit whose contacts can be moved."""

    def __init__(self, process: "subprocess.Popen[str]", state: Path) -> None:
        self.process = process
        self._journal = state / "journal"
        self._read: list[str] = []

    def move(self, *moves: str) -> None:
        """Move contacts: `ring 1` closes one, `ring 0` opens it."""
        assert self.process.stdin
        self.process.stdin.write("".join(f"{move}\n" for move in moves))
        self.process.stdin.flush()

    def press(self, button: str) -> None:
        """Press a button for as long as a finger does, by the unit's own clock."""
        self.move(f"{button} 1", "wait 60", f"{button} 0", "wait 60")

    def kill_recorder(self) -> None:
        """Let the program that records the sound card crash."""
        tasks = Path(f"/proc/{self.process.pid}/task")
        for child in " ".join(path.read_text() for path in tasks.glob("*/children")).split():
            os.kill(int(child), signal.SIGKILL)

    def wait_for_line(self, words: str) -> None:
        """Wait until its log says something."""
        assert self.process.stderr
        for line in self.process.stderr:
            self._read.append(line)
            if words in line:
                return
        pytest.fail("".join(self._read))

    def wait_for_journal(self, pattern: bytes) -> Path:
        """Wait until its journal holds something, and return the segment that does."""
        for _ in range(PATIENCE_S * 20):
            for segment in self._journal.glob("*.log"):
                if re.search(pattern, segment.read_bytes()):
                    return segment
            Event().wait(0.05)
        pytest.fail(f"no {pattern!r} in {self._journal}")

    def end(self) -> str:
        """End it as the service manager does, and return its log."""
        self.process.send_signal(signal.SIGTERM)
        _, rest = self.process.communicate(timeout=PATIENCE_S)
        log = "".join(self._read) + rest
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
        try:
            yield Desk(process, folder / "state")
        finally:
            process.kill()
