"""The board in KiCad's terms, by SKiDL: electrical rule check and netlist."""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass

from thirdring_bench.circuit import Circuit
from thirdring_bench.errors import BenchError

SKIDL_TIMEOUT_S = 120
_NO_LIBRARIES = {f"KICAD{version}_SYMBOL_DIR": os.devnull for version in ("", "6", "7", "8", "9", "10")}
"""Our kinds of parts stand in `kinds`; without these SKiDL complains about missing symbol libraries."""


@dataclass(frozen=True, slots=True)
class Examination:
    """What SKiDL says: its findings, errors and warnings alike, and the netlist for KiCad's board editor."""

    findings: tuple[str, ...]
    netlist: str


def examine(circuit: Circuit) -> Examination:
    """Let SKiDL build the board and check it; raises BenchError when SKiDL cannot run."""
    with tempfile.TemporaryDirectory(prefix="thirdring-skidl-") as folder:
        try:
            done = subprocess.run(
                [sys.executable, "-m", "thirdring_bench.skidl_job"],
                cwd=folder,
                env=os.environ | _NO_LIBRARIES,
                input=json.dumps(job(circuit)),
                capture_output=True,
                text=True,
                timeout=SKIDL_TIMEOUT_S,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise BenchError(f"SKiDL failed: no end after {SKIDL_TIMEOUT_S} s; is the machine busy?") from None
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["no message"]
        raise BenchError(f"SKiDL failed: {last[0]}; is the [bench] extra installed?")
    answer = json.loads(done.stdout)
    return Examination(tuple(answer["findings"]), answer["netlist"])


def job(circuit: Circuit) -> dict[str, object]:
    """The board as plain data for `skidl_job`."""
    return {
        "nets": sorted({net for part in circuit.parts for net in part.nets if net}),
        "supplies": circuit.supplies,
        "parts": [
            {
                "ref": part.ref,
                "item": part.item.name,
                "value": part.item.value,
                "footprint": part.item.footprint,
                "pins": [(name, kind.value) for name, kind in part.kind.pins],
                "nets": part.nets,
            }
            for part in circuit.parts
        ],
    }
