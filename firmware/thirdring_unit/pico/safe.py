"""Safe mode: after repeated crashes the unit senses nothing, but can be found, and says why.

Its beats stand at `up_ms` 0, so that no minute counts as covered; journal and outbox are left as they are.
"""

from thirdring_unit.core import wire
from thirdring_unit.core.events import Message
from thirdring_unit.core.panel import Panel
from thirdring_unit.core.slots import Slots
from thirdring_unit.pico.board import Board
from thirdring_unit.pico.setup import Setup
from thirdring_unit.pico.uplink import Uplink

SAFE_MS = 3_600_000  # then the whole program is tried once more
BEAT_MS = 10_000
TURN_MS = 20


class SafeDesk:
    """Beats and identify only; `why` is what the last crash said."""

    def __init__(self, board: Board, setup: Setup, slots: Slots, why: str, link: "type[Uplink]") -> None:
        settings = setup.settings
        self._boot = _next_boot(slots, settings.first_boot)
        self._why = why
        self._board = board
        topics = [wire.topic(settings.branch, settings.unit, "cmd")]
        will = Message("state", wire.encode("state", {"s": "lost", "boot": self._boot}), retain=True)
        self._uplink = link(setup, topics, will)
        self._panel = Panel(0)
        self._is_up = False
        self._beat_due_ms = 0

    def run(self) -> str:
        """Be in safe mode until it is time to try again; return the word for the reason of the new start."""
        while self._board.time.now_ms() < SAFE_MS:
            self.turn()
        return "retry"

    def turn(self) -> None:
        """Do everything that is due once, and wait a moment."""
        up_ms = self._board.time.now_ms()
        for tail, payload in self._uplink.step(up_ms):
            if tail == "cmd":
                self._obey(up_ms, payload)
        if self._uplink.is_up and not self._is_up:
            self._present(up_ms)
        self._is_up = self._uplink.is_up
        if self._is_up and up_ms >= self._beat_due_ms:
            self._beat(up_ms)
        self._board.lights.show(*self._panel.lights(up_ms))
        self._board.watchdog.feed()
        self._uplink.wait(TURN_MS)

    def _present(self, up_ms: int) -> None:
        self._say(up_ms, "info", {"model": "pico", "fw": "safe mode", "why": self._why}, retain=True)
        self._say(up_ms, "state", {"s": "ready", "boot": self._boot}, retain=True)
        self._beat_due_ms = up_ms

    def _beat(self, up_ms: int) -> None:
        self._beat_due_ms = up_ms + BEAT_MS
        fields = {"boot": self._boot, "up_ms": 0, "backlog": 0, "oldest": [self._boot, 1], "safe": self._why}
        self._say(up_ms, "beat", fields, qos=0)

    def _obey(self, up_ms: int, payload: bytes) -> None:
        try:
            command = wire.decode("cmd", payload)
        except wire.WireError:
            return
        answer: dict = {"id": command["id"], "ok": command["do"] == "identify"}
        if answer["ok"]:
            self._panel.identify(up_ms)
        else:
            answer["error"] = f"in safe mode only identify is known: {self._why}"
        self._say(up_ms, "reply", answer)

    def _say(self, up_ms: int, tail: str, fields: dict, qos: int = 1, retain: bool = False) -> None:
        self._uplink.publish(up_ms, Message(tail, wire.encode(tail, fields), qos, retain))


def _next_boot(slots: Slots, first: int) -> int:
    """Return a number for this start, as the outbox does, but in spite of a flash that keeps nothing."""
    try:
        boot = max(int(slots.load("boot") or b"0") + 1, first)
        slots.save("boot", b"%d" % boot)
    except (OSError, ValueError):
        boot = first
    return boot
