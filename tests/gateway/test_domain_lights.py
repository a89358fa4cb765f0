"""The VIP light as the gateway wants it."""

from thirdring_gateway.domain.calls import Visit
from thirdring_gateway.domain.lights import LONGEST_WAIT_MS, Desired, desired
from thirdring_gateway.domain.settings import BranchSettings, Tier

BRANCH = BranchSettings("b12")
NINE = 1_793_581_200_000


def visit(ticket: str = "1.1", start_ms: int | None = NINE, tier: int | None = 1, state: str = "waiting") -> Visit:
    return Visit("desk-07", ticket, start_ms, tier, None, state)


def test_nobody_waits_and_nothing_will_change() -> None:
    assert desired([visit(state="served"), visit(state="left")], BRANCH, NINE) == Desired("off", None)


def test_the_light_goes_near_at_80_percent_and_over_just_after_the_limit() -> None:
    moments = [0, 479_999, 480_000, 600_000, 600_001]
    assert [desired([visit()], BRANCH, NINE + ms).vip for ms in moments] == ["off", "off", "near", "near", "over"]


def test_the_next_change_is_told_in_advance() -> None:
    assert desired([visit()], BRANCH, NINE).next_ms == NINE + 480_000
    assert desired([visit()], BRANCH, NINE + 480_000).next_ms == NINE + 600_001


def test_the_most_urgent_customer_decides() -> None:
    waiting = [visit("1.1", NINE, tier=1), visit("1.2", NINE + 60_000, tier=2)]
    assert desired(waiting, BRANCH, NINE + 360_001).vip == "over"


def test_a_limit_that_is_changed_does_not_move_for_those_who_wait_already() -> None:
    stricter = BranchSettings(tiers=(Tier(1, 600_000), Tier(1, 60_000, since_ms=NINE + 1)))
    assert desired([visit()], stricter, NINE + 120_000).vip == "off"


def test_an_unknown_tier_is_held_to_the_shortest_limit() -> None:
    assert desired([visit(tier=9)], BRANCH, NINE + 300_001).vip == "over"


def test_a_visit_without_a_known_time_lights_nothing() -> None:
    assert desired([visit(start_ms=None)], BRANCH, NINE) == Desired("off", None)


def test_a_visit_whose_end_was_lost_is_given_up_after_half_a_day() -> None:
    assert desired([visit()], BRANCH, NINE + LONGEST_WAIT_MS - 1) == Desired("over", NINE + LONGEST_WAIT_MS)
    assert desired([visit()], BRANCH, NINE + LONGEST_WAIT_MS) == Desired("off", None)
