"""How fast facts become durable, beside a bare subscriber that parses them and drops them: `python ingest_bench.py`."""

import json
import logging
import multiprocessing
import socket
import struct
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from multiprocessing.synchronize import Event as EventOfProcess
from pathlib import Path
from statistics import median

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion
from thirdring_gateway.app import Gateway
from thirdring_gateway.broker.access import INGEST_USER, Access, hashed, secret_of
from thirdring_gateway.broker.configuration import Address, Listeners
from thirdring_gateway.broker.mosquitto import Mosquitto
from thirdring_gateway.config import Config
from thirdring_gateway.domain.settings import BranchSettings
from thirdring_gateway.ingest import READY, presence
from thirdring_gateway.ledger.append import Batch
from thirdring_gateway.link import Login
from thirdring_gateway.logs import log_plainly
from thirdring_unit.core import wire

UNITS = 4
FACTS = 4_500  # per unit: all of them fit into the queue of the broker, which drops what does not
ROUNDS = 5
WINDOW = 400
BUDGET = 0.7
WAIT_S = 60
BRANCH = "bench"
ONLOOKER = "onlooker"
Subscriber = Callable[[Address, Path, int, Callable[[], None]], float]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def mqtt_string(text: str) -> bytes:
    data = text.encode()
    return struct.pack("!H", len(data)) + data


def packet(head: int, body: bytes) -> bytes:
    length, encoded = len(body), bytearray()
    while True:
        length, digit = divmod(length, 128)
        encoded.append(digit | (0x80 if length else 0))
        if not length:
            return bytes([head]) + bytes(encoded) + body


def facts_of(unit: str, boot: int, n: int) -> list[bytes]:
    facts = []
    for seq in range(1, n + 1):
        fact = {"v": 1, "branch": BRANCH, "unit": unit, "boot": boot, "seq": seq, "up_ms": seq * 900}
        more = {"kind": "answered", "call": seq, "rings": 2, "rings_completed": 2, "wait_ms": 7400}
        facts.append(wire.encode_fact(fact | more))
    return facts


class Firehose:
    """A unit that publishes prepared packets as fast as its window of unacknowledged ones allows."""

    def __init__(self, address: Address, unit: str, secret: str, boot: int) -> None:
        topic = mqtt_string(wire.topic(BRANCH, unit, "fact"))
        self._packets = [
            packet(0x32, topic + struct.pack("!H", index % 65535 + 1) + fact)
            for index, fact in enumerate(facts_of(unit, boot, FACTS))
        ]
        self._socket = socket.create_connection((address.host, address.port))
        hello = mqtt_string("MQTT") + bytes([4, 0xC2]) + struct.pack("!H", 0)
        self._socket.sendall(packet(0x10, hello + mqtt_string(unit) + mqtt_string(unit) + mqtt_string(secret)))
        if self._socket.recv(4) != b"\x20\x02\x00\x00":
            sys.exit("the broker refuses the bench's unit")

    def run(self) -> None:
        chunk = WINDOW // 2
        outstanding_bytes = 0
        for first in range(0, FACTS, chunk):
            chosen = self._packets[first : first + chunk]
            self._socket.sendall(b"".join(chosen))
            outstanding_bytes += 4 * len(chosen)  # a PUBACK has 4 bytes
            while outstanding_bytes > 4 * chunk:
                outstanding_bytes -= len(self._socket.recv(65536))
        while outstanding_bytes > 0:
            outstanding_bytes -= len(self._socket.recv(65536))
        self._socket.close()


def hose(address: Address, secrets: dict[str, str], boot: int, ready: EventOfProcess, go: EventOfProcess) -> None:
    """The publishers' process: their work must not share an interpreter with the subscriber that is measured."""
    hoses = [Firehose(address, unit, secret, boot) for unit, secret in secrets.items()]
    threads = [threading.Thread(target=each.run) for each in hoses]
    ready.set()
    go.wait()
    for thread in threads:
        thread.start()


