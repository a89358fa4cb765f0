"""A day of calls at a Pico, by a real broker and a real gateway: every fact arrives, and the heap stays as it was."""

import os
import subprocess

import pytest

from tests.pico.bench import MICROPYTHON, Edge, Gateway, Pico, until

CALLS = int(
    os.environ.get("THIRDRING_CALLS", "25")
)  # `make pico-day` and `make pico-week` have a day's 500 for each day
DAYS = int(os.environ.get("THIRDRING_DAYS", "1"))
DAY_MS = 86_400_000
OPENS_MS = 5_000
CALL_MS = 57_600  # 500 of them are eight hours
FACTS = 7  # of a call: two rings, answered, held, resumed, ended, rated
GROWTH_MAX_BYTES = 6_144  # a window of facts and the messages on their way
END_S = 3_600
pytestmark = [pytest.mark.system, pytest.mark.slow]


def call(at_ms: int) -> list[Edge]:
    """Two rings, an answer, a hold by key, a rating."""
    edges = [(at_ms + start, "ring", active) for start, active in ((0, 1), (1_000, 0), (5_000, 1), (6_000, 0))]
    edges += [(at_ms + 8_000, "loop", 1), (at_ms + 15_000, "hold_key", 1), (at_ms + 15_200, "hold_key", 0)]
    edges += [(at_ms + 25_000, "hold_key", 1), (at_ms + 25_200, "hold_key", 0), (at_ms + 40_000, "loop", 0)]
    return [*edges, (at_ms + 42_000, "rate_5", 1), (at_ms + 42_200, "rate_5", 0)]


def live_max_bytes() -> int:
    """Return what may live: 96 KiB where a pointer has four bytes, as on a Pico, and half as much again elsewhere."""
    script = "import sys; print(sys.maxsize > 1 << 32)"
    is_wide = subprocess.run([MICROPYTHON, "-c", script], capture_output=True, text=True, check=True).stdout.strip()
    return 144 * 1024 if is_wide == "True" else 96 * 1024


def test_a_days_calls_all_arrive_and_leave_the_heap_as_it_was(
    gateway: Gateway, pico: Pico, capfd: pytest.CaptureFixture[str]
) -> None:
    starts = [day * DAY_MS + OPENS_MS + number * CALL_MS for day in range(DAYS) for number in range(CALLS)]
    day_ms = CALLS * CALL_MS if DAYS == 1 else DAY_MS
    pico.world([edge for at_ms in starts for edge in call(at_ms)], hop_ms=1_000, heap_ms=day_ms // 4)
    pico.start()
    expected = 1 + FACTS * len(starts)
    until(lambda: len(gateway.facts("desk-07")) >= expected, "not all facts arrive", END_S)
    rows = pico.heap()
    with capfd.disabled():
        for at_ms, size_bytes in rows:
            print(f"\nday {at_ms / DAY_MS:5.2f}: {size_bytes} bytes live", end="")  # noqa: T201 -- figures are asked for
        print(f"\n{len(gateway.facts('desk-07'))} facts of {len(starts)} calls, at most {live_max_bytes()} bytes")  # noqa: T201
    sizes = [size_bytes for _, size_bytes in rows]
    assert len(gateway.facts("desk-07")) == expected  # no start in between
    assert max(sizes) <= live_max_bytes()
    assert max(sizes) - min(sizes) <= GROWTH_MAX_BYTES
    assert gateway.refused() == 0
