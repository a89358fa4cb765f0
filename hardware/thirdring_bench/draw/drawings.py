"""All drawings of the bench, by file name."""

import shutil
import subprocess
from pathlib import Path

from thirdring_bench.circuit import Circuit
from thirdring_bench.draw.enclosure import enclosure_sheets
from thirdring_bench.draw.schematic import schematic_sheets
from thirdring_bench.draw.wiring import wiring_sheets
from thirdring_bench.errors import BenchError
from thirdring_bench.pins import Pins

CONVERTER = "rsvg-convert"


def drawings(circuit: Circuit, pins: Pins) -> dict[str, str]:
    """The SVG text of every sheet by its file name."""
    sheets = {name: page for name, page, _ in schematic_sheets(circuit)}
    sheets |= dict(wiring_sheets(circuit, pins)) | dict(enclosure_sheets(pins))
    return {f"{name}.svg": page.svg() for name, page in sheets.items()}


def write_drawings(folder: Path, sheets: dict[str, str], also: tuple[str, ...] = ()) -> None:
    """Write the sheets into `folder`, and beside each the same as `png` or `pdf` if named in `also`.

    Raises:
        BenchError: PNG or PDF is wanted and rsvg-convert is missing or fails.
    """
    converter = shutil.which(CONVERTER)
    if also and converter is None:
        raise BenchError(f"{CONVERTER} is not installed; `make drawings` or `apt-get install librsvg2-bin` brings it")
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in sheets.items():
        source = folder / name
        source.write_text(text, encoding="utf-8")
        for kind in also:
            target = source.with_suffix(f".{kind}")
            command = [
                str(converter),
                "--format",
                kind,
                "--dpi-x",
                "200",
                "--dpi-y",
                "200",
                "-o",
                str(target),
                str(source),
            ]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                raise BenchError(f"{CONVERTER} failed on {name}: {done.stderr.strip().splitlines()[:1]}")