def login_of(address: Address, state: Path, user: str) -> Login:
    return Login(address, user, secret_of(state, user))


def measured(subscriber: Subscriber, address: Address, state: Path, boot: int) -> float:
    """Return the facts per second that `subscriber` takes."""
    spawn = multiprocessing.get_context("spawn")
    ready, go = spawn.Event(), spawn.Event()
    secrets = {f"u{n}": secret_of(state, f"u{n}") for n in range(UNITS)}
    publishers = spawn.Process(target=hose, args=[address, secrets, boot, ready, go])
    publishers.start()
    ready.wait(30)
    rate = subscriber(address, state, UNITS * FACTS, go.set)
    publishers.join()
    return rate


def client_of(login: Login, topic: str, on_message: Callable[[bytes], None]) -> Client:
    """Return a plain client that is connected and subscribed."""
    subscribed = threading.Event()
    client = Client(CallbackAPIVersion.VERSION2, client_id=login.user)
    client.username_pw_set(login.user, login.secret)
    client.on_message = lambda _client, _data, message: on_message(bytes(message.payload))
    client.on_subscribe = lambda *_: subscribed.set()
    client.connect(login.address.host, login.address.port)
    client.subscribe(topic, 1)
    client.loop_start()
    subscribed.wait(WAIT_S)
    return client


def bare(address: Address, state: Path, count_to: int, start: Callable[[], None]) -> float:
    """Return facts per second of a subscriber that does nothing but parse."""
    done = threading.Event()
    left = count_to

    def parse(payload: bytes) -> None:
        nonlocal left
        json.loads(payload)
        left -= 1
        if not left:
            done.set()

    client = client_of(login_of(address, state, INGEST_USER), f"{wire.PROTOCOL}{BRANCH}/+/fact", parse)
    began = time.perf_counter()
    start()
    done.wait(WAIT_S)
    rate = count_to / (time.perf_counter() - began)
    client.disconnect()
    client.loop_stop()
    return rate


def durable(address: Address, state: Path, count_to: int, start: Callable[[], None]) -> float:
    """Return facts per second that the whole gateway commits and acknowledges, lights and numbers included."""
    stop, done, there = threading.Event(), threading.Event(), threading.Event()
    left = count_to

    def watch(batch: Batch) -> None:
        nonlocal left
        left -= len(batch.facts)
        if left <= 0:
            done.set()

    config = Config(BranchSettings(BRANCH), external=address)
    with Gateway(config, state, stop, watchers=[watch]):
        login = login_of(address, state, ONLOOKER)
        onlooker = client_of(login, presence(BRANCH), lambda payload: there.set() if payload == READY else None)
        there.wait(WAIT_S)
        began = time.perf_counter()
        start()
        done.wait(WAIT_S)
        rate = count_to / (time.perf_counter() - began)
        onlooker.disconnect()
        onlooker.loop_stop()
    return rate


def main() -> int:
    """Print a row per round; the status is 1 when the median round is over budget."""
    log_plainly(level=logging.ERROR)
    ratios = []
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder)
        address = Address("127.0.0.1", free_port())
        broker = Mosquitto(state, BRANCH, Listeners(address.port, port=0, password_port=0))
        units = [*(f"u{n}" for n in range(UNITS)), ONLOOKER]
        broker.start(Access(hashed(state, {unit: secret_of(state, unit) for unit in units})))
        print("ingest   bare facts/s   durable facts/s   ratio")
        for boot in range(1, ROUNDS + 1):
            bare_rate, durable_rate = (measured(each, address, state, boot) for each in (bare, durable))
            ratios.append(durable_rate / bare_rate)
            print(f"{boot:6} {bare_rate:14.0f} {durable_rate:17.0f} {ratios[-1]:7.2f}")
        broker.stop()
    middle = median(ratios)
    print(f"ingest: median ratio {middle:.2f}, budget at least {BUDGET}")
    return int(middle < BUDGET)


if __name__ == "__main__":
    sys.exit(main())
