"""From the limit exceeded to the light's driver called, beside a bare MQTT publish to receive on the same broker."""

import json
import logging
import multiprocessing
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median

import structlog
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion
from thirdring_gateway.app import SWITCH_S
from thirdring_gateway.broker.access import INGEST_USER, LIGHTS_USER, Access, hashed, secret_of
from thirdring_gateway.broker.configuration import Address, Listeners
from thirdring_gateway.broker.mosquitto import Mosquitto
from thirdring_gateway.clock import RealClock
from thirdring_gateway.demo.run import free_port
from thirdring_gateway.domain.settings import BranchSettings, Tier
from thirdring_gateway.identities.authority import Authority, new_authority
from thirdring_gateway.ledger.append import Appender, Batch
from thirdring_gateway.ledger.database import open_database
from thirdring_gateway.lights import Lights
from thirdring_gateway.link import Login
from thirdring_unit.core import parsing, wire
from thirdring_unit.core.journal import Journal
from thirdring_unit.core.unit import Unit
from thirdring_unit.core.vip import OFF, OVER
from thirdring_unit.drivers.broker import BrokerLink
from thirdring_unit.drivers.credentials import Credentials
from thirdring_unit.filestorage import FileStorage
from thirdring_unit.identity import Identity, write
from thirdring_unit.runtime import Clock, Event, Inbox, Runtime, run

BRANCH, DESK, BARE = "bench", "desk-01", "desk-02"
IDENTITY = "identity.json"
DAY_MS = 86_400_000
SAMPLES = 200
LIMIT_MS = 60
WAIT_S = 30
BUDGET = 2.0
NS_PER_MS = 1_000_000
SETTINGS = BranchSettings(BRANCH, tiers=(Tier(1, LIMIT_MS),), near_percent=50)
BARE_TOPIC = wire.topic(BRANCH, BARE, "ack")


class WatchedUnit(Unit):
    """A unit that lets the bench see a word for its VIP light that the driver has not shown yet."""

    word = ""

    def receive(self, up_ms: int, tail: str, payload: bytes) -> None:
        super().receive(up_ms, tail, payload)
        if tail == "light/set":
            self.word = json.loads(payload)["vip"]


class StopwatchLights:
    """A light driver that tells when it was called for a limit exceeded, and for nobody waiting."""

    def __init__(self, unit: WatchedUnit, times: Connection) -> None:
        self._unit = unit
        self._times = times

    def show(self, vip: bool, prompt: bool) -> None:
        if (self._unit.word, vip) in ((OVER, True), (OFF, False)):
            self._times.send((self._unit.word, time.time_ns()))
            self._unit.word = ""
        assert prompt in (True, False)


class NothingHappens:
    """An input that never has anything."""

    def next_ms(self) -> None:
        return None

    def due(self, up_ms: int) -> Iterator[tuple[int, Event]]:
        assert up_ms >= 0
        yield from ()


