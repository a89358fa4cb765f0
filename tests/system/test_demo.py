"""The demonstration and the service as a person runs them, judged by what they print and leave behind."""

import os
import signal
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from thirdring_gateway.demo.run import free_port

PROGRAM = [sys.executable, str(Path(sysconfig.get_path("scripts")) / "thirdring-gateway")]
pytestmark = [pytest.mark.system, pytest.mark.slow]


def start(tmp_path: Path, *arguments: str, columns: int = 80) -> subprocess.Popen[str]:
    environment = {**os.environ, "COLUMNS": str(columns), "TMPDIR": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(
        [*PROGRAM, *arguments],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def processes_of(tmp_path: Path) -> list[str]:
    """Return the processes that work in the folder."""
    commands = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            commands.append(entry.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
    return [command for command in commands if str(tmp_path) in command]


def left_behind(tmp_path: Path) -> list[str]:
    """Return the processes and the temporary folders that should be gone."""
    return processes_of(tmp_path) + [path.name for path in tmp_path.glob("thirdring-demo-*")]


def lines_until(process: subprocess.Popen[str], words: str, stream: str = "stdout") -> Iterator[str]:
    for line in getattr(process, stream):
        yield line
        if words in line:
            return
    raise AssertionError(f"{words!r} was never said")


def test_the_demo_ends_with_the_numbers_of_its_scenario(tmp_path: Path) -> None:
    process = start(tmp_path, "demo", "--seconds", "45")
    said, complaints = process.communicate(timeout=150)
    assert "Every number of the gateway is what the scenario says" in said, said + complaints
    assert process.returncode == 0
    assert said.count("✓") == 14
    assert max(len(line) for line in said.splitlines() if "http://" not in line) <= 120  # an address stays whole
    assert left_behind(tmp_path) == []


def test_ctrl_c_ends_the_demo_with_the_summary_and_leaves_nothing(tmp_path: Path) -> None:
    process = start(tmp_path, "demo")
    assert any("timely" in line for line in lines_until(process, "VIP too late"))
    os.killpg(process.pid, signal.SIGINT)
    said, complaints = process.communicate(timeout=40)
    assert "Ended before the day was over" in said, said + complaints
    assert process.returncode == 130
    assert "Traceback" not in complaints
    assert left_behind(tmp_path) == []


def test_a_killed_demo_leaves_no_process_behind(tmp_path: Path) -> None:
    process = start(tmp_path, "demo")
    assert list(lines_until(process, "VIP too late"))
    process.kill()
    process.communicate(timeout=20)
    ends_at = time.monotonic() + 20
    while processes_of(tmp_path) and time.monotonic() < ends_at:
        time.sleep(0.1)  # the kernel tells nobody when the last grandchild is gone
    assert processes_of(tmp_path) == []


def settings(tmp_path: Path, port: int) -> None:
    text = f'[branch]\nname = "b12"\n[broker]\nport = {port}\n[web]\nport = {free_port()}\n[units]\ndesk-07 = {{}}\n'
    (tmp_path / "gateway.toml").write_text(text)


def test_the_service_ends_in_order_and_only_one_may_use_a_folder(tmp_path: Path) -> None:
    settings(tmp_path, free_port())
    first = start(tmp_path, "serve", "--state", "state")
    assert list(lines_until(first, "ready", "stderr"))
    second = start(tmp_path, "serve", "--state", "state")
    said = second.communicate(timeout=30)[1]
    assert "another gateway is using it" in said
    assert second.returncode == 2
    first.terminate()
    first.communicate(timeout=30)
    assert first.returncode == 0
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("demo", "--seconds", "3"), "give at least"),
        (("serve", "--state", "/proc/nowhere"), "/proc/nowhere"),
        (("serve", "--config", "none.toml"), "none.toml"),
        (("serve", "--state", "a-file"), "a-file"),
    ],
)
def test_what_cannot_work_is_told_in_one_line(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    (tmp_path / "a-file").write_text("")
    process = start(tmp_path, *arguments)
    told, complaints = process.communicate(timeout=30)
    assert (process.returncode, told, complaints.count("\n")) == (2, "", 1)
    assert said in complaints
