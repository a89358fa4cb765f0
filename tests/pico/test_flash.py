"""The journal on littlefs, as MicroPython itself has it, on a flash whose power fails in the middle of a write."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.pico.bench import MICROPYTHON, PATHS

ON_PICO = Path(__file__).with_name("on_pico")


def run(program: Path, script: str, *words: str, heap: str = "4M") -> Any:
    """Run a script on MicroPython among the compiled modules; return the JSON that it prints last."""
    command = [MICROPYTHON, "-X", f"heapsize={heap}", str(ON_PICO / script), *words]
    done = subprocess.run(command, cwd=program, env=PATHS, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def cuts(program: Path) -> dict[str, int]:
    report: dict[str, int] = run(program, "power_cuts.py")
    return report


def test_a_power_cut_at_any_write_of_the_flash_loses_no_fact_that_was_on_it(cuts: dict[str, int]) -> None:
    assert cuts["cuts"] > 300
    assert cuts["lost"] == 0
    assert cuts["strange"] == 0


def test_a_cut_costs_at_most_the_fact_being_written(cuts: dict[str, int]) -> None:
    assert cuts["most_missing"] <= 1


def test_a_fact_costs_few_erasures_so_that_the_flash_lasts_for_years(cuts: dict[str, int]) -> None:
    facts_a_day, blocks, erasures_a_block = 2_500, 212, 100_000
    years = blocks * erasures_a_block / (cuts["erasures_a_hundred_facts"] / 100 * facts_a_day * 365)
    print(f"{cuts['erasures_a_hundred_facts']} erasures for a hundred facts: {years:.0f} years")  # noqa: T201
    assert years > 5


def test_a_full_flash_costs_facts_that_are_counted_and_nothing_else(program: Path) -> None:
    report = run(program, "full_flash.py")
    assert report["unwritten"] > 0
    assert report["told"] + report["unwritten"] == report["facts"]
    assert report["dropped"] == report["unwritten"]