def desk(address: Address, state: Path, bare_secret: str, lit: Connection, received: Connection) -> None:
    """The desk's process: the real unit code for the light, and beside it a bare subscriber."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    settings = parsing.parse({"unit": {"branch": BRANCH, "id": DESK}, "line": {"country": "CN"}})
    storage = FileStorage(state / "journal")
    unit = WatchedUnit(settings, Journal(storage, settings.limit_bytes), "power", "bench")
    clock = Clock()
    inbox = Inbox(clock)
    link = BrokerLink(Credentials(state / IDENTITY, settings), unit, inbox)
    runtime = Runtime(unit, link, StopwatchLights(unit, lit))
    plain = Client(CallbackAPIVersion.VERSION2, client_id=BARE)
    plain.username_pw_set(BARE, bare_secret)
    plain.on_message = lambda *_: received.send(time.time_ns())
    plain.on_subscribe = lambda *_: received.send(0)
    plain.connect(address.host, address.port)
    plain.subscribe(BARE_TOPIC, 1)
    plain.loop_start()
    unit.start(0, [])
    link.connect()
    run(runtime, clock, inbox, NothingHappens())


class Customers:
    """VIP customers of the desk, whose facts are committed and told to the lights as ingest does it."""

    def __init__(self, lights: Lights) -> None:
        self._lights = lights
        self._appender = Appender()
        self._seq = 0
        self._began_ms = RealClock().now_ms() - 60_000

    def tell(self, kind: str, **data: object) -> int:
        """Tell a fact of this moment and return the moment."""
        self._seq += 1
        now_ms = RealClock().now_ms()
        up_ms = now_ms - self._began_ms
        envelope = {"v": 1, "branch": BRANCH, "unit": DESK, "boot": 1, "seq": self._seq, "up_ms": up_ms, "kind": kind}
        beat = {"boot": 1, "up_ms": up_ms, "backlog": 0, "oldest": [1, self._seq]}
        batch = Batch(now_ms, [(envelope | data, json.dumps(envelope | data))], [(BRANCH, DESK, beat)])
        self._appender.append(batch)
        self._lights.tell(batch)
        return now_ms


def one_light(customers: Customers, number: int, shown: Connection) -> float:
    """Return the milliseconds from a customer's limit exceeded to the driver called; the light is off before and after.

    A gateway that is held up sees one customer served and the next one over the limit at once, and rightly leaves the
    light on: so the next one comes only when it is off.
    """
    came_ms = customers.tell("vip_in", ticket=f"1.{number}", tier=1)
    took_ms = float(shown_at_ns(shown, OVER) / NS_PER_MS - (came_ms + LIMIT_MS + 1))
    customers.tell("vip_served", ticket=f"1.{number}", wait_ms=LIMIT_MS)
    shown_at_ns(shown, OFF)
    return took_ms


def shown_at_ns(shown: Connection, word: str) -> int:
    """Wait until the light shows `word` and return when it did."""
    while shown.poll(WAIT_S):
        what, at_ns = shown.recv()
        if what == word:
            return int(at_ns)
    sys.exit(f"the light was not set to {word!r} within {WAIT_S} s")


def one_bare(client: Client, received: Connection) -> float:
    """Return the milliseconds from publish to receive."""
    began_ns = time.time_ns()
    client.publish(BARE_TOPIC, b'{"boot":1,"seq":1}', qos=1)
    if not received.poll(WAIT_S):
        sys.exit("the bare message did not arrive")
    return float((received.recv() - began_ns) / NS_PER_MS)


def p99(times_ms: list[float]) -> float:
    return sorted(times_ms)[-(-99 * len(times_ms) // 100) - 1]


def measure(address: Address, state: Path, lit: Connection, received: Connection) -> tuple[list[float], list[float]]:
    """Return the times of lights and of bare messages, measured by turns."""
    sys.setswitchinterval(SWITCH_S)
    open_database(str(state / "ledger.sqlite3"))
    lights = Lights(Login(address, LIGHTS_USER, secret_of(state, LIGHTS_USER)), SETTINGS, RealClock(), 1)
    stop = threading.Event()
    thread = threading.Thread(target=lights.run, args=[stop])
    thread.start()
    client = Client(CallbackAPIVersion.VERSION2, client_id=INGEST_USER)
    client.username_pw_set(INGEST_USER, secret_of(state, INGEST_USER))
    client.connect(address.host, address.port)
    client.loop_start()
    received.recv()
    customers = Customers(lights)
    one_light(customers, 0, lit)  # everybody is connected now
    one_bare(client, received)
    pairs = [(one_light(customers, number, lit), one_bare(client, received)) for number in range(1, SAMPLES + 1)]
    client.disconnect()
    client.loop_stop()
    stop.set()
    lights.wake()
    thread.join()
    return [light for light, _ in pairs], [plain for _, plain in pairs]


def main() -> int:
    """Print both medians and 99th percentiles; the status is 1 when the budget is not kept."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    spawn = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder)
        address = Address("127.0.0.1", free_port())
        authority, listeners = Authority(new_authority(BRANCH)), Listeners(address.port, address.host, free_port())
        broker = Mosquitto(state, BRANCH, listeners, authority)
        broker.start(Access(hashed(state, {BARE: secret_of(state, BARE)})))
        issued, key = authority.client(DESK, RealClock().now_ms() + DAY_MS)
        near = address.host, listeners.port
        write(state / IDENTITY, Identity(BRANCH, DESK, *near, authority.cert, issued.cert, key))
        lit, lit_end = spawn.Pipe(duplex=False)
        received, received_end = spawn.Pipe(duplex=False)
        process = spawn.Process(target=desk, args=[address, state, secret_of(state, BARE), lit_end, received_end])
        process.start()
        light_ms, bare_ms = measure(address, state, lit, received)
        process.terminate()
        process.join()
        broker.stop()
    ratio = p99(light_ms) / p99(bare_ms)
    print("light    median ms   p99 ms")
    for name, times_ms in (("bare", bare_ms), ("light", light_ms)):
        print(f"{name:6} {median(times_ms):11.3f} {p99(times_ms):8.3f}")
    print(f"light: p99 ratio {ratio:.2f}, budget at most {BUDGET}")
    return int(ratio > BUDGET)


if __name__ == "__main__":
    sys.exit(main())
