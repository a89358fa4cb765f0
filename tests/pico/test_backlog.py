"""What an outage leaves: a Pico with many facts and a forgotten VIP counter tells all of it in the room it has."""

import json

import pytest
from thirdring_unit.core.journal import Journal
from thirdring_unit.core.outbox import Outbox
from thirdring_unit.core.slots import Slots
from thirdring_unit.core.vip import VipQueue
from thirdring_unit.filestorage import FileStorage

from tests.pico.bench import Edge, Gateway, Pico, until

FACTS = 400
PRESSES = 40
pytestmark = [pytest.mark.system, pytest.mark.slow]


@pytest.fixture
def late(pico: Pico) -> Pico:
    """A Pico that could not tell anything for a while, and at whose counter no VIP customer is ever served."""
    storage = FileStorage(pico.folder / "journal")
    outbox = Outbox(Journal(storage), "b12", "desk-07", 1)
    for call in range(FACTS):
        outbox.append("answered", {"call": call, "rings": 2, "rings_completed": 2, "wait_ms": 7_400}, call)
    tickets = [[f"1.{number}", 1, 900_000, 600_000] for number in range(VipQueue().capacity)]
    Slots(storage).save("desk", json.dumps({"serving": True, "tickets": tickets}).encode())
    storage.close()
    return pico


def presses() -> list[Edge]:
    starts = [2_000 + 400 * number for number in range(PRESSES)]
    return [(at_ms + lasts_ms, "vip_in", active) for at_ms in starts for lasts_ms, active in ((0, 1), (100, 0))]


def test_a_long_backlog_and_a_full_queue_are_told_without_a_crash(gateway: Gateway, late: Pico) -> None:
    late.world(presses(), hop_ms=100)
    late.start()
    expected = FACTS + 1 + 2 * PRESSES  # each arrival takes the place of the one that has waited longest

    def is_over() -> bool:
        return len(gateway.facts("desk-07")) >= expected or not late.is_alive

    until(is_over, "not all facts arrive")
    assert late.log == ""
    assert len(gateway.facts("desk-07")) == expected
