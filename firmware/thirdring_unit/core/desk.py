"""The counter's side of a desk: waiting VIP customers and the ordinary service, as the buttons tell (R16-R18).

Both survive a restart of the unit. Its clock starts anew then, so how long an earlier customer has waited is known
to the gateway only; here it counts as at least what it was when last saved.
"""

import json

from thirdring_unit.core.settings import Settings
from thirdring_unit.core.slots import Slots
from thirdring_unit.core.vip import Ticket, VipQueue

SLOT = "desk"
SAVE_MS = 60_000  # so much of a waiting time a restart may forget

Fact = tuple  # (at_ms, kind, fields)


class Desk:
    """Turns the presses of the VIP and serve buttons into facts; `queue` is who waits."""

    def __init__(self, settings: Settings, slots: Slots, boot: int) -> None:
        self.queue = VipQueue()
        self._settings = settings
        self._slots = slots
        self._boot = boot
        self._given_out = 0  # tickets since the start
        self._serving = False
        self._saved_ms = 0
        self._restore()

    def press(self, at_ms: int, name: str, is_long: bool) -> "list[Fact]":
        """Return the facts of one press; none when the button is not one of the counter's."""
        if name == "serve":
            self._serving = not self._serving
            return [(at_ms, "service", {"began": self._serving})]
        if name == "vip_in":
            return self._arrive(at_ms, 2 if is_long else 1)
        if name in ("vip_served", "vip_left"):
            return [(at_ms, name, self._take(at_ms))]
        return []

    def _arrive(self, at_ms: int, wanted: int) -> "list[Fact]":
        tiers = self._settings.tiers
        tier = wanted if wanted in tiers else min(tiers)
        self._given_out += 1
        name = f"{self._boot}.{self._given_out}"
        facts: list[Fact] = [(at_ms, "vip_left", self._take(at_ms))] if self.queue.is_full else []
        self.queue.arrive(Ticket(name, tier, at_ms, tiers[tier], self._settings.near_percent))
        facts.append((at_ms, "vip_in", {"ticket": name, "tier": tier, "limit_ms": tiers[tier]}))
        return facts

    def _take(self, at_ms: int) -> dict:
        """Take the first come out of the queue; nobody has no ticket, and a wait from before the start no length."""
        ticket = self.queue.take()
        if ticket is None:
            return {"ticket": None, "wait_ms": None}
        is_known = ticket.name.startswith(f"{self._boot}.")
        return {"ticket": ticket.name, "wait_ms": at_ms - ticket.arrived_ms if is_known else None}

    # ---- across a restart

    def next_ms(self) -> int | None:
        """Return when `save` is needed next although nothing happens."""
        return self._saved_ms + SAVE_MS if self.queue.tickets else None

    def save(self, up_ms: int) -> None:
        """Keep who waits, and whether a customer is served. Raises OSError when the storage does."""
        self._saved_ms = up_ms
        self._slots.save(SLOT, self._text(up_ms))

    def _text(self, up_ms: int) -> bytes:
        tickets = [[each.name, each.tier, up_ms - each.arrived_ms, each.limit_ms] for each in self.queue.tickets]
        return json.dumps({"serving": self._serving, "tickets": tickets}).encode()

    def _restore(self) -> None:
        saved = json.loads((self._slots.load(SLOT) or b'{"serving":false,"tickets":[]}').decode())
        self._serving = saved["serving"]
        for name, tier, waited_ms, limit_ms in saved["tickets"]:
            self.queue.arrive(Ticket(name, tier, -waited_ms, limit_ms, self._settings.near_percent))
