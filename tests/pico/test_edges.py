"""Edges on the Pico: stamped in an interrupt that may not allocate, none lost, and a loss told with its number."""

from pathlib import Path

import pytest

from tests.pico.bench import Gateway, Pico, until
from tests.pico.test_flash import run

TICKS_PERIOD = 1 << 30
pytestmark = [pytest.mark.system, pytest.mark.slow]


def taken(folder: Path, program: Path, count: int, untaken_ms: int) -> dict[str, int]:
    """Let an edge come every 10 ms, from shortly before the counter wraps; none is taken in the first moment."""
    world = Pico(folder, program)
    edges = [(10 * number, "ring", number % 2) for number in range(1, count + 1)]
    world.world(edges, hop_ms=25, ticks=TICKS_PERIOD - 5_000)
    (folder / "wifi-out").touch()
    report: dict[str, int] = run(program, "edges.py", str(folder), str(count), str(untaken_ms))
    return report


def test_a_hundred_edges_a_second_for_a_minute_are_all_taken_with_their_times_through_the_wrap(
    tmp_path: Path, program: Path
) -> None:
    report = taken(tmp_path, program, 6_000, untaken_ms=0)
    assert report["taken"] == 6_000
    assert report["lost"] == 0
    assert report["wrong_times"] == 0
    assert report["wrapped"]


def test_edges_that_find_no_room_are_counted(tmp_path: Path, program: Path) -> None:
    report = taken(tmp_path, program, 1_000, untaken_ms=6_000)
    assert report["lost"] == 600 - 511  # of those that came while nobody took any
    assert report["taken"] + report["lost"] == 1_000


def test_lost_edges_are_told_as_a_fault_and_the_inputs_are_looked_at_anew(gateway: Gateway, pico: Pico) -> None:
    bounces = [(5_000 + at_ms // 100, "serve", at_ms % 2) for at_ms in range(700)]  # a hundred in a millisecond
    pico.world([*bounces, (5_100, "serve", 1)], hop_ms=1_000)
    pico.start()
    until(lambda: any('"kind":"fault"' in body for body in gateway.facts("desk-07").values()), "no fault is told")
    fault = next(body for body in gateway.facts("desk-07").values() if '"kind":"fault"' in body)
    assert '"what":"edges"' in fault
    assert "edges were lost" in fault
