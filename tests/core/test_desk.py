"""The counter's side: VIP buttons, service, and what a restart keeps (R16-R18)."""

from thirdring_unit.core.desk import SAVE_MS, Desk
from thirdring_unit.core.parsing import parse
from thirdring_unit.core.slots import Slots
from thirdring_unit.core.storage import Storage


def desk(storage: Storage, boot: int = 17, **vip: object) -> Desk:
    mapping = {"unit": {"branch": "b12", "id": "desk-07"}, "line": {"country": "CN"}, "vip": vip}
    return Desk(parse(mapping), Slots(storage), boot)


def test_a_short_press_is_tier_one_and_a_long_one_tier_two() -> None:
    counter = desk(Storage())
    assert counter.press(1000, "vip_in", False) == [
        (1000, "vip_in", {"ticket": "17.1", "tier": 1, "limit_ms": 600_000})
    ]
    assert counter.press(2000, "vip_in", True) == [(2000, "vip_in", {"ticket": "17.2", "tier": 2, "limit_ms": 300_000})]
    assert counter.queue.light(1000 + 480_000) == "over"  # tier two: five minutes


def test_a_branch_with_one_tier_knows_no_other() -> None:
    counter = desk(Storage(), tiers={"3": 60_000})
    assert counter.press(0, "vip_in", True)[0][2] == {"ticket": "17.1", "tier": 3, "limit_ms": 60_000}


def test_served_and_left_take_the_one_who_waits_longest() -> None:
    counter = desk(Storage())
    for at_ms in (1000, 2000, 3000):
        counter.press(at_ms, "vip_in", at_ms == 3000)
    assert counter.press(5000, "vip_served", False) == [(5000, "vip_served", {"ticket": "17.1", "wait_ms": 4000})]
    assert counter.press(6000, "vip_left", False) == [(6000, "vip_left", {"ticket": "17.2", "wait_ms": 4000})]
    assert [ticket.name for ticket in counter.queue.tickets] == ["17.3"]


def test_serving_nobody_has_no_ticket() -> None:
    assert desk(Storage()).press(5, "vip_served", False) == [(5, "vip_served", {"ticket": None, "wait_ms": None})]
    assert desk(Storage()).press(5, "vip_left", False) == [(5, "vip_left", {"ticket": None, "wait_ms": None})]


def test_the_serve_button_begins_and_ends_in_turn() -> None:
    counter = desk(Storage())
    began = [counter.press(at_ms, "serve", False)[0][2]["began"] for at_ms in (1, 2, 3)]
    assert began == [True, False, True]


def test_other_buttons_are_not_its_business() -> None:
    for name in ("rate_3", "resolved", "unheard_of", ""):
        assert desk(Storage()).press(0, name, False) == []


def test_who_waits_survives_a_restart_with_at_least_the_wait_so_far() -> None:
    storage = Storage()
    before = desk(storage)
    before.press(1000, "vip_in", False)
    before.press(2000, "serve", False)
    before.save(401_000)
    after = desk(storage, boot=18)
    assert after.queue.light(0) == "off"
    assert after.queue.light(80_000) == "near"
    assert after.queue.light(200_001) == "over"
    assert after.press(5000, "serve", False)[0][2] == {"began": False}
    assert after.press(6000, "vip_in", False)[0][2]["ticket"] == "18.1"
    # how long the unit was off is not known, so neither is the wait
    assert after.press(7000, "vip_served", False)[0][2] == {"ticket": "17.1", "wait_ms": None}
    assert after.press(8000, "vip_served", False)[0][2] == {"ticket": "18.1", "wait_ms": 2000}


def test_the_wait_is_saved_from_time_to_time_while_somebody_waits() -> None:
    counter = desk(Storage())
    assert counter.next_ms() is None
    counter.press(0, "vip_in", False)
    counter.save(10)
    assert counter.next_ms() == 10 + SAVE_MS


def test_a_crowd_gives_up_the_longest_waiting_and_says_so() -> None:
    counter = desk(Storage())
    for at_ms in range(32):
        assert len(counter.press(at_ms, "vip_in", False)) == 1
    kinds = [(kind, fields["ticket"]) for _, kind, fields in counter.press(32, "vip_in", False)]
    assert kinds == [("vip_left", "17.1"), ("vip_in", "17.33")]
    counter.save(100)
    assert len(counter.queue.tickets) == 32
