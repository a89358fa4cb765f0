"""A gateway whose clock is wrong, or jumps: facts are safe and counted, and no time is invented for long."""

import json

import pytest
from thirdring_gateway.domain.settings import BranchSettings
from thirdring_gateway.ledger.append import Appender, Batch
from thirdring_gateway.reports import make

from tests.gateway.domain_desk import DAY_MS, MINUTE, MONDAY_9_MS
from tests.gateway.test_ledger import fact

YEAR_MS = 365 * DAY_MS
CALLS = 30


def told(appender: Appender, up_ms: int, heard_ms: int, call: int) -> None:
    """A call and a beat at `up_ms` of the unit, heard when the gateway's clock shows `heard_ms`."""
    answered = fact(call, kind="answered", call=call, rings=2, rings_completed=2, wait_ms=6_000) | {"up_ms": up_ms}
    beat = {"boot": 1, "up_ms": up_ms, "backlog": 0, "oldest": [1, 1]}
    appender.append(Batch(heard_ms, [(answered, json.dumps(answered))], [("b12", "desk-07", beat)]))


def answered_in(from_ms: int, to_ms: int) -> int:
    return int(make(BranchSettings("b12"), from_ms, to_ms, 0, ["desk-07"])["kpis"]["timely_answer"]["n"])


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize("wrong_ms", [-40 * YEAR_MS, 3 * DAY_MS])
def test_calls_heard_before_the_clock_was_set_right_are_dated_by_the_rest_of_the_boot(wrong_ms: int) -> None:
    appender = Appender()
    for call in range(1, CALLS + 1):
        up_ms = call * 20 * MINUTE
        told(appender, up_ms, MONDAY_9_MS + up_ms + (wrong_ms if call <= 3 else 0), call)
        answered_in(MONDAY_9_MS, MONDAY_9_MS + DAY_MS)
    assert answered_in(MONDAY_9_MS, MONDAY_9_MS + CALLS * 20 * MINUTE + 1) == CALLS
    assert answered_in(MONDAY_9_MS - 41 * YEAR_MS, MONDAY_9_MS) == 0
    assert answered_in(MONDAY_9_MS + DAY_MS, MONDAY_9_MS + YEAR_MS) == 0


@pytest.mark.usefixtures("ledger")
def test_a_boot_that_was_never_heard_live_has_durations_and_no_time() -> None:
    answered = fact(1, kind="answered", call=1, rings=2, rings_completed=2, wait_ms=6_000)
    Appender().append(Batch(None, [(answered, json.dumps(answered))]))
    assert answered_in(0, MONDAY_9_MS + YEAR_MS) == 0
