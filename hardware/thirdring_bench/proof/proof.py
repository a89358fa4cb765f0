"""The proof: all checks at all corners, side by side, and the worst of each requirement."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from thirdring_bench.circuit import Circuit
from thirdring_bench.proof.checks import CHECKS, Check
from thirdring_bench.proof.copper import copper_to_core
from thirdring_bench.proof.requirement import REQUIREMENTS, Measurement
from thirdring_bench.spice.corner import Corner

ALL_CHECKS: tuple[Check, ...] = (*CHECKS, copper_to_core)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The measurement nearest to (or farthest beyond) its limit, of `count` made for one requirement."""

    worst: Measurement
    count: int

    @property
    def passed(self) -> bool:
        """No measurement was beyond the limit."""
        return self.worst.margin >= 0


def prove(
    circuit: Circuit,
    corners: Iterable[Corner],
    checks: Iterable[Check] = ALL_CHECKS,
    done: Callable[[], None] = lambda: None,
) -> dict[str, Verdict]:
    """Run `checks` at `corners` and return the verdict on every requirement that they measured.

    ngspice does the work in processes of its own, one per processor; `done` is called after each check.

    Raises:
        BenchError: ngspice is missing or a run failed.
    """

    def measure(job: tuple[Check, Corner]) -> list[Measurement]:
        check, corner = job
        found = list(check(circuit, corner))
        done()
        return found

    jobs = [(check, corner) for corner in corners for check in checks]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = [measurement for part in pool.map(measure, jobs) for measurement in part]
    by_name = {name: [one for one in found if one.requirement == name] for name in REQUIREMENTS}
    return {
        name: Verdict(min(measured, key=lambda one: one.margin), len(measured))
        for name, measured in by_name.items()
        if measured
    }
