"""The unit's own decision about the VIP light is the gateway's: same tickets, same moment, same word (R16)."""

from hypothesis import given, settings
from hypothesis import strategies as st
from thirdring_unit.core import vip, wire
from thirdring_unit.core.journal import Journal
from thirdring_unit.core.parsing import parse
from thirdring_unit.core.storage import Storage
from thirdring_unit.core.unit import Unit

LIMITS_MS = {1: 600_000, 2: 300_000}  # shipped defaults (RULES, below the table)
EPOCH_MS = 1_793_600_000_000  # the gateway's clock when the unit started
PRESSES = st.lists(
    st.tuples(st.integers(2_000, 120_000), st.sampled_from(["short", "long", "served", "left"])), max_size=12
)


def told(unit: Unit, up_ms: int) -> list[dict[str, object]]:
    return [wire.decode_fact(message.payload) for message in unit.outgoing(up_ms) if message.tail == "fact"]


@given(PRESSES, st.integers(0, 900_000))
@settings(max_examples=200, deadline=None)
def test_the_unit_and_the_gateway_show_the_same(presses: list[tuple[int, str]], later_ms: int) -> None:
    unit = Unit(
        parse({"unit": {"branch": "b12", "id": "desk-07"}, "line": {"country": "CN"}}), Journal(Storage()), "power"
    )
    unit.start(0, [])
    up_ms = 0
    for wait_ms, what in presses:
        up_ms += wait_ms
        name = "vip_in" if what in {"short", "long"} else f"vip_{what}"
        unit.edge(up_ms, name, True)
        up_ms += 1500 if what == "long" else 200
        unit.tick(up_ms)
        unit.edge(up_ms, name, False)
        up_ms += 100
        unit.tick(up_ms)

    unit.link(up_ms, True)
    waiting: dict[object, vip.Ticket] = {}  # what the gateway makes of the facts, on its own clock
    for fact in told(unit, up_ms):
        if fact["kind"] == "vip_in":
            tier, at_ms = int(str(fact["tier"])), EPOCH_MS + int(str(fact["up_ms"]))
            waiting[fact["ticket"]] = vip.Ticket(str(fact["ticket"]), tier, at_ms, LIMITS_MS[tier])
        else:
            waiting.pop(fact.get("ticket"), None)
    unit.link(up_ms, False)

    now_ms = up_ms + later_ms
    gateways = vip.light(list(waiting.values()), EPOCH_MS + now_ms)
    unit.tick(now_ms)
    unit.link(now_ms, True)
    shown = [wire.decode("light/state", each.payload) for each in unit.outgoing(now_ms) if each.tail == "light/state"]
    assert shown[-1]["vip"] == gateways


@given(
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 10**6), st.integers(1, 100))), st.integers(0, 3 * 10**6)
)
def test_the_light_changes_only_when_it_was_told_to_change(rows: list[tuple[int, int, int]], now_ms: int) -> None:
    tickets = [vip.Ticket(str(row), 1, *row) for row in rows]
    next_ms = vip.next_change_ms(tickets, now_ms)
    until_ms = now_ms + 2 * 10**6 if next_ms is None else next_ms - 1
    words = [vip.light_of(ticket, now_ms) for ticket in tickets]
    assert [vip.light_of(ticket, until_ms) for ticket in tickets] == words
    if next_ms is not None:
        assert [vip.light_of(ticket, next_ms) for ticket in tickets] != words
