"""One MQTT connection that lives in its owner's thread: nothing is read or sent unless the owner asks for it.

paho's own network thread would hand every message to another thread and wake for every acknowledgement; here the
owner reads what has arrived, works on it as one batch, and then answers. While it works, nothing is read: the socket
fills up, the broker queues within its bounds, and a unit keeps what is not acknowledged. That is all the back-pressure.
"""

import os
import select
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from socket import IPPROTO_TCP, TCP_NODELAY
from typing import Any

import structlog
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode

from thirdring_gateway.broker.configuration import Address

KEEPALIVE_S = 30
PAUSE_S_FIRST = 0.1
PAUSE_S_MAX = 5.0
CHORES_S = 1.0
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Login:
    """Who connects to the broker, and where it is."""

    address: Address
    user: str
    secret: str


@dataclass(frozen=True, slots=True)
class Retained:
    """A message that the broker keeps and shows to everyone who subscribes later."""

    topic: str
    payload: bytes


class Link:
    """A connection that is made again whenever it breaks; `on_ready` runs after each time it was made.

    `lasting` keeps the session at the broker, so that what arrives meanwhile is queued there.
    `will` is published by the broker when this program dies.
    """

    def __init__(
        self, login: Login, topics: Iterable[tuple[str, int]], *, lasting: bool, will: Retained | None = None
    ) -> None:
        self._address = login.address
        self._topics = list(topics)
        self._client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=login.user,
            clean_session=not lasting,
            manual_ack=True,
            reconnect_on_failure=False,
        )
        self._client.username_pw_set(login.user, login.secret)
        if will:
            self._client.will_set(will.topic, will.payload, qos=1, retain=True)
        self._client.on_message = self._on_message
        self._client.on_connect = self._on_connect
        self._client.on_socket_open = _hold_nothing_back
        self._waker = os.eventfd(0, os.EFD_NONBLOCK)
        self._arrived: list[MQTTMessage] = []
        self._pause_s = PAUSE_S_FIRST
        self._retry_at = 0.0
        self._chores_at = 0.0
        self._refusal = ""
        self.ready = False
        self.on_ready: Callable[[], None] = lambda: None

    # ---- for any thread

    def wake(self) -> None:
        """End the wait of a `read` that is under way."""
        os.eventfd_write(self._waker, 1)

    # ---- for the owner's thread

    def read(self, wait_ms: float, messages_max: int) -> list[MQTTMessage]:
        """Return what has arrived, waiting up to `wait_ms` for something; connects when there is no connection."""
        sock = self._client.socket()
        if sock is None:
            self._connect(wait_ms)
        else:
            self._exchange(sock.fileno(), wait_ms, messages_max)
        arrived, self._arrived = self._arrived, []
        return arrived

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        """Send with QoS 1, at once; lost when there is no connection, so `on_ready` says again what must be known."""
        if self.ready:
            self._client.publish(topic, payload, qos=1, retain=retain)

    def acknowledge(self, messages: Iterable[MQTTMessage]) -> None:
        """Tell the broker that `messages` are in safe hands."""
        for message in messages:
            self._client.ack(message.mid, message.qos)

    def drop(self, why: str) -> None:
        """Leave without acknowledging what came: the broker will deliver it again."""
        self._client.disconnect()
        self._lost(why)

    def close(self) -> None:
        """Say goodbye; the will is not published."""
        self._client.disconnect()
        self.ready = False

    # ---- inside

    def _connect(self, wait_ms: float) -> None:
        wait_s = max(0.0, min(self._retry_at - time.monotonic(), wait_ms / 1000))
        if wait_s and self._sleep(wait_s):
            return
        if time.monotonic() < self._retry_at:
            return
        try:
            self._client.connect(self._address.host, self._address.port, KEEPALIVE_S)
        except OSError as error:
            self._lost(str(error))

    def _sleep(self, wait_s: float) -> bool:
        """Wait; return whether `wake` ended it."""
        ready, _, _ = select.select([self._waker], [], [], wait_s)
        if ready:
            os.eventfd_read(self._waker)
        return bool(ready)

    def _exchange(self, fd: int, wait_ms: float, messages_max: int) -> None:
        writes = [fd] if self._client.want_write() else []
        readable, writable, _ = select.select([fd, self._waker], writes, [], max(0.0, wait_ms / 1000))
        if self._waker in readable:
            os.eventfd_read(self._waker)
        state = MQTTErrorCode.MQTT_ERR_SUCCESS
        if fd in readable:
            state = self._read_all(messages_max)
        if writable and not state:
            state = self._client.loop_write()
        if time.monotonic() >= self._chores_at and not state:
            self._chores_at = time.monotonic() + CHORES_S
            state = self._client.loop_misc()
        if state:
            self._lost(self._refusal or state.name)

    def _read_all(self, messages_max: int) -> MQTTErrorCode:
        """Read until nothing more has arrived; what is left is read next time."""
        before = -1
        state = MQTTErrorCode.MQTT_ERR_SUCCESS
        while before < len(self._arrived) < messages_max and not state:
            before = len(self._arrived)
            state = self._client.loop_read()
        return state

    def _lost(self, why: str) -> None:
        if self.ready or self._pause_s == PAUSE_S_FIRST:
            log.warning("no connection to the broker", host=self._address.host, port=self._address.port, why=why)
        self.ready = False
        self._arrived.clear()  # their acknowledgement would belong to a connection that is gone
        self._retry_at = time.monotonic() + self._pause_s
        self._pause_s = min(2 * self._pause_s, PAUSE_S_MAX)

    def _on_connect(self, _client: Client, _data: object, _flags: object, reason: object, _properties: object) -> None:
        if getattr(reason, "is_failure", False):
            self._refusal = str(reason)
            return
        self._refusal = ""
        self._pause_s = PAUSE_S_FIRST
        if self._topics:
            self._client.subscribe(self._topics)
        self.ready = True
        self.on_ready()

    def _on_message(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        self._arrived.append(message)


def _hold_nothing_back(_client: Client, _data: object, opened: Any) -> None:
    """Send small packets at once: TCP would keep the answer after an answer back for 40 ms, and a desk waits for it."""
    opened.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
