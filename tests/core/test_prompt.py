"""The prompt light: a late answer (R03), a hold near its limit (R04, R05), the return from one over it (R06)."""

from thirdring_unit.core.parsing import parse
from thirdring_unit.core.prompt import Prompt

LIMIT_MS = 60_000
NEAR_MS = 45_000
LATE_MS = 5_000


def prompt() -> Prompt:
    return Prompt(parse({"unit": {"branch": "b12", "id": "desk-07"}, "line": {"country": "CN"}}))


def answered(rings: int | None) -> tuple[int, str, dict[str, object]]:
    return (9_000, "answered", {"call": 1, "rings": rings, "rings_completed": rings, "wait_ms": 15_000})


def test_an_answer_by_the_third_ring_needs_no_apology() -> None:
    for rings in (1, 2, 3, None):  # the count of a ringing that began before the start is unknown
        light = prompt()
        light.take(10_000, answered(rings))
        assert light.light(10_000) == "off"


def test_a_late_answer_lights_the_prompt_for_some_seconds() -> None:
    light = prompt()
    light.take(10_000, answered(4))
    assert light.light(10_000) == "over"
    assert light.next_ms(10_000) == 10_000 + LATE_MS
    assert light.light(10_000 + LATE_MS - 1) == "over"
    assert light.light(10_000 + LATE_MS) == "off"


def test_a_hold_warns_before_its_limit_and_asks_for_an_apology_past_it() -> None:
    for how in ("key", "flash", "music", "quiet"):
        light = prompt()
        light.take(1_200, (1_000, "held", {"call": 1, "how": how}))
        assert light.light(1_000 + NEAR_MS - 1) == "off"
        assert light.light(1_000 + NEAR_MS) == "near"
        assert light.light(1_000 + LIMIT_MS) == "near"
        assert light.light(1_000 + LIMIT_MS + 1) == "over"
        assert light.next_ms(1_200) == 1_000 + NEAR_MS
        assert light.next_ms(1_000 + NEAR_MS) == 1_000 + LIMIT_MS + 1


def test_the_return_from_a_hold_over_the_limit_lights_the_prompt_for_some_seconds() -> None:
    light = prompt()
    light.take(0, (0, "held", {"call": 1, "how": "key"}))
    light.take(60_100, (60_001, "resumed", {"call": 1, "held_ms": 60_001}))
    assert light.light(65_099) == "over"
    assert light.light(65_100) == "off"
    assert light.next_ms(65_100) is None


def test_an_announcement_neither_lights_the_prompt_nor_puts_it_back() -> None:
    light = prompt()
    light.take(0, (0, "held", {"call": 1, "how": "music"}))
    for back_ms, shown in ((NEAR_MS - 1, "off"), (NEAR_MS + 1, "near"), (LIMIT_MS + 1, "over")):
        light.doubt(back_ms)
        assert light.light(LIMIT_MS + 20_000) == shown
        assert light.next_ms(LIMIT_MS + 20_000) is None
    light.doubt(None)
    assert light.light(LIMIT_MS + 20_000) == "over", "the caller had waited all the time"


def test_the_return_in_time_needs_no_apology() -> None:
    light = prompt()
    light.take(0, (0, "held", {"call": 1, "how": "key"}))
    light.take(60_000, (60_000, "resumed", {"call": 1, "held_ms": 60_000}))
    assert light.light(60_000) == "off"


def test_the_end_of_the_call_ends_every_prompt() -> None:
    light = prompt()
    light.take(0, (0, "held", {"call": 1, "how": "key"}))
    light.take(70_000, (70_000, "ended", {"call": 1, "by": "caller"}))
    assert light.light(70_000) == "off"
    assert light.light(200_000) == "off"


def test_other_facts_change_nothing() -> None:
    light = prompt()
    for kind in ("ring", "missed", "dialled", "flashed"):
        light.take(0, (0, kind, {"call": 1, "rings": 9}))
    assert light.light(0) == "off"
    assert light.next_ms(0) is None
