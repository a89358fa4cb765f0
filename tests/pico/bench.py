"""A simulated Pico, and a real gateway with broker and ledger: processes under the test's control."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from django.db import connections
from thirdring_bench.mpy import PACKAGES, compiled
from thirdring_bench.pico.rom import rom
from thirdring_gateway.broker.configuration import Listeners
from thirdring_gateway.clock import RealClock
from thirdring_gateway.config import Config
from thirdring_gateway.demo.desks import identity_file
from thirdring_gateway.demo.run import free_port
from thirdring_gateway.domain.settings import BranchSettings
from thirdring_gateway.identities.enrolment import enrol
from thirdring_gateway.ledger import tables
from thirdring_gateway.ledger.database import open_database
from thirdring_unit.core.frame import unseal

from tests.system.branch import children_of

MICROPYTHON = str(Path(sys.executable).parent / "micropython")
# Another MicroPython may be measured, such as a 32-bit one: THIRDRING_MICROPYTHON=path make test
OTHER_MICROPYTHON = os.environ.get("THIRDRING_MICROPYTHON")
HEAP_KIB = 160  # of the program
STAND_INS_KIB = 18  # what the simulation itself takes of the heap, and the interpreter; `heap.csv` begins with it
ROM = "program.romfs"
IN_PLACE = str(Path(__file__).with_name("in_place.py"))
BRANCH = "b12"
PATIENCE_S = 180  # events are waited for; only a failure lasts so long
PATHS = os.environ | {"MICROPYPATH": "thirdring_unit/pico_sim:."}  # short: every module's path is held in the heap
Edge = tuple[int, str, int]
Key = tuple[int, int]


def build(folder: Path) -> Path:
    """Compile the program and its stand-ins; return the folder that a Pico imports from, or runs the `ROM` of."""
    modules = compiled(folder, (*PACKAGES, "pico_sim"))
    (folder / ROM).write_bytes(rom({module.path: module.code for module in modules}))
    return folder


def until(is_so: Callable[[], bool], what: str, patience_s: float = PATIENCE_S, pause_s: float = 0.02) -> None:
    """Wait until something is so that another process does; look after every pause."""
    ends_s = time.monotonic() + patience_s
    while not is_so():
        assert time.monotonic() < ends_s, what
        time.sleep(pause_s)


class Pico:
    """The Pico's program in a world of its own; `folder` holds its flash and its world."""

    def __init__(self, folder: Path, program: Path, unit: str = "desk-07", **identity: object) -> None:
        self.folder = folder
        self.unit = unit
        self.output = ""
        folder.mkdir(exist_ok=True)
        self._program = program
        self.in_place = OTHER_MICROPYTHON is None  # from a ROM file system, not from files that fill the heap
        self.process: subprocess.Popen[str] | None = None
        fields = {"v": 1, "branch": BRANCH, "unit": unit, "tls": False, "since": 1_795_000_000, **identity}
        self.write("identity.json", fields)
        self.write("unit.json", {"unit": {"branch": BRANCH, "id": unit}, "line": {"country": "CN"}})
        self.write("wifi.json", {"country": "CN", "networks": [{"ssid": "branch", "password": "made up"}]})

    def write(self, name: str, fields: dict[str, object]) -> None:
        (self.folder / name).write_text(json.dumps(fields), encoding="utf-8")

    def world(self, edges: Iterable[Edge] = (), **told: object) -> None:
        """Set what will happen around the Pico."""
        lines = [f"{at_ms},{name},{active}\n" for at_ms, name, active in edges]
        (self.folder / "edges.csv").write_text("at_ms,input,active\n" + "".join(lines), encoding="utf-8")
        self.write("world.json", {"edges": "edges.csv", **told})

    def start(self) -> None:
        script = f"from thirdring_unit.pico_sim.run import main; main({str(self.folder)!r})"
        heap = f"{HEAP_KIB + STAND_INS_KIB}k"
        run = [OTHER_MICROPYTHON or MICROPYTHON, "-X", f"heapsize={heap}", "-c", script]
        if self.in_place:
            run = [sys.executable, IN_PLACE, ROM, heap, script]
        log = (self.folder / "log").open("ab")
        command = ["setpriv", "--pdeathsig", "KILL", *run]
        self.process = subprocess.Popen(command, cwd=self._program, env=PATHS, stdout=log, stderr=log, text=True)
        log.close()

    def stall(self, lasts_ms: int) -> None:
        """Let the program stand still for once, as in a driver that hangs."""
        whole = self.folder / "stall.new"
        whole.write_text(str(lasts_ms))
        whole.rename(self.folder / "stall")  # never seen half written

    def kill(self) -> None:
        """Cut the power."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    @property
    def is_alive(self) -> bool:
        """Whether the program runs, and no earlier start of it has ended by itself."""
        return self.process is not None and self.process.poll() is None and "Traceback" not in self.log

    def wait(self) -> int:
        """Wait until the program ends by itself; return its status."""
        assert self.process is not None
        return self.process.wait(PATIENCE_S)

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8")

    @property
    def position(self) -> tuple[int, int]:
        """How many edges are over, and when that was."""
        words = (self.folder / "position").read_text().split() if (self.folder / "position").exists() else []
        return (int(words[0]), int(words[1])) if len(words) == 2 else (0, 0)

    @property
    def files(self) -> int:
        """How many files of facts lie on the flash."""
        return len(list((self.folder / "journal").glob("*.log")))

    def on_flash(self) -> dict[Key, bytes]:
        """Return the facts that are on the flash."""
        facts = {}
        for path in sorted((self.folder / "journal").glob("*.log")):
            data = b""
            with suppress(FileNotFoundError):  # it was delivered and removed in this moment
                data = path.read_bytes()
            for line in data.splitlines():
                text = unseal(line)
                if text is not None:
                    boot, seq, payload = bytes(text).split(b" ", 2)
                    facts[int(boot), int(seq)] = payload
        return facts

    def heap(self) -> list[tuple[int, int]]:
        """Return when the live bytes of the program were counted, and what they were, without the stand-ins' own."""
        return [(at_ms, size_bytes - self.stand_ins_bytes) for at_ms, size_bytes in self._counted()[1:]]

    @property
    def stand_ins_bytes(self) -> int:
        """What the interpreter and the stand-ins had in the heap before the program was loaded."""
        return self._counted()[0][1]

    def _counted(self) -> list[tuple[int, int]]:
        path = self.folder / "heap.csv"
        lines = path.read_text().split("\n")[:-1] if path.exists() else []
        return [(int(line.partition(",")[0]), int(line.partition(",")[2])) for line in lines]

    def live_max_bytes(self) -> int:
        """Return what may live (DESIGN 7): 96 KiB, and half as much again for code that lies in a heap of 64 bits."""
        script = "import sys; print(sys.maxsize > 1 << 32)"
        command = [OTHER_MICROPYTHON or MICROPYTHON, "-c", script]
        is_wide = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == "True"
        return (144 if is_wide and not self.in_place else 96) * 1024


