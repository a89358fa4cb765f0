"""The gateway's numbers beside what the scenario says must come out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from thirdring_unit.sim.truth import Truth

from thirdring_gateway.domain.kpis import KPIS
from thirdring_gateway.reports_text import duration

TITLES = {kpi.key: kpi.en.title for kpi in KPIS}
HEARING_MS = 1_000  # the ends of a hold, when it is heard and not keyed, are known to about half a second


@dataclass(frozen=True, slots=True)
class Row:
    """One KPI, told and true."""

    title: str
    told: str
    true: str
    equal: bool


def compare(kpis: Mapping[str, Mapping[str, Any]], truth: Truth) -> list[Row]:
    """Return a row for every KPI that the scenario determines: counts must be equal, times nearly so."""
    rows = []
    for key, (k, n) in truth.rates.items():
        told = kpis[key]["k"], kpis[key]["n"]
        rows.append(Row(TITLES[key], _counts(*told), _counts(k, n), told == (k, n)))
    short = kpis["reach"]["short"]
    rows.append(Row("Missed, but rang under 5 s", str(short), str(truth.short), short == truth.short))
    for key, (count, total_ms, max_ms) in truth.durations.items():
        told_count, told_total_ms, told_max_ms = (kpis[key][name] for name in ("count", "total_ms", "max_ms"))
        equal = (
            told_count == count
            and abs(told_total_ms - total_ms) <= HEARING_MS * count
            and abs((told_max_ms or 0) - max_ms) <= HEARING_MS
        )
        rows.append(Row(TITLES[key], _times(told_count, told_total_ms), _times(count, total_ms), equal))
    return rows


def _counts(k: int, n: int) -> str:
    return f"{k}/{n}"


def _times(count: int, total_ms: int) -> str:
    return f"{count} x, {duration(total_ms)}"
