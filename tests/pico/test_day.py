"""A day of calls at a Pico, by a real broker and a real gateway: every fact arrives, and the heap stays as it was."""

import os
from pathlib import Path

import pytest

from tests.pico.bench import Edge, Gateway, Pico, until

CALLS = int(os.environ.get("THIRDRING_CALLS", "25"))  # of a day; `make pico-day` and `make pico-week` have 500
DAYS = int(os.environ.get("THIRDRING_DAYS", "1"))
DAY_MS = 86_400_000
OPENS_MS = 5_000
CALL_MS = 57_600  # 500 of them are eight hours
FACTS = 7  # of a call: two rings, answered, held, resumed, ended, rated
HOP_MS = 5_000  # time hops so far when nothing is awaited, and the watchdog still finds itself fed
SWING_MAX_BYTES = 6_144  # a window of facts and the messages on their way
GROWTH_MAX_BYTES = 1_024  # by day, at rest: the smallest thing kept of each fact would be a hundred times that in a day
DAY_MAX_S = 3_600
LOOK_EVERY_S = 0.3  # what is looked at is ever longer
pytestmark = [pytest.mark.system, pytest.mark.slow]


def call(at_ms: int) -> list[Edge]:
    """Two rings, an answer, a hold by key, a rating."""
    edges = [(at_ms + start, "ring", active) for start, active in ((0, 1), (1_000, 0), (5_000, 1), (6_000, 0))]
    edges += [(at_ms + 8_000, "loop", 1), (at_ms + 15_000, "hold_key", 1), (at_ms + 15_200, "hold_key", 0)]
    edges += [(at_ms + 25_000, "hold_key", 1), (at_ms + 25_200, "hold_key", 0), (at_ms + 40_000, "loop", 0)]
    return [*edges, (at_ms + 42_000, "rate_5", 1), (at_ms + 42_200, "rate_5", 0)]


def test_a_days_calls_all_arrive_and_leave_the_heap_as_it_was(
    gateway: Gateway, pico: Pico, capfd: pytest.CaptureFixture[str]
) -> None:
    starts = [day * DAY_MS + OPENS_MS + number * CALL_MS for day in range(DAYS) for number in range(CALLS)]
    day_ms = DAY_MS if DAYS > 1 else CALLS * CALL_MS
    pico.world([edge for at_ms in starts for edge in call(at_ms)], hop_ms=HOP_MS, heap_ms=day_ms // 6)
    pico.start()
    expected = 1 + FACTS * len(starts)
    until(lambda: gateway.count("desk-07") >= expected, "not all facts arrive", DAY_MAX_S * DAYS, LOOK_EVERY_S)
    until(lambda: len(pico.heap()) >= 5 * DAYS, "the last day does not end", DAY_MAX_S)
    days = [[live for at_ms, live in pico.heap() if at_ms // day_ms == day] for day in range(DAYS)]
    with capfd.disabled():
        for number, sizes in enumerate(days, 1):
            print(f"\nday {number}: {min(sizes)} to {max(sizes)} bytes live", end="")  # noqa: T201 -- asked for
        print(f"\n{expected} facts of {len(starts)} calls, {pico.live_max_bytes()} bytes allowed,", end=" ")  # noqa: T201
        print(f"and {pico.stand_ins_bytes} are the simulation's own")  # noqa: T201
    assert len(gateway.facts("desk-07")) == expected  # no start in between
    assert gateway.refused() == 0
    assert max(max(sizes) for sizes in days) <= pico.live_max_bytes()
    assert max(max(sizes) for sizes in days) - min(days[0]) <= SWING_MAX_BYTES
    assert min(days[-1]) - min(days[0]) <= GROWTH_MAX_BYTES * DAYS


def test_a_program_that_lies_in_its_files_needs_more_heap_and_still_has_room(tmp_path: Path, program: Path) -> None:
    """MicroPython without a ROM file system copies the code into the heap; here with no Wi-Fi, which is quick."""
    pico = Pico(tmp_path / "pico", program)
    pico.in_place = False
    (pico.folder / "wifi-out").touch()
    pico.world([edge for number in range(10) for edge in call(OPENS_MS + number * CALL_MS)], hop_ms=200, heap_ms=60_000)
    pico.start()
    until(lambda: len(pico.heap()) >= 9, "no heap is counted")
    pico.kill()
    assert max(live for _, live in pico.heap()) <= pico.live_max_bytes()
