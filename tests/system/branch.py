"""A branch of real processes that can be killed: gateway (with its broker) and desks, all under the test's control."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from django.db import connections
from thirdring_gateway.broker.configuration import Listeners
from thirdring_gateway.config import Config
from thirdring_gateway.demo.desks import BRANCH, Desk, enrol_all, story
from thirdring_gateway.demo.run import free_port
from thirdring_gateway.domain.hours import local_date, midnight_ms
from thirdring_gateway.domain.settings import BranchSettings
from thirdring_gateway.ledger.database import open_database

ZONE = "Asia/Shanghai"
NINE_MS = 9 * 3_600_000
STOP_S = 15


class Branch:
    """Gateway, broker and desks; `broker`, `gateway` and every desk can be killed at any moment."""

    def __init__(self, state_dir: Path, pace: int) -> None:
        self.state_dir = state_dir
        self.midnight_ms = midnight_ms(local_date(time.time_ns() // 1_000_000, ZONE), ZONE)
        self._log = (state_dir / "gateway.log").open("ab")
        listeners = Listeners(free_port(), "127.0.0.1", free_port(), password_port=0)
        clock = (str(pace), str(time.time_ns()), str(self.midnight_ms + NINE_MS))
        program = str(Path(__file__).with_name("paced_gateway.py"))
        self._command = [
            "setpriv",
            "--pdeathsig",
            "TERM",
            sys.executable,
            program,
            str(state_dir),
            str(listeners.local_port),
            str(listeners.port),
            *clock,
        ]
        self.story = story(None)
        config = Config(BranchSettings(BRANCH), listeners)
        open_database(config.ledger(state_dir))
        enrol_all(config, state_dir, [told.desk for told in self.story.scenarios])
        connections.close_all()
        self._start_gateway()
        self.desks = []
        for told, options in zip(self.story.scenarios, self.story.options, strict=True):
            self.desks.append(Desk(told.desk, options, state_dir, pace))

    def _start_gateway(self) -> None:
        self.gateway = subprocess.Popen(self._command, stdout=self._log, stderr=self._log)

    # ---- what the kernel, or a foot in a cable, may do

    def kill_gateway(self) -> bool:
        """Kill the gateway, when it has come up, and start it again, as a service manager does."""
        if not children_of(self.gateway.pid):
            return False
        self.gateway.kill()
        self.gateway.wait()
        self._start_gateway()
        return True

    def kill_broker(self) -> bool:
        """Kill the broker, when there is one just now; the gateway starts it again."""
        brokers = children_of(self.gateway.pid)
        for pid in brokers:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return bool(brokers)

    def kill_desk(self, desk: Desk) -> bool:
        """Kill a desk that still has something to do, and start it again."""
        if desk.is_done:
            return False
        desk.kill()
        desk.start()
        return True

    def stop(self) -> None:
        """End everything in order."""
        for desk in self.desks:
            desk.stop()
        self.gateway.terminate()
        try:
            self.gateway.wait(STOP_S)
        finally:
            self.gateway.kill()
            self._log.close()


def children_of(pid: int) -> list[int]:
    """Return the processes that any thread of `pid` started."""
    children: list[int] = []
    for thread in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            children += map(int, thread.read_text().split())
    return children
