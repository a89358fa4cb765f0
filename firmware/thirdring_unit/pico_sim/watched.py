"""The program's uplink, looked at by the world, which lets time hop only while no answer is on its way."""

import json

from thirdring_unit.core.events import Message
from thirdring_unit.pico.setup import Setup
from thirdring_unit.pico.uplink import Uplink
from thirdring_unit.pico_sim.world import Link, world


class WatchedUplink(Uplink, Link):
    """Knows the last fact that went out and the last one that was acknowledged."""

    def __init__(self, setup: Setup, topics: "list[str]", will: Message) -> None:
        super().__init__(setup, topics, will)
        self._last = self._acked = b""
        world.link = self

    def awaits_nothing(self) -> bool:
        """Tell that there is no connection to anybody, or that the broker and the gateway have answered everything."""
        return self._socket is None or (self.is_quiet and self._is_acknowledged())

    def publish(self, up_ms: int, message: Message) -> None:
        """Send a message."""
        if message.tail == "fact":
            self._last = message.payload
        super().publish(up_ms, message)

    def step(self, up_ms: int) -> "list[tuple[str, bytes]]":
        """Do what is due."""
        received = super().step(up_ms)
        for tail, payload in received:
            if tail == "ack":
                self._acked = payload
        return received

    def _is_acknowledged(self) -> bool:
        if not self._last:
            return True
        if not self._acked:
            return False
        fact, ack = json.loads(self._last), json.loads(self._acked)
        if (fact["boot"], fact["seq"]) == (ack["boot"], ack["seq"]):
            self._last = b""
        return not self._last
