"""A unit on a bench, for the core's tests: its inputs, its gateway and its time in the hand of a test."""

import json

from thirdring_unit.core import wire
from thirdring_unit.core.events import Message
from thirdring_unit.core.journal import MIN_LIMIT_BYTES, Journal
from thirdring_unit.core.parsing import parse
from thirdring_unit.core.settings import Settings
from thirdring_unit.core.storage import Storage
from thirdring_unit.core.unit import Unit

BEATS_KEPT = 5


def settings(**sections: "dict[str, object]") -> Settings:
    mapping: dict[str, dict[str, object]] = {
        "unit": {"branch": "b12", "id": "desk-07"},
        "line": {"country": "CN", "boot_blind_ms": 0},
    }
    mapping.update(sections)
    return parse(mapping)


class Bench:
    """A unit on a bench: presses its buttons, plays the gateway, and lets time pass as a runtime does."""

    def __init__(self, storage: "Storage | None" = None, of: "Settings | None" = None) -> None:
        self.storage = storage or Storage()
        self.unit = Unit(of or settings(), Journal(self.storage, MIN_LIMIT_BYTES), "power")
        self.now_ms = 0
        self.sent: list[Message] = []
        self.acknowledges = True
        self.unit.start(0, [])

    def pass_time(self, until_ms: int) -> "Bench":
        while self.now_ms < until_ms:
            self.collect()
            self.now_ms = min(max(self.unit.next_ms(self.now_ms), self.now_ms + 1), until_ms)
        self.collect()
        return self

    def collect(self) -> None:
        self.unit.tick(self.now_ms)
        messages = self.unit.outgoing(self.now_ms)
        for message in messages:
            self.keep(message)
            if message.tail == "fact" and self.acknowledges:
                fact = json.loads(message.payload.decode())
                self.get("ack", boot=fact["boot"], seq=fact["seq"])

    def keep(self, message: Message) -> None:
        """Keep a message until a test takes it, and of the beats the last ones only: the heap is small."""
        self.sent.append(message)
        beats = [each for each in self.sent if each.tail == "beat"]
        if len(beats) > BEATS_KEPT:
            self.sent.remove(beats[0])

    def edge(self, at_ms: int, name: str, active: bool) -> "Bench":
        self.pass_time(at_ms)
        self.unit.edge(at_ms, name, active)
        return self

    def press(self, at_ms: int, name: str, for_ms: int = 200) -> "Bench":
        return self.edge(at_ms, name, True).edge(at_ms + for_ms, name, False)

    def connect(self) -> "Bench":
        self.unit.link(self.now_ms, True)
        return self

    def get(self, tail: str, **fields: object) -> "Bench":
        self.unit.receive(self.now_ms, tail, wire.encode(tail, fields))
        return self

    def take(self, tail: str) -> "list[dict[str, object]]":
        """Return what was published on a topic since it was asked last."""
        self.collect()
        taken = [json.loads(message.payload.decode()) for message in self.sent if message.tail == tail]
        self.sent = [message for message in self.sent if message.tail != tail]
        return taken

    def facts(self, *kinds: str) -> "list[dict[str, object]]":
        return [fact for fact in self.take("fact") if fact["kind"] in kinds]

    def told(self) -> "dict[str, object]":
        """Return the last light/state."""
        return self.take("light/state")[-1]


def ring_and_answer(bench: Bench, from_ms: int, rings: int) -> int:
    """Ring so often, answer one second into the last silence, and return when."""
    at_ms = from_ms
    for _ in range(rings):
        bench.edge(at_ms, "ring", True).edge(at_ms + 1000, "ring", False)
        at_ms += 5000
    bench.edge(at_ms - 3000, "loop", True)
    return at_ms - 3000
