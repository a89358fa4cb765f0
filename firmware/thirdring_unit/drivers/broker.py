"""The unit's connection to its broker: paho-mqtt, which reconnects by itself with growing pauses."""

import sys
from contextlib import suppress
from functools import partial
from threading import Event
from typing import Any

import structlog
from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.reasoncodes import ReasonCode

from thirdring_unit.core import wire
from thirdring_unit.core.events import Message
from thirdring_unit.core.settings import Settings
from thirdring_unit.core.unit import Unit
from thirdring_unit.drivers.credentials import Credentials, why_refused
from thirdring_unit.errors import UserError
from thirdring_unit.runtime import Inbox

RECONNECT_MAX_S = 30
PROBE_S = 5  # a broker that takes longer to take a unit is not well
TROUBLES_MAX = 8  # different reasons that are told while the link is down
QUEUE_MAX = 1_000  # messages that wait in the client; the outbox keeps the facts in any case

_log = structlog.get_logger()


class BrokerLink:
    """Brings what the gateway says into the inbox, and publishes what the unit wants.

    The link counts as up once the subscriptions are confirmed, so that no answer of the gateway is missed. A renewed
    certificate is the link's own matter: the unit's core never hears of it.
    """

    def __init__(self, credentials: Credentials, unit: Unit, inbox: Inbox, pace: int = 1) -> None:
        settings, will = unit.settings, unit.will()
        self._credentials = credentials
        self._settings = settings
        self._subscriptions = [(topic, 1) for topic in (*unit.subscriptions(), self._topic("cert"))]
        self._inbox = inbox
        self._troubles: set[str] = set()  # told since the link was up last
        self._wrong = ""  # what is wrong with the newest certificate, as last told
        self._client = _client_of(credentials, settings)
        self._client.max_queued_messages_set(QUEUE_MAX)
        self._client.max_inflight_messages_set(settings.window)
        self._client.reconnect_delay_set(1, max(1, RECONNECT_MAX_S // pace))
        self._client.will_set(self._topic(will.tail), will.payload, will.qos, will.retain)
        self._client.on_connect = self._connected
        self._client.on_subscribe = self._subscribed
        self._client.on_disconnect = self._disconnected
        self._client.on_message = self._received
        self._client.on_connect_fail = self._failed
        self._client.on_log = self._complained

    def connect(self) -> None:
        """Begin to connect, and go on for ever: a broker that is away is no error."""
        keepalive_s = max(1, self._settings.keepalive_ms // 1_000)
        self._client.connect_async(self._credentials.identity.host, self._credentials.identity.port, keepalive_s)
        self._client.loop_start()

    def publish(self, message: Message) -> None:
        """Send a message; the client repeats it until the broker has it."""
        self._client.publish(self._topic(message.tail), message.payload, message.qos, message.retain)

    def close(self, farewell: Message) -> None:
        """Say the last word, which a clean end would otherwise leave unsaid, and disconnect."""
        if self._client.is_connected():
            said = self._client.publish(self._topic(farewell.tail), farewell.payload, farewell.qos, farewell.retain)
            with suppress(ValueError, RuntimeError):  # its queue is full, or the link is lost at this very moment
                said.wait_for_publish(timeout=1)
        self._client.disconnect()
        self._client.loop_stop()

    def _topic(self, tail: str) -> str:
        return wire.topic(self._settings.branch, self._settings.unit, tail)

    def _connected(self, client: mqtt.Client, _: Any, _flags: Any, reason: ReasonCode, _more: Any) -> None:
        if reason.is_failure:
            _log.warning("broker refuses this unit", unit=self._settings.unit, reason=str(reason))
            return
        client.subscribe(self._subscriptions)

    def _subscribed(self, _client: Any, _: Any, _mid: int, reasons: list[ReasonCode], _more: Any) -> None:
        if any(reason.is_failure for reason in reasons):
            _log.warning("broker refuses what this unit wants to hear", unit=self._settings.unit)
            return
        _log.info("link up", unit=self._settings.unit)
        self._troubles = set()
        self._inbox.put(partial(_link, connected=True))

    def _disconnected(self, _client: Any, _: Any, _flags: Any, reason: ReasonCode, _more: Any) -> None:
        _log.info("link down", unit=self._settings.unit, reason=str(reason))
        self._inbox.put(partial(_link, connected=False))

    def _failed(self, _client: mqtt.Client, _: Any) -> None:
        """Say once why there is no connection, and once more for every other reason."""
        self._tell(sys.exception())

    def _complained(self, _client: mqtt.Client, _: Any, level: int, text: str) -> None:
        if level == mqtt.MQTT_LOG_ERR:  # such as the alert with which a broker refuses a certificate
            self._tell(text)

    def _tell(self, trouble: object) -> None:
        reason = why_refused(str(trouble))
        if reason not in self._troubles and len(self._troubles) < TROUBLES_MAX:
            self._troubles.add(reason)
            _log.warning("no link to the broker", unit=self._settings.unit, reason=reason)

    def _received(self, _client: Any, _: Any, message: mqtt.MQTTMessage) -> None:
        try:
            _branch, unit, tail = wire.parse_topic(message.topic)
        except wire.WireError as error:
            _log.warning("broker sent what nobody subscribed to", unit=self._settings.unit, reason=str(error))
            return
        if tail == "cert":
            if message.payload:  # nothing, once the unit was revoked
                self._renew(bytes(message.payload))
            return
        said = f"{wire.GATEWAY}/{tail}" if unit == wire.GATEWAY else tail
        self._inbox.put(partial(_receive, tail=said, payload=bytes(message.payload)))

    def _renew(self, payload: bytes) -> None:
        """Take a new certificate; that it cannot be kept is a fact: somebody has to come before the old one ends."""
        wrong = ""
        try:
            if self._credentials.renew(wire.decode("cert", payload)["pem"]):
                _log.info("certificate renewed", unit=self._settings.unit)
        except (wire.WireError, UserError) as error:
            wrong = str(error)
            _log.warning("the new certificate is refused", unit=self._settings.unit, reason=wrong)
        if wrong != self._wrong:
            self._wrong = wrong
            self._inbox.put(partial(_fault, why=wrong))


def probe(credentials: Credentials, settings: Settings) -> str | None:
    """Try whether the broker takes this unit, whose program must not run; return one line on why not, None if so."""
    answered, troubles = Event(), ["it does not answer"]

    def connected(_client: Any, _: Any, _flags: Any, reason: ReasonCode, _more: Any) -> None:
        troubles[:] = [f"it refuses this unit ({reason})"] if reason.is_failure else []
        answered.set()

    client = _client_of(credentials, settings)
    client.on_connect = connected
    client.on_connect_fail = lambda *_: troubles.append(why_refused(str(sys.exception())))
    client.connect_async(credentials.identity.host, credentials.identity.port)
    client.loop_start()
    answered.wait(PROBE_S)
    client.disconnect()
    client.loop_stop()
    return f"{credentials.identity.host}:{credentials.identity.port}: {troubles[-1]}" if troubles else None


def _client_of(credentials: Credentials, settings: Settings) -> mqtt.Client:
    """Return a client that proves to be this unit."""
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=settings.unit, protocol=mqtt.MQTTv311)
    if credentials.identity.password:
        client.username_pw_set(settings.unit, credentials.identity.password)
    if credentials.context:
        client.tls_set_context(credentials.context)
    return client


def _link(unit: Unit, up_ms: int, *, connected: bool) -> None:
    unit.link(up_ms, connected)


def _fault(unit: Unit, up_ms: int, *, why: str) -> None:
    unit.fault(up_ms, "identity", bool(why), why)


def _receive(unit: Unit, up_ms: int, *, tail: str, payload: bytes) -> None:
    unit.receive(up_ms, tail, payload)
