"""The outbox on the real MicroPython: a day of 500 calls without a link, in the heap of a Pico W (DESIGN 7)."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from thirdring_unit.core.storage import Storage

from tests.core import day_on_a_pico as day

ROOT = Path(__file__).parents[2]
MICROPYTHON = Path(sys.executable).parent / "micropython"
FACTS = 1 + 5 * day.CALLS  # boot; two rings, answered, ended, rated


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    flash = tmp_path_factory.mktemp("flash")
    script = f"import gc; gc.threshold(2048); import day_on_a_pico; day_on_a_pico.main({str(flash)!r})"
    run = subprocess.run(
        [str(MICROPYTHON), "-X", "heapsize=160k", "-c", script],
        env={"MICROPYPATH": f"{ROOT}/firmware:{ROOT}/tests/core"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    measured: dict[str, int] = json.loads(run.stdout)
    return measured


def test_a_days_facts_are_kept_on_disk_and_all_are_sent_in_the_evening(report: dict[str, int]) -> None:
    assert report["sent"] == FACTS
    assert report["disk"] > 100 * FACTS


def test_a_days_facts_hardly_need_heap(report: dict[str, int]) -> None:
    assert report["most"] - report["before"] < 4096
    assert report["after"] - report["before"] < 4096


def test_delivered_facts_leave_the_disk(report: dict[str, int]) -> None:
    assert report["left"] <= 4096 + 100  # the segment being written, and the boot number


def test_both_pythons_write_the_same_bytes(report: dict[str, int]) -> None:
    storage = Storage()
    unit = day.unit_on(storage)
    unit.start(0, [])
    for number in range(day.CALLS):
        day.call(unit, 10_000 + number * day.CALL_MS)
    assert day.checksum(storage) == report["checksum"]
