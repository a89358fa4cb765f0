"""A disk that is full while facts are loaded or a report is written: one line, and nothing half-done."""

import json
import resource
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.gateway.test_ledger import DAY

PROGRAM = [sys.executable, str(Path(sysconfig.get_path("scripts")) / "thirdring-gateway")]
PERIOD = ["--from", "2026-11-02", "--to", "2026-11-03"]
COPIES = 200
pytestmark = pytest.mark.system


def run(folder: Path, *arguments: str, room_bytes: int = resource.RLIM_INFINITY) -> "subprocess.CompletedProcess[str]":
    """Run the program where no file may grow beyond `room_bytes`: to a program that is what a full disk is."""
    limit = f'ulimit -f {room_bytes // 1024 if room_bytes > 0 else "unlimited"}; exec "$@"'
    command = ["bash", "-c", limit, "run", *PROGRAM, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    copies = [fact | {"boot": fact["boot"] + 2 * copy} for copy in range(COPIES) for fact in DAY]
    (tmp_path / "small.jsonl").write_text("".join(json.dumps(fact) + "\n" for fact in DAY))
    (tmp_path / "big.jsonl").write_text("".join(json.dumps(fact) + "\n" for fact in copies))
    return tmp_path


def test_a_load_that_does_not_fit_leaves_the_ledger_as_it_was(facts: Path) -> None:
    assert run(facts, "load", "small.jsonl", "--db", "one.db").returncode == 0
    before = run(facts, "report", *PERIOD, "--format", "json", "--db", "one.db").stdout
    full = run(facts, "load", "big.jsonl", "--db", "one.db", room_bytes=1_000_000)
    assert (full.returncode, full.stdout, full.stderr.count("\n")) == (2, "", 1), full.stderr
    assert "full" in full.stderr
    assert run(facts, "report", *PERIOD, "--format", "json", "--db", "one.db").stdout == before


def test_a_report_that_does_not_fit_leaves_the_old_file(facts: Path) -> None:
    run(facts, "load", "small.jsonl", "--db", "one.db")
    run(facts, "report", *PERIOD, "--db", "one.db")
    (facts / "r.json").write_text("the old one")
    wanted = ["report", *PERIOD, "--format", "json", "--db", "one.db", "--out", "r.json"]
    full = run(facts, *wanted, room_bytes=4096)
    assert (full.returncode, full.stderr.count("\n")) == (2, 1), full.stderr
    assert (facts / "r.json").read_text() == "the old one"
    assert [path.name for path in facts.iterdir() if path.name.startswith(".r.json")] == []