class Gateway:
    """Gateway, broker and ledger, with an account for each of `units`."""

    def __init__(self, state: Path, *units: str) -> None:
        self.state = state
        listeners = Listeners(free_port(), "127.0.0.1", free_port(), password_port=free_port())
        self.port = listeners.local_port
        state.mkdir(exist_ok=True)
        config = Config(BranchSettings(BRANCH), listeners)
        open_database(config.ledger(state))
        for unit in units:
            out, now_ms = identity_file(state, unit), RealClock().now_ms()
            enrol(config, state, unit, out, now_ms, broker="127.0.0.1", by_password=unit == "desk-07", replace=False)
        connections.close_all()
        program = str(Path(__file__).with_name("gateway_process.py"))
        self._log = (state / "log").open("ab")
        command = ["setpriv", "--pdeathsig", "TERM", sys.executable, program, str(state)]
        command += [str(port) for port in (listeners.local_port, listeners.port, listeners.password_port)]
        self.process = subprocess.Popen(command, stdout=self._log, stderr=self._log)
        until(lambda: (state / "ledger.sqlite3").exists() and bool(children_of(self.process.pid)), "no gateway")
        open_database(str(state / "ledger.sqlite3"))

    def set_up(self, pico: "Pico") -> None:
        """Give a Pico its identity, as the flasher does."""
        said = json.loads(identity_file(self.state, pico.unit).read_text(encoding="utf-8"))
        del said["ca"]  # the simulated Pico is on this very machine; TLS has tests of its own
        pico.write("identity.json", {**said, "broker": f"127.0.0.1:{self.port}", "tls": False, "since": 1_795_000_000})

    def kill_broker(self) -> bool:
        """Kill the broker, which the gateway starts again; tell whether there was one."""
        found = children_of(self.process.pid)
        for pid in found:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return bool(found)

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(PATIENCE_S)
        self._log.close()

    def facts(self, unit: str) -> dict[Key, str]:
        """Return all facts of a unit as the ledger has them."""
        rows = tables.Fact.objects.filter(boot__unit__name=unit).values_list("boot__number", "seq", "body")
        return {(boot, seq): body for boot, seq, body in rows}

    def count(self, unit: str) -> int:
        """Return how many facts of a unit the ledger has."""
        return tables.Fact.objects.filter(boot__unit__name=unit).count()

    def refused(self) -> int:
        """Return how much lies in quarantine."""
        return tables.Quarantine.objects.count()
