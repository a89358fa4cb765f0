"""A desk in virtual time: the whole unit, with a gateway that takes every fact at once and lights that nobody sees."""

from collections.abc import Callable

from thirdring_unit.core import wire
from thirdring_unit.core.events import Message
from thirdring_unit.core.journal import Journal
from thirdring_unit.core.settings import Settings
from thirdring_unit.core.storage import Storage
from thirdring_unit.core.unit import Unit
from thirdring_unit.runtime import Event, Runtime


class VirtualDesk:
    """A unit whose time passes as fast as it is told; its facts go to `write` one by one, each a line of JSON."""

    def __init__(self, settings: Settings, write: Callable[[bytes], object], reason: str) -> None:
        self.unit = Unit(settings, Journal(Storage(), settings.limit_bytes), reason, "virtual")
        self._write = write
        self._runtime = Runtime(self.unit, self, self)
        self.unit.start(0, [])
        self.unit.link(0, True)

    def bring(self, up_ms: int, event: Event) -> None:
        """Let time pass and bring in what happens then."""
        self._runtime.bring(up_ms, event)

    def run_for(self, length_ms: int) -> None:
        """Let time pass."""
        self._runtime.run_until(self._runtime.now_ms + length_ms)

    def publish(self, message: Message) -> None:
        """Be the gateway: take a fact and acknowledge it."""
        if message.tail == "fact":
            fact = wire.decode_fact(message.payload)
            self._write(message.payload + b"\n")
            ack = wire.encode("ack", {"boot": fact["boot"], "seq": fact["seq"]})
            self.unit.receive(self._runtime.now_ms, "ack", ack)

    def show(self, vip: bool, prompt: bool) -> None:
        """Be the lights: nobody looks."""
