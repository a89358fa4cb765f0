"""What the line costs for each raw edge, beside doing nothing with it: `python tests/bench/core_bench.py`."""

import sys
from collections.abc import Callable
from time import process_time

from thirdring_unit.core.callstate import Line
from thirdring_unit.core.parsing import parse

CALLS = 100
RING_HZ = 25
WORST_EDGES_PER_S = 120 + 120  # ringing current of 60 Hz on both sensors
BUDGET = 60.0  # times an empty dispatch
Edge = tuple[int, str, bool]
Fact = tuple[int, str, dict[str, object]]


def day() -> list[Edge]:
    """The raw edges of calls that ring three times at 25 Hz, are held once by the key and last a minute."""
    rings = [5000 * ring + half * 500 // RING_HZ for ring in range(3) for half in range(2 * RING_HZ)]
    edges: list[Edge] = []
    for call in range(CALLS):
        start_ms = 120_000 * call
        edges += [(start_ms + at_ms, "ring", at_ms % (1000 // RING_HZ) == 0) for at_ms in rings]
        edges += [(start_ms + 12_000, "loop", True), (start_ms + 72_000, "loop", False)]
        edges += [(start_ms + at_ms, "hold_key", at_ms % 1000 == 0) for at_ms in (30_000, 30_200, 50_000, 50_200)]
    return sorted(edges)


def ignore(_up_ms: int, _name: str, _active: bool) -> list[Fact]:
    """The least that anything can do with an edge."""
    return []


def edges_per_s(take: Callable[[int, str, bool], list[Fact]], edges: list[Edge]) -> float:
    begun = process_time()
    for up_ms, name, active in edges:
        take(up_ms, name, active)
    return len(edges) / (process_time() - begun)


def line() -> Line:
    return Line(parse({"unit": {"branch": "b12", "id": "desk-07"}, "line": {"country": "CN"}}))


def main() -> int:
    """Prints the table; the status is 1 when the budget is not kept."""
    edges = day()
    rate = max(edges_per_s(line().edge, edges) for _ in range(5))
    empty = max(edges_per_s(ignore, edges) for _ in range(5))
    print("core line           edges per CPU second   beside it")
    print(f"line                {rate:20,.0f}   {rate / WORST_EDGES_PER_S:,.0f} x the fastest line there is")
    print(f"empty dispatch      {empty:20,.0f}   {empty / rate:.1f} of at most {BUDGET:.0f}")
    return int(empty / rate > BUDGET)


if __name__ == "__main__":
    sys.exit(main())
