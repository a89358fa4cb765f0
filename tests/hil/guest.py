"""What happens in the emulated machine: contacts are pulled and sound is played, as a scenario says, around the unit.

The unit is the shipped program, unmodified: its inputs are lines of a GPIO chip of the kernel's own simulator, its
sound comes from a kernel sound card, and its clock is stepped under it. What was done, and when, is left as a file.
"""

import json
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from thirdring_unit import edgefile
from thirdring_unit.sim.voices import RATE_HZ

CONFIGFS = Path("/sys/kernel/config/gpio-sim/desk")
LINES = 54  # as many as a Raspberry Pi has
WATCHDOG_S = 60  # as in the service's own unit file
STOP_S = 60
DAY_S = 86_400
PLAYED_AHEAD_US = 2_000_000  # the loopback card must never run dry
LOOK_MS = 20  # how often the lights are looked at while nothing else is to be done


@dataclass(slots=True)
class Told:
    """What is left for the machine outside; times are milliseconds since the first frame of sound."""

    ready_s: float = 0.0
    late_ms_max: int = 0  # how late an edge was applied at worst
    lights: list[tuple[int, str, int]] = field(default_factory=list)
    exit_status: int | None = None
    memory_kb_max: int = 0
    cpu_s: float = 0.0


class Chip:
    """A chip of gpio-sim: inputs are pulled, outputs are read as the world sees them."""

    def __init__(self) -> None:
        bank = CONFIGFS / "bank0"
        bank.mkdir(parents=True)
        (bank / "num_lines").write_text(str(LINES))
        (bank / "label").write_text("pinctrl-desk")
        (CONFIGFS / "live").write_text("1")
        device, chip = ((CONFIGFS / "dev_name").read_text().strip(), (bank / "chip_name").read_text().strip())
        self.number = int(chip.removeprefix("gpiochip"))
        self._lines = Path("/sys/devices/platform") / device / chip
        self._pulls = self._opened("pull", os.O_WRONLY)
        self._values = self._opened("value", os.O_RDONLY)

    def pull(self, line: int, *, high: bool) -> None:
        """Pull a line up or down."""
        os.pwrite(self._pulls[line], b"pull-up" if high else b"pull-down", 0)

    def value(self, line: int) -> int:
        """Return what an output drives."""
        return int(os.pread(self._values[line], 2, 0))

    def _opened(self, name: str, way: int) -> list[int]:
        return [os.open(self._lines / f"sim_gpio{line}" / name, way) for line in range(LINES)]


def main(job: Path) -> None:
    """Go through the day of `job` and leave `told.json` there; raises what goes wrong."""
    plan = json.loads((job / "plan.json").read_text())
    told, chip = Told(), Chip()
    for line in plan["inputs"].values():
        chip.pull(line, high=True)  # every input is active low
    before = time.monotonic()
    with _sound(job) as sounds_ns:
        unit = Unit(job, plan["command"])
        unit.until_ready()
        told.ready_s = round(time.monotonic() - before, 1)
        day = Day(sounds_ns + plan["lead_ms"] * 1_000_000, plan, chip, unit, told)
        day.live(job / "edges.csv")
        told.exit_status = unit.end()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    told.memory_kb_max, told.cpu_s = used.ru_maxrss, round(used.ru_utime + used.ru_stime, 1)
    (job / "told.json").write_text(json.dumps(asdict(told)))


