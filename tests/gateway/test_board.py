"""The live board: what a desk does now, told by its last facts and no older ones."""

from typing import Any

from thirdring_gateway.board import Board
from thirdring_gateway.ledger.append import Batch

from tests.gateway.test_ledger import batch, fact


def board(*facts: dict[str, Any], state: str = "ready") -> Board:
    shown = Board(["desk-07", "desk-08"])
    told = batch(*facts)
    told.states.append(("b12", "desk-07", {"s": state, "boot": 1}))
    shown.take(told)
    return shown


def test_a_desk_that_never_spoke_is_starting() -> None:
    assert board().desks["desk-08"].doing == "starting"


def test_a_call_is_followed_from_ring_to_end() -> None:
    shown = board(fact(1, n=2))
    assert (shown.desks["desk-07"].doing, shown.desks["desk-07"].event) == ("ringing", "ring 2")
    for told, doing, event in (
        (fact(2, kind="answered", call=1, rings=3), "talking", "answered at ring 3"),
        (fact(3, kind="held", call=1, how="key"), "on hold", "on hold (key)"),
        (fact(4, kind="resumed", call=1, held_ms=61_400), "talking", "back after 61 s"),
        (fact(5, kind="ended", call=1, by="caller"), "idle", "caller hung up first"),
        (fact(6, kind="rated", score=5), "idle", "rated 5 of 5"),
    ):
        shown.take(batch(told))
        assert (shown.desks["desk-07"].doing, shown.desks["desk-07"].event) == (doing, event)


def test_a_fact_that_comes_again_or_too_late_is_no_news() -> None:
    shown = board(fact(2, kind="ended", call=1, by="agent"), fact(1))
    assert shown.desks["desk-07"].doing == "idle"


def test_a_lost_unit_is_shown_as_lost_whatever_it_said_last() -> None:
    assert board(fact(1), state="lost").desks["desk-07"].doing == "lost"


def test_lights_and_strangers() -> None:
    shown = board(fact(1))
    lit = Batch(
        0,
        lights=[
            ("b12", "desk-07", {"vip": "over", "prompt": "near"}),
            ("b12", "desk-99", {"vip": "off", "prompt": "off"}),
        ],
    )
    lit.facts = [(fact(1, unit="desk-99"), "")]
    shown.take(lit)
    assert (shown.desks["desk-07"].vip, shown.desks["desk-07"].prompt) == ("over", "near")
    assert set(shown.desks) == {"desk-07", "desk-08"}


def test_facts_with_nothing_known_are_still_words() -> None:
    for kind in (
        "answered",
        "missed",
        "held",
        "resumed",
        "ended",
        "vip_in",
        "vip_served",
        "service",
        "rated",
        "outcome",
    ):
        assert board(fact(1, kind=kind)).desks["desk-07"].event
