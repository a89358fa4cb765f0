"""The link to the gateway: what to publish when, and whether the gateway is there to decide about the lights."""

from thirdring_unit.core import wire
from thirdring_unit.core.events import Message
from thirdring_unit.core.outbox import Outbox
from thirdring_unit.core.vip import OFF

WAITING_MOST = 16  # messages other than facts that wait to be taken; older ones give way


class Link:
    """Presence, beats, lights and facts as messages; knows nothing of what they mean at the desk.

    `light` is the gateway's last word on the lights, None while nobody at the other end answers for it: the desk
    decides by itself then.
    """

    def __init__(self, outbox: Outbox, info: dict, beat_ms: int) -> None:
        self.connected = False
        self.light: dict | None = None
        self._outbox = outbox
        self._info = info
        self._beat_ms = beat_ms
        self._beat_due_ms = 0
        self._waiting: list[Message] = []
        self._shown = {"rev": 0, "vip": OFF, "prompt": OFF}

    def will(self) -> Message:
        """Return what the broker is to say for the unit when it is lost."""
        return Message("state", wire.encode("state", self._state("lost")), retain=True)

    def change(self, up_ms: int, connected: bool) -> None:
        """Take that the connection to the broker is made or lost."""
        self.connected = connected
        self.light = None
        self._waiting = []
        if connected:
            self._outbox.restart()
            self._beat_due_ms = up_ms
            self._say("info", self._info, retain=True)
            self._say("state", self._state("ready"), retain=True)
            self._say("light/state", self._shown, retain=True)

    def presence(self, state: str) -> None:
        """Take that the gateway is "lost", or "ready": it says so whenever it has come, and is sent what it missed.

        The broker confirms facts that it could bring to nobody, and a broker that was killed tells of nobody's end.
        """
        if state == "lost":
            self.light = None
        else:
            self._outbox.restart()

    def show(self, vip: str, prompt: str) -> None:
        """Tell the gateway what the lights show, and which of its words that answers."""
        shown = {"rev": self.light["rev"] if self.light else 0, "vip": vip, "prompt": prompt}
        if shown != self._shown:
            self._shown = shown
            if self.connected:
                self._say("light/state", shown, retain=True)

    def reply(self, request: str, wrong: str | None) -> None:
        """Answer the request of that id: done, or one line that says why not."""
        if self.connected:
            fields: dict = {"id": request, "ok": wrong is None}
            if wrong is not None:
                fields["error"] = wrong
            self._say("reply", fields)

    def outgoing(self, up_ms: int, health: dict) -> "list[Message]":
        """Return what is to be published now; `health` is what the beat adds about the unit."""
        if not self.connected:
            return []
        messages, self._waiting = self._waiting, []
        if up_ms >= self._beat_due_ms:
            self._beat_due_ms = up_ms + self._beat_ms
            messages.append(self._beat(up_ms, health))
        return messages + [Message("fact", payload) for payload in self._outbox.due(up_ms)]

    def next_ms(self, up_ms: int) -> int | None:
        """Return when `outgoing` has something next, None while the link is lost."""
        if not self.connected:
            return None
        if self._waiting:
            return up_ms
        resend_ms = self._outbox.next_ms(up_ms)
        return self._beat_due_ms if resend_ms is None else min(resend_ms, self._beat_due_ms)

    def _beat(self, up_ms: int, health: dict) -> Message:
        outbox = self._outbox
        fields = dict(health, boot=outbox.boot, up_ms=up_ms, backlog=outbox.backlog, oldest=list(outbox.oldest))
        return Message("beat", wire.encode("beat", fields), qos=0)

    def _state(self, state: str) -> dict:
        return {"s": state, "boot": self._outbox.boot}

    def _say(self, tail: str, fields: dict, retain: bool = False) -> None:
        self._waiting = self._waiting[1 - WAITING_MOST :]
        self._waiting.append(Message(tail, wire.encode(tail, fields), retain=retain))