class Unit:
    """The unit's process, run and watched as a service manager would (sd_notify, watchdog)."""

    def __init__(self, job: Path, command: list[str]) -> None:
        self._notified = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._notified.bind("/job-notify")
        self._notified.setblocking(False)
        self._alive_s = time.monotonic()
        watched = {
            "NOTIFY_SOCKET": "/job-notify",
            "WATCHDOG_USEC": str(WATCHDOG_S * 1_000_000),
            "PYTHONFAULTHANDLER": "1",  # SIGABRT, the watchdog's word, then shows where every thread stands
        }
        with (job / "unit.log").open("wb") as log:
            self._process = subprocess.Popen(
                command,
                env=os.environ | watched,
                cwd="/var/lib",
                stdout=log,
                stderr=log,
            )

    def until_ready(self) -> None:
        """Wait until the unit says that it is ready; raises SystemExit when it ends or hangs before."""
        while "READY=1" not in self.look():
            time.sleep(LOOK_MS / 1_000)

    def look(self) -> str:
        """Return what the unit said last; raises SystemExit when it has ended or given no sign of life for too long."""
        said = ""
        with suppress(BlockingIOError):
            said = self._notified.recv(4_096).decode()
            self._alive_s = time.monotonic()
        if self._process.poll() is not None:
            raise SystemExit(f"the unit ended with status {self._process.returncode}: see unit.log")
        if time.monotonic() - self._alive_s > WATCHDOG_S:
            self._abort()
        return said

    def end(self) -> int:
        """Ask the unit to end, and return its exit status."""
        self._process.terminate()
        try:
            return self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self._abort()
            raise

    def _abort(self) -> None:
        self._process.send_signal(signal.SIGABRT)
        self._process.wait()
        raise SystemExit(f"the unit gave no sign of life for {WATCHDOG_S} s: unit.log shows where it hung")


@contextmanager
def _sound(job: Path) -> Iterator[int]:
    """Play both sides of the line; give the moment, in ns of the monotonic clock, at which their first frame sounded.

    The players begin before the unit does: the loopback card loses sound when a side of it starts.
    """
    cards = {"line": "Line", "agent": "Agent"}
    for channel in cards:
        shutil.copy(job / f"{channel}.played.wav", f"/{channel}.wav")  # into memory: the host's folder is slow
    players = [
        subprocess.Popen(["aplay", "-q", f"--buffer-time={PLAYED_AHEAD_US}", "-D", f"hw:{card},0", f"/{channel}.wav"])
        for channel, card in cards.items()
    ]
    try:
        yield max(_began_ns(card) for card in cards.values())
    finally:
        for player in players:
            player.kill()
            player.wait()


def _began_ns(card: str) -> int:
    """Wait until a card plays, and ask the kernel since when."""
    status = Path(f"/proc/asound/{card}/pcm0p/sub0/status")
    while True:
        played = re.search(r"^hw_ptr *: *([1-9][0-9]*)$", status.read_text(), re.MULTILINE)
        if played:
            return time.monotonic_ns() - int(played[1]) * 1_000_000_000 // RATE_HZ
        time.sleep(LOOK_MS / 1_000)


class Day:
    """The world around the unit from `began_ns` of the monotonic clock on."""

    def __init__(self, began_ns: int, plan: dict[str, Any], chip: Chip, unit: Unit, told: Told) -> None:
        self._began_ns, self._plan, self._chip, self._unit, self._told = began_ns, plan, chip, unit, told
        self._steps = sorted((int(at_ms), days) for at_ms, days in plan["clock_steps"].items())
        self._shown: dict[str, int] = {}

    def live(self, edges: Path) -> None:
        """Apply every edge at its time; watch the lights in between; step the clock where the plan says so."""
        if self._since_ms() > 0:
            raise SystemExit("the unit became ready only after the day had begun")
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))  # the world does not wait for the unit
        for edge in edgefile.read(edges):
            self._wait_until(edge.at_ms)
            self._chip.pull(self._plan["inputs"][edge.name], high=not edge.active)
            self._told.late_ms_max = max(self._told.late_ms_max, self._since_ms() - edge.at_ms)
        self._wait_until(edge.at_ms + self._plan["after_ms"])

    def _wait_until(self, at_ms: int) -> None:
        while (left_ms := at_ms - self._since_ms()) > 0:
            if self._steps and self._steps[0][0] <= self._since_ms():
                time.clock_settime(time.CLOCK_REALTIME, time.time() + self._steps.pop(0)[1] * DAY_S)
            for name, line in self._plan["lights"].items():
                if (value := self._chip.value(line)) != self._shown.get(name):
                    self._shown[name] = value
                    self._told.lights.append((self._since_ms(), name, value))
            self._unit.look()
            time.sleep(min(left_ms, LOOK_MS) / 1_000)

    def _since_ms(self) -> int:
        return (time.monotonic_ns() - self._began_ns) // 1_000_000


if __name__ == "__main__":
    main(Path(sys.argv[1]))
