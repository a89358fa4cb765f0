"""Ingest: what units say becomes durable, and only then is acknowledged.

One thread, one connection, one transaction for all that has arrived: understand, append, commit, acknowledge to the
broker, acknowledge to the units. A slow disk makes batches bigger, not slower.
"""

from collections import deque
from collections.abc import Callable, Iterable
from functools import lru_cache
from threading import Event
from typing import Any

import structlog
from django.db import DatabaseError
from paho.mqtt.client import MQTTMessage
from thirdring_unit.core import wire

from thirdring_gateway.clock import Clock
from thirdring_gateway.ledger.append import Ack, Appender, Batch
from thirdring_gateway.ledger.database import first_line
from thirdring_gateway.link import Link, Login, Retained
from thirdring_gateway.roll_call import Question

MESSAGES_MAX = 1000
FLOOD = 200  # messages that have piled up while one batch was committed
WAIT_MS = 500
SUBSCRIPTIONS = (("fact", 1), ("beat", 0), ("state", 1), ("light/state", 1))
READY, LOST = (wire.encode("gateway/state", {"s": state}) for state in ("ready", "lost"))
log = structlog.get_logger()

topic_parts = lru_cache(maxsize=4096)(wire.parse_topic)
Watcher = Callable[[Batch], None]


def presence(branch: str) -> str:
    """Return the topic on which the gateway says whether it is there."""
    return wire.topic(branch, wire.GATEWAY, "state")


def understand(messages: Iterable[MQTTMessage], heard_ms: int) -> Batch:
    """Sort `messages` into facts, beats and garbage; never raises."""
    batch = Batch(heard_ms)
    for message in messages:
        try:
            _take(batch, message.topic, bytes(message.payload))
        except (wire.WireError, UnicodeDecodeError) as error:
            batch.garbage.append((_shown_topic(message), bytes(message.payload), str(error)))
    return batch


def _take(batch: Batch, topic: str, payload: bytes) -> None:
    branch, unit, tail = topic_parts(topic)
    if unit == wire.GATEWAY:
        return  # our own words, back from the broker
    if tail == "fact":
        fact = wire.decode_fact(payload)
        if fact["unit"] != unit or fact["branch"] != branch:
            raise wire.WireError(f"a fact of {fact['branch']}/{fact['unit']} on the topic of {branch}/{unit}")
        batch.facts.append((fact, payload.decode()))
    elif tail == "beat":
        batch.beats.append((branch, unit, wire.decode(tail, payload)))
    elif tail == "state":
        batch.states.append((branch, unit, wire.decode(tail, payload)))
    elif tail == "light/state":
        batch.lights.append((branch, unit, wire.decode(tail, payload)))


def _shown_topic(message: MQTTMessage) -> str:
    try:
        return message.topic
    except UnicodeDecodeError:
        return "a topic that is not UTF-8"


class Ingest:
    """The thread between the broker and the ledger; `watchers` are told of every batch after its commit."""

    def __init__(self, login: Login, branch: str, clock: Clock, watchers: Iterable[Watcher] = ()) -> None:
        self._branch = branch
        self._clock = clock
        self._watchers = list(watchers)
        self._appender = Appender()
        self._last_batch = 0
        self._has_news = False
        self._questions: deque[Question] = deque()
        topics = [(f"{wire.PROTOCOL}{branch}/+/{tail}", qos) for tail, qos in SUBSCRIPTIONS]
        self._link = Link(login, topics, lasting=True, will=Retained(presence(branch), LOST))
        self._link.on_ready = self._greet
        self._greetings: list[Retained] = [Retained(presence(branch), READY)]

    @property
    def is_flooded(self) -> bool:
        """Whether facts arrive faster than they can be committed, as after a long outage."""
        return self._last_batch >= FLOOD

    def greet_with(self, messages: Iterable[Retained]) -> None:
        """Publish `messages` now and at every connection, beside the gateway's presence; earlier ones are replaced."""
        self._greetings = [Retained(presence(self._branch), READY), *messages]
        self._has_news = True
        self._link.wake()

    def ask(self, questions: Iterable[Question]) -> None:
        """Publish commands to units, once: who is not there misses them."""
        self._questions.extend(questions)
        self._link.wake()

    def run(self, stop: Event) -> None:
        """Work until `stop` is set; the last batch is committed and acknowledged."""
        while not stop.is_set():
            messages = self._link.read(WAIT_MS, MESSAGES_MAX)
            self._last_batch = len(messages)
            if messages:
                self._store(messages)
            if self._has_news:
                self._has_news = False
                self._greet()
            while self._questions:
                self._link.publish(*self._questions.popleft())
        self._link.publish(presence(self._branch), LOST, retain=True)
        self._link.close()

    def wake(self) -> None:
        """Let `run` look at `stop` at once."""
        self._link.wake()

    def _greet(self) -> None:
        for message in self._greetings:
            self._link.publish(message.topic, message.payload, retain=True)

    def _store(self, messages: list[MQTTMessage]) -> None:
        batch = understand(messages, self._clock.now_ms())
        try:
            acks = self._appender.append(batch)
        except DatabaseError as error:
            # Not acknowledged: the broker and the units keep it, and bring it again after the pause.
            self._link.drop(f"the ledger takes nothing: {first_line(error)}")
            return
        self._link.acknowledge(messages)
        for ack in acks:
            self._link.publish(*_answer(ack))
        for watcher in self._watchers:
            watcher(batch)


def _answer(ack: Ack) -> tuple[str, bytes]:
    fields: dict[str, Any] = {"boot": ack.boot, "seq": ack.seq}
    return wire.topic(ack.branch, ack.unit, "ack"), wire.encode("ack", fields)
