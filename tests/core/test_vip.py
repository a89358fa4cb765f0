"""VIP waiting: limits, first come first served, and the light (R16, R17)."""

from thirdring_unit.core.vip import Ticket, VipQueue, light, light_of, next_change_ms

TEN_MINUTES = 600_000
FIVE_MINUTES = 300_000


def waiting(*arrivals_ms: int, limit_ms: int = TEN_MINUTES) -> list[Ticket]:
    return [Ticket(f"1.{at_ms}", 1, at_ms, limit_ms) for at_ms in arrivals_ms]


def test_the_light_is_off_then_near_at_80_percent_then_over_past_the_limit() -> None:
    ticket = Ticket("1.1", 1, 1000, TEN_MINUTES)
    assert light_of(ticket, 1000) == "off"
    assert light_of(ticket, 1000 + 479_999) == "off"
    assert light_of(ticket, 1000 + 480_000) == "near"
    assert light_of(ticket, 1000 + 600_000) == "near"  # exactly the limit passes
    assert light_of(ticket, 1000 + 600_001) == "over"


def test_the_warning_share_can_be_set() -> None:
    ticket = Ticket("1.1", 1, 0, 1001, near_percent=50)
    assert light_of(ticket, 500) == "off"  # 49.95 %
    assert light_of(ticket, 501) == "near"


def test_the_most_urgent_ticket_decides() -> None:
    tickets = waiting(0) + waiting(100_000, limit_ms=FIVE_MINUTES)
    assert light(tickets, 100_000 + 240_000) == "near"
    assert light(tickets, 100_000 + 300_001) == "over"
    assert light([], 0) == "off"


def test_the_next_change_is_told_in_advance_and_is_exact() -> None:
    tickets = waiting(0)
    assert next_change_ms(tickets, 0) == 480_000
    assert next_change_ms(tickets, 480_000) == 600_001
    assert next_change_ms(tickets, 600_001) is None
    assert next_change_ms([], 0) is None


def test_first_come_is_first_served_whatever_the_tier() -> None:
    queue = VipQueue()
    for ticket in (Ticket("1.1", 1, 10, TEN_MINUTES), Ticket("1.2", 2, 20, FIVE_MINUTES)):
        assert queue.arrive(ticket) is None
    served = queue.take()
    assert served is not None
    assert served.name == "1.1"
    assert [ticket.name for ticket in queue.tickets] == ["1.2"]


def test_an_empty_queue_serves_nobody() -> None:
    assert VipQueue().take() is None
    assert VipQueue().light(5) == "off"
    assert VipQueue().next_ms(5) is None


def test_serving_the_last_late_ticket_turns_the_light_off() -> None:
    queue = VipQueue()
    queue.arrive(Ticket("1.1", 1, 0, TEN_MINUTES))
    assert queue.light(700_000) == "over"
    queue.take()
    assert queue.light(700_000) == "off"


def test_the_queue_is_bounded_and_gives_up_the_longest_waiting() -> None:
    queue = VipQueue(capacity=3)
    given_up = [queue.arrive(ticket) for ticket in waiting(10, 20, 30, 40)]
    assert [ticket.name if ticket else None for ticket in given_up] == [None, None, None, "1.10"]
    assert [ticket.name for ticket in queue.tickets] == ["1.20", "1.30", "1.40"]
