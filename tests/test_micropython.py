"""The core's tests once more, on the real MicroPython with the heap of a Pico W."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MICROPYTHON = Path(sys.executable).parent / "micropython"
RUNNER = ROOT / "tests/core/run_micropython.py"
COLLECT_EARLY = "import gc; gc.threshold(2048); "  # to keep room in one piece
LIVE_MAX_BYTES = 99 * 1024  # on 64 bits, where every pointer takes twice what it takes on a Pico
MODULES = sorted(path.stem for path in (ROOT / "tests/core").glob("test_*.py"))


@pytest.mark.parametrize("module", MODULES)
def test_the_core_passes_its_tests_on_micropython(module: str) -> None:
    command = [str(MICROPYTHON), "-X", "heapsize=160k", str(RUNNER), ".", module]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_whole_core_and_a_unit_leave_room_in_the_heap_of_a_pico() -> None:
    command = [str(MICROPYTHON), "-X", "heapsize=160k", "-c", COLLECT_EARLY + "import memory"]
    where = {"MICROPYPATH": "firmware:tests/core"}  # every module holds its path: a long one would count as the core's
    run = subprocess.run(command, cwd=ROOT, env=where, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    live_bytes = int(run.stdout)
    sys.stdout.write(f"the core and one unit: {live_bytes} bytes live, {LIVE_MAX_BYTES} allowed\n")
    assert live_bytes <= LIVE_MAX_BYTES
