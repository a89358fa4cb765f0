"""The sums of a month by us and by DuckDB: fifty desks, a year of two million calls, both from their own file on disk.

The same question to both: of each desk and of the whole, every count, sum and percentile of answering, holding and
hanging up; neither looks at signs of life. The answers are compared before they are timed; processor time of the whole
process, the best of nine.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from django.db import transaction
from thirdring_gateway.clock import RealClock
from thirdring_gateway.domain.kpi import Kpi
from thirdring_gateway.domain.kpis import (
    answer_time,
    caller_hung_up_first,
    hold,
    hold_over_limit,
    reach,
    timely_answer,
    timely_of_offered,
)
from thirdring_gateway.domain.scope import Scope
from thirdring_gateway.domain.settings import BranchSettings
from thirdring_gateway.domain.sums import CALL
from thirdring_gateway.ledger import tables
from thirdring_gateway.ledger.database import open_database
from thirdring_gateway.web import numbers, site
from thirdring_gateway.web.period import Period, period_of

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench.pages_bench import BRANCH, DESKS, ZONE, fill

TRIES = 9
KPIS: tuple[Kpi, ...] = (
    timely_answer,
    reach,
    timely_of_offered,
    answer_time,
    hold,
    hold_over_limit,
    caller_hung_up_first,
)
WHOLE = ""
SQL = """
with month as (
    select *, verdict = 1 as answered, verdict = 1 and rings between 0 and 3 as timely,
           verdict = 2 and wait_ms >= 5000 as missed, holds > 0 or held_ms > 0 as held
    from calls where start_ms >= ? and start_ms < ?
)
select desk,
    count(*) filter (timely), count(*) filter (answered and rings >= 0),
    count(*) filter (answered), count(*) filter (answered or missed),
    count(*) filter (timely), count(*) filter (answered or missed),
    count(*) filter (verdict = 2 and wait_ms between 0 and 4999),
    count(wait_ms) filter (answered and wait_ms >= 0), sum(wait_ms) filter (answered and wait_ms >= 0),
    quantile_disc(wait_ms, [0.5, 0.9]) filter (answered and wait_ms >= 0), max(wait_ms) filter (answered),
    count(*) filter (held and held_ms >= 0), sum(held_ms) filter (held and held_ms >= 0),
    quantile_disc(held_ms, [0.5, 0.9]) filter (held and held_ms >= 0), max(held_ms) filter (held),
    sum(holds) filter (held),
    count(*) filter (held and longest_hold_ms > 60000),
    count(*) filter (held and (longest_hold_ms > 60000 or (holds > 0 and holds_open = 0))),
    count(*) filter (answered and "by" = 1), count(*) filter (answered and "by" in (1, 2))
from month group by grouping sets ((desk), ())
"""
"""The rules of DESIGN in SQL, with the branch's default limits; the codes are those of `domain.sums`."""


def ours(period: Period) -> dict[str, list[object]]:
    """Return the sums of each desk and of the whole, by the functions that the pages use."""
    branch = BranchSettings(branch=BRANCH)
    material = numbers.cut(branch, period, None, {})
    return {name: told(scope) for name, scope in {**material.desks, WHOLE: material.whole}.items()}


def told(scope: Scope) -> list[object]:
    """Return the indicators of a scope as the row that SQL gives."""
    found = {kpi.key: kpi.compute(scope).as_dict() for kpi in KPIS}
    row = [found[key][name] for key in ("timely_answer", "reach", "timely_of_offered") for name in ("k", "n")]
    row.append(found["reach"]["short"])
    for key in ("answer_time", "hold"):
        spread = found[key]
        row += [spread["count"], spread["total_ms"], [spread["median_ms"], spread["p90_ms"]], spread["max_ms"]]
    row.append(found["hold"]["segments"])
    return row + [found[key][name] for key in ("hold_over_limit", "caller_hung_up_first") for name in ("k", "n")]


def theirs(database: duckdb.DuckDBPyConnection, period: Period) -> dict[str, list[object]]:
    """Return the same from DuckDB."""
    return {row[0] or WHOLE: list(row[1:]) for row in database.execute(SQL, [period.from_ms, period.to_ms]).fetchall()}


def load(database: duckdb.DuckDBPyConnection) -> None:
    """Write every call of the ledger into a table of DuckDB's own, in order of time, as it likes it best."""
    parts = []
    for unit, cells in tables.DaySums.objects.values_list("unit__name", "calls").order_by("day_ms"):
        calls = np.frombuffer(bytes(cells), CALL)
        parts.append((np.full(len(calls), unit), calls))
    columns: dict[str, Any] = {"desk": np.concatenate([names for names, _ in parts])}
    columns |= {name: np.concatenate([calls[name] for _, calls in parts]) for name in CALL.names or ()}
    database.register("given", columns)
    database.execute("create table calls as select * from given order by start_ms")
    database.execute("checkpoint")


def best_ms(work: Callable[[], object]) -> float:
    """Return the least processor time of some tries, in milliseconds."""
    took = []
    for _ in range(TRIES):
        began = time.process_time()
        work()
        took.append(1000 * (time.process_time() - began))
    return min(took)


def main() -> int:
    """Print the row; return 1 when DuckDB is faster."""
    with tempfile.TemporaryDirectory() as folder, duckdb.connect(str(Path(folder) / "calls.duckdb")) as database:
        open_database(str(Path(folder) / "ledger.sqlite3"))
        clock = RealClock()
        site.composed = site.Composed(BranchSettings(branch=BRANCH), clock)
        with transaction.atomic():
            total = fill(clock.now_ms())
        load(database)
        month = period_of({"period": "month"}, clock.now_ms(), ZONE)
        assert ours(month) == theirs(database, month), "the two do not say the same"
        our_ms, their_ms = best_ms(lambda: ours(month)), best_ms(lambda: theirs(database, month))
        print(f"the sums of a month, {DESKS} desks, {total} calls: {our_ms:.0f} ms, DuckDB {their_ms:.0f} ms")
        return int(our_ms > their_ms)


if __name__ == "__main__":
    sys.exit(main())
