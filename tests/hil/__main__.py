"""`make hil`: the unmodified unit on a real kernel, in an emulated machine, through a day of twenty calls.

Outside stand a real gateway and its broker, where the unit is enrolled. The day ends well when the gateway has exactly
the facts that the scenario yields, however the unit's clock was stepped, and although the broker was killed on the way.
"""

import json
import os
import shutil
import signal
import sys
import wave
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event

from rich.console import Console
from thirdring_gateway.app import Gateway
from thirdring_gateway.broker.configuration import Listeners
from thirdring_gateway.clock import RealClock
from thirdring_gateway.config import Config
from thirdring_gateway.demo.run import free_port
from thirdring_gateway.domain.settings import BranchSettings, Tier
from thirdring_gateway.identities.enrolment import enrol
from thirdring_gateway.logs import log_plainly
from thirdring_gateway.reports import make
from thirdring_unit.pi import pins
from thirdring_unit.sim.render import render
from thirdring_unit.sim.scenario import load
from thirdring_unit.sim.story import Scenario
from thirdring_unit.sim.voices import RATE_HZ

from tests.hil import machine
from tests.hil.judge import Seen, judge
from tests.system.branch import children_of

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
WORK = ROOT / "build" / "hil"
VIP_LIMIT_MS = 20_000
LEAD_MS = 45_000  # of silence, in which the unit starts on its slow processor
AFTER_MS = 12_000  # until the last rating is decided and the last fact acknowledged
CLOCK_STEPS = {100_000: 1, 300_000: -2}
"""Days by which the unit's clock is stepped, and when."""
KILL_BROKER_S = 290  # after the machine was switched on: in the middle of a day
DAY_MS = 86_400_000
FINDINGS, TROUBLE = 1, 2
SETTINGS = """[unit]
branch = "{branch}"
id = "{desk}"

[line]
country = "{country}"

[pins]
chip = "pinctrl-desk"

[sound]
line_device = "desk_line"
agent_device = "desk_agent"

[link]
identity_file = "/job/identity.json"
"""
CARDS = """pcm.desk_line { type hw card Line device 1 hint { show on description "line" } }
pcm.desk_agent { type hw card Agent device 1 hint { show on description "agent" } }
"""
JOB = """cp /job/asound.conf /etc/asound.conf
printf 'Hardware : BCM2711\\nRevision : c03114\\n' >/cpuinfo  # gpiozero wants to know which Pi it is on
mount --bind /cpuinfo /proc/cpuinfo
cd {root} && exec {python} -m tests.hil.guest /job
"""


def main() -> int:
    """Prepare, let the day happen, judge it; return the exit status."""
    out = Console(highlight=False)
    with suppress(PermissionError):  # the day passes at the pace of life: other work on this machine comes second
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    scenario, seen, job = load(HERE / "day.toml"), Seen(), _fresh(WORK / "job")
    try:
        machine.prepare(WORK)
        out.print(f"an emulated desk goes through {len(scenario.calls)} calls, some ten minutes")
        _write_job(job, scenario)
        with _gateway(_fresh(WORK / "gateway"), scenario, seen) as (gateway, config):
            _enrol(config, WORK / "gateway", scenario.desk, job / "identity.json")
            machine.run(WORK, job, machine.Deed(KILL_BROKER_S, _kill_broker))
            now_ms = RealClock().now_ms()
            made = make(config.branch, now_ms - DAY_MS, now_ms + DAY_MS, now_ms, [scenario.desk])
    except machine.MachineError as error:
        out.print(str(error), style="red", markup=False)
        return TROUBLE
    failures = judge(job, scenario, seen, made["kpis"], VIP_LIMIT_MS, out)
    failures += ["a part of the gateway failed"] if gateway.failed else []
    for line in failures:
        out.print(line, style="red", markup=False)
    out.print(f"{len(failures)} findings" if failures else "the day came out as it was told", style="bold")
    return FINDINGS if failures else 0


def _fresh(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _write_job(job: Path, scenario: Scenario) -> None:
    """Write what the machine reads: the day's edges and sound, the unit's settings, and what is to be done to it."""
    render(scenario, job)
    for channel in ("line", "agent"):
        _lead_in(job / f"{channel}.wav", job / f"{channel}.played.wav")
    (job / "unit.toml").write_text(
        SETTINGS.format(branch=scenario.branch, desk=scenario.desk, country=scenario.country)
    )
    (job / "asound.conf").write_text(CARDS)
    (job / "job.sh").write_text(JOB.format(root=ROOT, python=sys.executable))
    program = str(Path(sys.executable).with_name("thirdring-unit"))
    plan = {
        "command": [program, "run", "--config", "/job/unit.toml", "--state", "/var/lib/desk"],
        "inputs": {name: pin for name, (pin, _, _) in pins.INPUTS.items()},
        "lights": {name: pin for name, (pin, _) in pins.LIGHTS.items()},
        "clock_steps": CLOCK_STEPS,
        "lead_ms": LEAD_MS,
        "after_ms": AFTER_MS,
    }
    (job / "plan.json").write_text(json.dumps(plan))


def _lead_in(sound: Path, played: Path) -> None:
    """Put silence before a sound: the time in which the unit starts."""
    with wave.open(str(sound)) as spoken, wave.open(str(played), "wb") as longer:
        longer.setparams(spoken.getparams())
        longer.writeframes(bytes(LEAD_MS * RATE_HZ // 1_000 * spoken.getsampwidth()))
        longer.writeframes(spoken.readframes(spoken.getnframes()))


@contextmanager
def _gateway(state: Path, scenario: Scenario, seen: Seen) -> Iterator[tuple[Gateway, Config]]:
    """Run a gateway with its broker, in whose branch a VIP may wait for 20 s."""
    settings = BranchSettings(scenario.branch, tiers=tuple(Tier(tier, VIP_LIMIT_MS) for tier in (1, 2)))
    listeners = Listeners(local_port=free_port(), host="127.0.0.1", port=free_port())
    config = Config(settings, listeners, units={scenario.desk: {}})
    with (state / "gateway.log").open("w") as log:
        log_plainly(log)
        with Gateway(config, state, Event(), watchers=[seen.take]) as gateway:
            yield gateway, config


def _enrol(config: Config, state: Path, desk: str, identity: Path) -> None:
    now_ms = RealClock().now_ms()
    enrol(config, state, desk, identity, now_ms, broker=machine.HOST, by_password=False, replace=False)


def _kill_broker() -> None:
    for pid in children_of(os.getpid()):
        if Path(f"/proc/{pid}/comm").read_text().strip() == "mosquitto":
            os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main())
