"""Six simulated desks as real processes: the unit's own program with a scenario in place of a phone."""

import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from thirdring_unit.sim import chance, scenario
from thirdring_unit.sim.day import work_out
from thirdring_unit.sim.story import Scenario

from thirdring_gateway.clock import RealClock
from thirdring_gateway.config import Config
from thirdring_gateway.identities.enrolment import enrol

DESKS = 6
STOP_S_MAX = 5
BRANCH = "b12"


@dataclass(frozen=True, slots=True)
class Story:
    """What happens at the desks, and how the unit's program is told of it: by file, or by a seed."""

    scenarios: Sequence[Scenario]
    options: Sequence[Sequence[str]]

    @property
    def length_ms(self) -> int:
        """How long the longest of the days lasts."""
        return max(work_out(each).end_ms for each in self.scenarios)


def story(seed: int | None) -> Story:
    """Return the six shipped days, or six random ones of a seed."""
    if seed is not None:
        told = [chance.scenario(seed, desk=f"desk-{number:02}", branch=BRANCH) for number in range(1, DESKS + 1)]
        return Story(told, [("--seed", str(seed), "--desk", each.desk) for each in told])
    return Story(scenario.shipped(), [("--scenario", str(path)) for path in _shipped_files()])


def _shipped_files() -> list[Path]:
    return sorted((Path(scenario.__file__).parent / "scenarios").glob("*.toml"))


def enrol_all(config: Config, state_dir: Path, units: Iterable[str]) -> None:
    """Give each unit its identity, in the ledger that is open; what would be carried to a desk stays in `state_dir`."""
    for unit in units:
        out = identity_file(state_dir, unit)
        enrol(config, state_dir, unit, out, RealClock().now_ms(), broker="127.0.0.1", by_password=False, replace=False)


def identity_file(state_dir: Path, unit: str) -> Path:
    """Return where a simulated desk finds its identity."""
    return state_dir / f"{unit}.json"


class Desk:
    """The process of one desk; its log is kept for the case that it fails."""

    def __init__(self, unit: str, options: Sequence[str], state_dir: Path, pace: int) -> None:
        self.unit = unit
        self._log = state_dir / f"{unit}.log"
        program = Path(sysconfig.get_path("scripts")) / "thirdring-unit"
        self._command = [
            *("setpriv", "--pdeathsig", "TERM", sys.executable, str(program), "simulate", *options, "--once"),
            *("--state", str(state_dir / unit), "--pace", str(pace)),
            *("--identity", str(identity_file(state_dir, unit))),
        ]
        self.start()

    def start(self) -> None:
        """Start the desk, or start it again: it goes on where it was."""
        with self._log.open("ab") as log:
            # In a process group of its own, Ctrl-C reaches it only through `stop`.
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log, process_group=0)

    @property
    def is_done(self) -> bool:
        """Whether its day is over and the gateway has every fact."""
        return self._process.poll() == 0

    @property
    def failure(self) -> str | None:
        """The last line that a desk said before it failed."""
        if self._process.poll() in (None, 0):
            return None
        lines = self._log.read_text(errors="replace").strip().splitlines()
        return f"{self.unit}: {lines[-1] if lines else 'ended without a word'}"

    def kill(self) -> None:
        """End it as a cut of power would."""
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """End it in order."""
        self._process.terminate()
        try:
            self._process.wait(STOP_S_MAX)
        except subprocess.TimeoutExpired:
            self.kill()
