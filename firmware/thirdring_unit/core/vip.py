"""VIP waiting: who waits, since when, and what the light says (R16, R17).

The gateway and the unit use these same functions, so the light does not change its mind when the link is lost.
Times are integer milliseconds on any one clock: the unit's `up_ms`, or the gateway's epoch.
"""

OFF, NEAR, OVER = WORDS = ("off", "near", "over")


class Ticket:
    """One waiting VIP customer, with the limit of the tier frozen at arrival.

    `limit_ms` is the longest wait that still passes: a wait of exactly the limit is in time.
    `near_ms` is the wait from which the light warns, shipped as 80 % of the limit.
    """

    def __init__(self, name: str, tier: int, arrived_ms: int, limit_ms: int, near_percent: int = 80) -> None:
        self.name = name
        self.tier = tier
        self.arrived_ms = arrived_ms
        self.limit_ms = limit_ms
        self.near_ms = (limit_ms * near_percent + 99) // 100


def light_of(ticket: Ticket, now_ms: int) -> str:
    """Return what one ticket asks of the light: "off", "near" or "over"."""
    waited_ms = now_ms - ticket.arrived_ms
    if waited_ms > ticket.limit_ms:
        return OVER
    return NEAR if waited_ms >= ticket.near_ms else OFF


def stronger(one: str, other: str) -> str:
    """Return the more urgent of two words for a light."""
    return max(one, other, key=WORDS.index)


def light(tickets: "list[Ticket]", now_ms: int) -> str:
    """Return the light of a counter: the most urgent wish of its waiting tickets."""
    word = OFF
    for ticket in tickets:
        word = stronger(word, light_of(ticket, now_ms))
    return word


def next_change_ms(tickets: "list[Ticket]", now_ms: int) -> int | None:
    """Return the first moment after `now_ms` at which some ticket's wish changes, None when none ever will."""
    next_ms: int | None = None
    for ticket in tickets:  # without a list of all moments: a Pico asks at every turn of its loop
        for change_ms in (ticket.arrived_ms + ticket.near_ms, ticket.arrived_ms + ticket.limit_ms + 1):
            if change_ms > now_ms and (next_ms is None or change_ms < next_ms):
                next_ms = change_ms
    return next_ms


class VipQueue:
    """The waiting tickets of one counter in order of arrival, never more than `capacity`.

    When it is full, the ticket that has waited longest is given up: a counter where 32 VIP customers wait at once
    has been forgotten by its staff, and its light is on in any case.
    """

    def __init__(self, capacity: int = 32) -> None:
        self.capacity = capacity
        self.tickets: list[Ticket] = []

    @property
    def is_full(self) -> bool:
        """Tell whether the next arrival takes the place of the first come."""
        return len(self.tickets) >= self.capacity

    def arrive(self, ticket: Ticket) -> Ticket | None:
        """Let `ticket` wait; return the ticket that was given up for it, if one was."""
        given_up = self.take() if self.is_full else None
        self.tickets.append(ticket)
        return given_up

    def take(self) -> Ticket | None:
        """Remove and return the first come, whatever its tier (R17); None when nobody waits."""
        return self.tickets.pop(0) if self.tickets else None

    def light(self, now_ms: int) -> str:
        """Return "off", "near" or "over" for the whole queue."""
        return light(self.tickets, now_ms)

    def next_ms(self, now_ms: int) -> int | None:
        """Return when the light changes by itself, None when it will not."""
        return next_change_ms(self.tickets, now_ms)
