"""A branch's guarded door for tests: authority, registry, Mosquitto behind TLS; and who stands before it."""

import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from paho.mqtt.client import MQTT_LOG_ERR, Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.reasoncodes import ReasonCode
from thirdring_gateway.broker.access import INGEST_USER, secret_of
from thirdring_gateway.broker.configuration import Listeners
from thirdring_gateway.broker.mosquitto import Mosquitto
from thirdring_gateway.config import Config
from thirdring_gateway.demo.run import free_port
from thirdring_gateway.domain.settings import BranchSettings
from thirdring_gateway.identities import registry
from thirdring_gateway.identities.doorkeeper import Doorkeeper
from thirdring_gateway.identities.enrolment import enrol, revoke
from thirdring_gateway.identities.vault import open_authority
from thirdring_unit.drivers.credentials import tls
from thirdring_unit.identity import Identity, read

WAIT_S = 10
BRANCH = "b12"


def now_ms() -> int:
    return time.time_ns() // 1_000_000


class GuardedBroker:
    """Branch b12 as the gateway guards it, over a ledger that is open."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.state_dir = folder / "state"
        listeners = Listeners(free_port(), "127.0.0.1", free_port(), free_port())
        self.config = Config(BranchSettings(BRANCH), listeners)
        self.authority = open_authority(self.state_dir, BRANCH, is_known=False)
        self.mosquitto = Mosquitto(self.state_dir, BRANCH, listeners, self.authority)
        self.doors = Doorkeeper(self.authority, BRANCH, self.mosquitto)

    def enrol(self, unit: str, *, by_password: bool = False, replace: bool = False) -> Identity:
        """Enrol a unit as facilities do, and wait until the broker knows."""
        out = self.folder / f"{unit}.{registry.revision()}.json"
        how = {"by_password": by_password, "replace": replace}
        with self._when_it_is_known():
            enrol(self.config, self.state_dir, unit, out, now_ms(), broker="", **how)
        return read(out)

    def revoke(self, unit: str) -> None:
        with self._when_it_is_known():
            revoke(self.config, unit, now_ms())

    @contextmanager
    def _when_it_is_known(self) -> Iterator[None]:
        before, access = self.mosquitto.pid, registry.access(BRANCH)
        yield
        self.doors.look(now_ms())
        if access == registry.access(BRANCH):
            return
        pause, until = threading.Event(), time.monotonic() + WAIT_S
        while self.mosquitto.pid == before or not self._is_open():
            assert time.monotonic() < until
            pause.wait(0.02)

    def _is_open(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.config.listeners.port)):
            return True
        return False

    def gateway(self) -> "Caller":
        """Come in as the gateway itself."""
        near = Identity(
            BRANCH, INGEST_USER, "127.0.0.1", self.config.listeners.local_port,
            password=secret_of(self.state_dir, INGEST_USER),
        )  # fmt: skip
        return Caller(near)


class Caller:
    """Anybody who comes to the broker, in the name of an identity or with a TLS context of their own making."""

    def __init__(
        self,
        identity: Identity,
        context: ssl.SSLContext | None = None,
        client_id: str | None = None,
        will: tuple[str, bytes] | None = None,
    ) -> None:
        self.got: list[tuple[str, bytes]] = []
        self.trouble = ""
        self._news = threading.Condition()
        self._state = ""
        self.client = Client(
            CallbackAPIVersion.VERSION2, client_id=client_id or identity.unit, reconnect_on_failure=False
        )
        self.client.on_connect = self._on_connect
        self.client.on_connect_fail = lambda *_: self._change("refused", str(sys.exception()))
        self.client.on_disconnect = lambda *_: self._change("out")
        self.client.on_message = self._on_message
        self.client.on_log = lambda _client, _data, level, text: self._complain(level, text)
        if identity.password:
            self.client.username_pw_set(identity.unit, identity.password)
        if context or identity.ca:
            self.client.tls_set_context(context or tls(identity))
        if will:
            self.client.will_set(*will, qos=1, retain=True)
        self.client.connect_async(identity.host, identity.port, keepalive=60)
        self.client.loop_start()

    def is_in(self) -> bool:
        """Whether the broker let us in; waits for its answer."""
        self._wait(lambda: bool(self._state))
        return self._state == "in"

    def until_out(self) -> None:
        """Wait until the broker has cut the connection."""
        self._wait(lambda: self._state in ("out", "refused"))

    def say(self, topic: str, payload: bytes = b"x", *, retain: bool = False) -> None:
        assert self.is_in()
        self.client.publish(topic, payload, qos=1, retain=retain).wait_for_publish(WAIT_S)

    def listen(self, topic: str) -> None:
        assert self.is_in()
        told = threading.Event()
        self.client.on_subscribe = lambda *_: told.set()
        self.client.subscribe(topic, 1)
        assert told.wait(WAIT_S)

    def until(self, enough: Callable[[list[tuple[str, bytes]]], bool]) -> list[tuple[str, bytes]]:
        self._wait(lambda: enough(self.got))
        return self.got

    def vanish(self) -> None:
        """Break the connection without a word, so that the broker tells the will."""
        self.client.loop_stop()
        found = self.client.socket()
        assert isinstance(found, socket.socket)
        found.close()

    def leave(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()

    def _wait(self, enough: Callable[[], bool]) -> None:
        with self._news:
            assert self._news.wait_for(enough, WAIT_S), (self._state, self.trouble, self.got)

    def _change(self, state: str, trouble: str = "") -> None:
        with self._news:
            self._state = state
            self.trouble = trouble or self.trouble
            self._news.notify_all()

    def _complain(self, level: int, text: str) -> None:
        if level == MQTT_LOG_ERR:
            self.trouble = text

    def _on_connect(self, _client: Client, _data: object, _flags: object, reason: ReasonCode, _more: object) -> None:
        self._change("refused" if reason.is_failure else "in", str(reason) if reason.is_failure else "")

    def _on_message(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        with self._news:
            self.got.append((message.topic, bytes(message.payload)))
            self._news.notify_all()
