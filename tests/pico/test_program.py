"""The Pico's program as bytecode: everything compiles for its chip, and how much room it takes."""

import sys
from pathlib import Path

import pytest
import thirdring_unit
from thirdring_bench.errors import BenchError
from thirdring_bench.mpy import compiled

FLASH_MAX_BYTES = 128 * 1024  # of 848 KiB of file system; the journal takes up to 512 KiB


def test_the_program_compiles_for_a_pico_and_leaves_room_on_its_flash(tmp_path: Path) -> None:
    modules = compiled(tmp_path)
    size_bytes = sum(len(module.code) for module in modules)
    for module in sorted(modules, key=lambda each: -len(each.code)):
        sys.stdout.write(f"{len(module.code):7} {module.path}\n")
    sys.stdout.write(f"{size_bytes:7} bytes in {len(modules)} modules, {FLASH_MAX_BYTES} allowed\n")
    assert {"thirdring_unit/core/unit.mpy", "thirdring_unit/pico/main.mpy"} < {module.path for module in modules}
    assert all(module.code.startswith(b"M\x06") for module in modules)  # MicroPython's mark, and version 6 of it
    assert size_bytes < FLASH_MAX_BYTES


def test_what_does_not_compile_is_told_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "thirdring_unit/core").mkdir(parents=True)
    (tmp_path / "thirdring_unit/core/bad.py").write_text("def :\n")
    monkeypatch.setattr(thirdring_unit, "__path__", [str(tmp_path / "thirdring_unit")])
    with pytest.raises(BenchError, match=r"bad\.py: cannot be compiled for MicroPython: SyntaxError"):
        compiled(tmp_path / "build", ("core",))
