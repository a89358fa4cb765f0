"""The broker that the gateway runs: real Mosquitto, nobody anonymous, each unit within its own topics."""

import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion
from thirdring_gateway.broker.access import INGEST_USER, Access, secret_of
from thirdring_gateway.broker.configuration import Listeners
from thirdring_gateway.broker.mosquitto import Mosquitto
from thirdring_gateway.trouble import Trouble

from tests.gateway.conftest import RunningBroker, free_port

WAIT_S = 10
pytestmark = pytest.mark.system


class Person:
    """An ordinary MQTT client that notes what it gets."""

    def __init__(self, broker: RunningBroker, user: str, secret: str | None) -> None:
        self.refusal = ""
        self.got: list[tuple[str, bytes]] = []
        self._topics: list[str] = []
        self._news = threading.Condition()
        self._joined = threading.Event()
        self._client = Client(CallbackAPIVersion.VERSION2, client_id=user)
        if secret is not None:
            self._client.username_pw_set(user, secret)
        self._client.on_connect = self._on_connect
        self._client.on_message = self._on_message
        self._client.connect(broker.address.host, broker.address.port)
        self._client.loop_start()
        assert self._joined.wait(WAIT_S)

    def _on_connect(self, _client: Client, _data: object, _flags: object, reason: object, _more: object) -> None:
        self.refusal = str(reason) if getattr(reason, "is_failure", False) else ""
        if self._topics:
            self._client.subscribe([(topic, 1) for topic in self._topics])
        self._joined.set()

    def _on_message(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        with self._news:
            self.got.append((message.topic, bytes(message.payload)))
            self._news.notify_all()

    def say(self, topic: str, payload: bytes = b"x") -> None:
        self._client.publish(topic, payload, qos=1).wait_for_publish(WAIT_S)

    def listen(self, topic: str) -> None:
        told = threading.Event()
        self._client.on_subscribe = lambda *_: told.set()
        self._client.subscribe(topic, 1)
        self._topics.append(topic)
        assert told.wait(WAIT_S)

    def until(self, enough: Callable[[list[tuple[str, bytes]]], bool]) -> None:
        with self._news:
            assert self._news.wait_for(lambda: enough(self.got), WAIT_S), self.got

    def leave(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


def unit(broker: RunningBroker, name: str = "desk-07") -> Person:
    return Person(broker, name, secret_of(broker.state_dir, name))


def gateway(broker: RunningBroker) -> Person:
    return Person(broker, INGEST_USER, secret_of(broker.state_dir, INGEST_USER))


def test_nobody_comes_in_without_the_right_secret(broker: RunningBroker) -> None:
    for user, secret in (("desk-07", None), ("desk-07", "guess"), ("desk-99", "guess"), ("", None)):
        person = Person(broker, user, secret)
        assert "uthoriz" in person.refusal, (user, secret)
        person.leave()


def test_a_unit_may_say_only_what_is_its_own(broker: RunningBroker) -> None:
    listener, desk = gateway(broker), unit(broker)
    listener.listen("thirdring/1/#")
    foreign = ("b12/desk-08/fact", "b13/desk-07/fact", "b12/desk-07/ack", "b12/desk-07/light/set", "b12/gateway/state")
    for tail in (*foreign, "b12/desk-07/config", "b12/desk-07/cmd"):
        desk.say(f"thirdring/1/{tail}")
    desk.say("thirdring/1/b12/desk-07/fact", b"mine")
    listener.until(bool)
    assert listener.got == [("thirdring/1/b12/desk-07/fact", b"mine")]
    desk.leave()
    listener.leave()


def test_a_unit_hears_only_what_is_for_it(broker: RunningBroker) -> None:
    speaker, desk = gateway(broker), unit(broker)
    desk.listen("#")
    desk.listen("thirdring/1/b12/+/ack")
    for tail in ("desk-08/ack", "desk-08/fact", "desk-08/light/set", "desk-07/ack"):
        speaker.say(f"thirdring/1/b12/{tail}")
    desk.until(bool)
    assert {topic for topic, _ in desk.got} == {"thirdring/1/b12/desk-07/ack"}
    desk.leave()
    speaker.leave()


def test_secrets_and_rights_are_readable_by_their_owner_alone(broker: RunningBroker) -> None:
    for path in (*(broker.state_dir / "secrets").iterdir(), *(broker.state_dir / "broker").iterdir()):
        assert path.stat().st_mode & 0o077 == 0, path
    assert "$7$" in (broker.state_dir / "broker/passwords").read_text()


def test_a_killed_broker_comes_back(broker: RunningBroker) -> None:
    assert broker.mosquitto.pid
    first = broker.mosquitto.pid
    broker.kill()
    person = _as_soon_as_it_is_back(broker)
    assert broker.mosquitto.pid != first
    person.leave()


def _as_soon_as_it_is_back(broker: RunningBroker) -> Person:
    listening = threading.Event()
    deadline = threading.Timer(WAIT_S, listening.set)
    deadline.start()
    while not listening.wait(0.05):
        try:
            person = unit(broker)
        except OSError:
            continue
        deadline.cancel()
        return person
    raise AssertionError("the broker did not come back")


def test_a_taken_port_is_told_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = Listeners(other.getsockname()[1], port=0, password_port=0)
        with pytest.raises(Trouble, match="in use by another program") as trouble:
            Mosquitto(tmp_path, "b12", taken).start(Access())
        assert "\n" not in str(trouble.value)


def test_a_missing_mosquitto_is_told_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("thirdring_gateway.broker.mosquitto.PROGRAM_FOLDERS", "")
    with pytest.raises(Trouble, match="install the package mosquitto"):
        Mosquitto(tmp_path, "b12", Listeners(free_port(), port=0, password_port=0)).start(Access())


def test_a_state_folder_that_cannot_be_made_is_told_in_one_line() -> None:
    with pytest.raises(Trouble, match="/proc/thirdring"):
        Mosquitto(Path("/proc/thirdring"), "b12", Listeners(free_port(), port=0, password_port=0)).start(Access())
