"""The core's tests once more, on the real MicroPython with the heap of a Pico W."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MICROPYTHON = Path(sys.executable).parent / "micropython"
RUNNER = ROOT / "tests/core/run_micropython.py"
MODULES = sorted(path.stem for path in (ROOT / "tests/core").glob("test_*.py"))


@pytest.mark.parametrize("module", MODULES)
def test_the_core_passes_its_tests_on_micropython(module: str) -> None:
    command = [str(MICROPYTHON), "-X", "heapsize=160k", str(RUNNER), str(ROOT), module]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
