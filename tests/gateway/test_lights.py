"""The VIP light: on at the millisecond after the limit, off when served, and true again after any restart."""

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from thirdring_gateway.broker.access import LIGHTS_USER
from thirdring_gateway.clock import RealClock
from thirdring_gateway.domain.settings import BranchSettings, Tier
from thirdring_gateway.ledger.append import Appender, Batch
from thirdring_gateway.ledger.project import catch_up
from thirdring_gateway.lights import Lights

from tests.gateway.conftest import RunningBroker
from tests.gateway.test_broker import Person, unit
from tests.gateway.test_ledger import fact

pytestmark = pytest.mark.system
LIMIT_MS = 300
SETTINGS = BranchSettings("b12", tiers=(Tier(1, LIMIT_MS), Tier(2, 3_600_000)), near_percent=50)
TOPIC = "thirdring/1/b12/desk-07/light/set"
LATE_MS = 250  # the tests run beside others; how exact the light is, is measured by tests/bench/light_bench.py


class Counter:
    """A desk whose VIP facts are committed and told to the lights; its boot began a minute ago."""

    def __init__(self, lights: Lights) -> None:
        self._lights = lights
        self._appender = Appender()
        self._seq = 0
        self._began_ms = RealClock().now_ms() - 60_000

    def tell(self, kind: str, **data: Any) -> int:
        """Tell a fact of now; return the time of now."""
        self._seq += 1
        now_ms = RealClock().now_ms()
        told = fact(self._seq, kind=kind, **data) | {"up_ms": now_ms - self._began_ms}
        beat = {"boot": 1, "up_ms": now_ms - self._began_ms, "backlog": 0, "oldest": [1, 1]}
        batch = Batch(now_ms, [(told, json.dumps(told))], [("b12", "desk-07", beat)])
        self._appender.append(batch)
        self._lights.tell(batch)
        return now_ms


class RunningLights:
    def __init__(self, broker: RunningBroker, start_number: int = 1) -> None:
        self.lights = Lights(broker.login(LIGHTS_USER), SETTINGS, RealClock(), start_number)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        self.lights.run(self._stop)
        connections.close_all()

    def stop(self) -> None:
        self._stop.set()
        self.lights.wake()
        self._thread.join()


@pytest.fixture
def lights(broker: RunningBroker, ledger: Path) -> Iterator[Lights]:
    assert ledger.exists()
    running = RunningLights(broker)
    yield running.lights
    running.stop()


@pytest.fixture
def desk(broker: RunningBroker) -> Iterator[Person]:
    person = unit(broker)
    person.listen(TOPIC)
    yield person
    person.leave()


def shows(*words: str) -> Callable[[list[tuple[str, bytes]]], bool]:
    return lambda got: [json.loads(payload)["vip"] for _, payload in got][-len(words) :] == list(words)


def test_the_light_warns_then_lights_and_goes_out_when_served(desk: Person, lights: Lights) -> None:
    counter = Counter(lights)
    came_ms = counter.tell("vip_in", ticket="1.1", tier=1)
    desk.until(shows("near"))
    assert RealClock().now_ms() - came_ms >= LIMIT_MS / 2
    desk.until(shows("near", "over"))
    assert LIMIT_MS < RealClock().now_ms() - came_ms < LIMIT_MS + LATE_MS
    counter.tell("vip_served", ticket="1.1", wait_ms=LIMIT_MS)
    desk.until(shows("near", "over", "off"))


def test_the_light_stays_on_for_the_next_customer_who_waits_too_long(desk: Person, lights: Lights) -> None:
    counter = Counter(lights)
    counter.tell("vip_in", ticket="1.1", tier=1)
    counter.tell("vip_in", ticket="1.2", tier=1)
    desk.until(shows("over"))
    counter.tell("vip_left", ticket="1.1")
    desk.until(shows("over"))
    assert "off" not in [json.loads(payload)["vip"] for _, payload in desk.got]
    counter.tell("vip_left", ticket="1.2")
    desk.until(shows("off"))


def test_a_unit_that_comes_late_finds_the_light_retained(broker: RunningBroker, lights: Lights) -> None:
    early = unit(broker)
    early.listen(TOPIC)
    Counter(lights).tell("vip_in", ticket="1.1", tier=1)
    early.until(shows("over"))
    early.leave()
    late = unit(broker)
    late.listen(TOPIC)
    late.until(shows("over"))
    late.leave()


@pytest.mark.usefixtures("ledger")
def test_after_a_restart_the_ledger_tells_who_waits_and_the_numbers_go_on(broker: RunningBroker, desk: Person) -> None:
    first = RunningLights(broker, start_number=1)
    Counter(first.lights).tell("vip_in", ticket="1.1", tier=1)
    desk.until(shows("near"))
    first.stop()
    catch_up(SETTINGS.hours.zone)
    second = RunningLights(broker, start_number=2)
    desk.until(shows("over"))
    second.stop()
    revs = [json.loads(payload)["rev"] for _, payload in desk.got]
    assert revs == sorted(set(revs))


def test_the_light_is_shown_again_after_the_broker_was_killed(
    broker: RunningBroker, desk: Person, lights: Lights
) -> None:
    Counter(lights).tell("vip_in", ticket="1.1", tier=1)
    desk.until(shows("over"))
    heard = len(desk.got)
    broker.kill()  # the plain client of these tests connects again by itself, and subscribes
    desk.until(lambda got: len(got) > heard and shows("over")(got))


def test_nonsense_about_a_customer_puts_no_light_out_of_order(desk: Person, lights: Lights) -> None:
    counter = Counter(lights)
    counter.tell("vip_in", ticket=7, tier="gold")
    counter.tell("vip_in", ticket="1.1", tier=1)
    desk.until(shows("over"))
