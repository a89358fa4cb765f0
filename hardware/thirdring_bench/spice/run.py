"""Run ngspice on a deck and read back its waveforms."""

import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from thirdring_bench.errors import BenchError

TIMEOUT_S = 300
Samples = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Waves:
    """What ngspice saved: `at` is the time in seconds (or the swept quantity), `of` the vectors by name."""

    at: Samples
    of: dict[str, Samples]

    def __getitem__(self, name: str) -> Samples:
        return self.of[name]


def run(text: str) -> Waves:
    """Run `text` in batch mode; raises BenchError when ngspice is missing, fails, or stops early."""
    program = shutil.which("ngspice")
    if program is None:
        raise BenchError("ngspice is not installed; `make setup-dev` or `apt-get install ngspice` brings it")
    with tempfile.TemporaryDirectory(prefix="thirdring-spice-") as folder:
        source, result = Path(folder, "deck.cir"), Path(folder, "out.raw")
        source.write_text(text, encoding="utf-8")
        command = [program, "-b", "-r", str(result), str(source)]
        try:
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
        except subprocess.TimeoutExpired:
            raise BenchError(f"ngspice stopped: no end after {TIMEOUT_S} s; is the machine busy?") from None
        complaint = _complaint(done.stdout + done.stderr)
        if complaint or not result.exists():
            raise BenchError(f"ngspice stopped: {complaint or 'it wrote no result'}")
        return read_raw(result.read_bytes())


def _complaint(output: str) -> str:
    """The first line of `output` that tells of a failed run; batch mode ends with status 0 whatever happens."""
    signs = ("Timestep too small", "singular matrix", "Error", "ERROR", "aborted", "No convergence")
    return next((line.strip() for line in output.splitlines() if any(sign in line for sign in signs)), "")


def read_raw(content: bytes) -> Waves:
    """Read ngspice's binary raw file (real or complex; of complex vectors the magnitude is kept)."""
    header, _, data = content.partition(b"Binary:\n")
    lines = header.decode("utf-8", "replace").splitlines()
    fields = dict(line.split(":", 1) for line in lines if ":" in line)
    count, points = int(fields["No. Variables"]), int(fields["No. Points"])
    start = lines.index("Variables:") + 1
    names = [line.split()[1].lower() for line in lines[start : start + count]]
    size = count * points
    numbers: Samples = (
        np.abs(np.frombuffer(data, np.complex128, size))
        if "complex" in fields["Flags"]
        else np.frombuffer(data, np.float64, size)
    )
    table = numbers.reshape(points, count)
    return Waves(table[:, 0], {name: table[:, column] for column, name in enumerate(names)})
