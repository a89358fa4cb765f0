"""Ingest against the real broker: durable first, acknowledged then, whatever comes in."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection, connections
from thirdring_gateway.broker.access import INGEST_USER
from thirdring_gateway.clock import RealClock
from thirdring_gateway.ingest import Ingest
from thirdring_gateway.ledger import tables
from thirdring_gateway.ledger.append import Appender, Batch

from tests.gateway.conftest import RunningBroker
from tests.gateway.test_broker import WAIT_S, Person, unit
from tests.gateway.test_ledger import fact

pytestmark = pytest.mark.system
ME = "thirdring/1/b12/desk-07"


class RunningIngest:
    """Ingest in its thread, and what was committed so far."""

    def __init__(self, broker: RunningBroker) -> None:
        self.committed = threading.Condition()
        self.batches: list[Batch] = []
        self._stop = threading.Event()
        self._ingest = Ingest(broker.login(INGEST_USER), "b12", RealClock(), [self._note])
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        self._ingest.run(self._stop)
        connections.close_all()

    def _note(self, batch: Batch) -> None:
        with self.committed:
            self.batches.append(batch)
            self.committed.notify_all()

    def ask(self, topic: str, payload: bytes) -> None:
        self._ingest.ask([(topic, payload)])

    def until_garbage(self, n: int) -> list[tuple[str, bytes, str]]:
        with self.committed:
            assert self.committed.wait_for(lambda: len(self._garbage()) >= n, WAIT_S)
        return self._garbage()

    def _garbage(self) -> list[tuple[str, bytes, str]]:
        return [each for batch in self.batches for each in batch.garbage]

    def stop(self) -> None:
        self._stop.set()
        self._ingest.wake()
        self._thread.join()


@pytest.fixture
def ingest(broker: RunningBroker, ledger: Path) -> Iterator[RunningIngest]:
    assert ledger.exists()
    running = RunningIngest(broker)
    yield running
    running.stop()


@pytest.fixture
def desk(broker: RunningBroker, ingest: RunningIngest) -> Iterator[Person]:
    assert ingest
    person = unit(broker)
    person.listen(f"{ME}/ack")
    person.listen("thirdring/1/b12/gateway/state")
    person.until(lambda got: any(b"ready" in payload for _, payload in got))
    yield person
    person.leave()


def tell(desk: Person, *facts: dict[str, Any]) -> None:
    for each in facts:
        desk.say(f"{ME}/fact", json.dumps(each).encode())


def is_acked(seq: int, boot: int = 1) -> Any:
    wanted = {"boot": boot, "seq": seq}
    return lambda got: any(topic.endswith("/ack") and json.loads(payload) == wanted for topic, payload in got)


def test_an_acknowledged_fact_is_in_the_ledger(desk: Person) -> None:
    tell(desk, fact(1), fact(2))
    desk.until(is_acked(2))
    assert list(tables.Fact.objects.values_list("seq", flat=True)) == [1, 2]


def test_a_fact_behind_a_gap_waits_for_its_acknowledgement(desk: Person) -> None:
    tell(desk, fact(1), fact(3))
    desk.until(is_acked(1))
    assert not is_acked(3)(desk.got)
    tell(desk, fact(2))
    desk.until(is_acked(3))


GARBAGE = (b"", b"\xff\xfe", b"[]", b"{", b'{"v":1}', b"9" * 5000, b'{"v":1,"branch":"b12","unit":"desk-08"}')


def test_garbage_is_quarantined_and_stops_nothing(desk: Person, ingest: RunningIngest) -> None:
    for payload in GARBAGE:
        desk.say(f"{ME}/fact", payload)
    desk.say(f"{ME}/beat", b'{"boot":0}')
    tell(desk, fact(1, unit="desk-08"), fact(1))
    desk.until(is_acked(1))
    assert len(ingest.until_garbage(len(GARBAGE) + 2)) == len(GARBAGE) + 2
    assert tables.Quarantine.objects.count() == len(GARBAGE) + 2
    assert tables.Fact.objects.count() == 1


def test_what_the_ledger_refused_is_brought_again(
    desk: Person, ingest: RunningIngest, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Appender.append
    failures = [1, 2]

    def full_disk_at_first(self: Appender, batch: Batch) -> Any:
        if batch.facts and failures:
            failures.pop()
            raise OperationalError("database or disk is full")
        return real(self, batch)

    monkeypatch.setattr(Appender, "append", full_disk_at_first)
    tell(desk, fact(1))
    desk.until(is_acked(1))
    assert ingest.batches
    assert tables.Fact.objects.count() == 1


def test_what_came_while_nobody_listened_is_taken_at_the_next_start(broker: RunningBroker, ledger: Path) -> None:
    assert ledger.exists()
    first = RunningIngest(broker)
    desk = unit(broker)
    desk.listen(f"{ME}/ack")
    desk.listen("thirdring/1/b12/gateway/state")
    desk.until(lambda got: any(b"ready" in payload for _, payload in got))
    first.stop()
    desk.until(lambda got: any(b"lost" in payload for _, payload in got))
    tell(desk, fact(1), fact(2))
    second = RunningIngest(broker)
    desk.until(is_acked(2))
    second.stop()
    desk.leave()


def test_a_write_that_waits_for_another_process_is_patient(desk: Person, ledger: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("BEGIN IMMEDIATE")
        tell(desk, fact(1))
        cursor.execute("ROLLBACK")
    desk.until(is_acked(1))
    assert ledger.exists()


def test_what_a_desk_is_asked_reaches_it_once(ingest: RunningIngest, desk: Person) -> None:
    desk.listen(f"{ME}/cmd")
    question = b'{"do":"self-check","id":"opening-2026-11-02"}'
    ingest.ask(f"{ME}/cmd", question)
    desk.until(lambda got: (f"{ME}/cmd", question) in got)
