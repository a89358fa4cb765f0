"""The desk unit: everything of the core put together, behind one small interface for every runtime.

A runtime feeds it inputs, sounds, messages and time, publishes what `outgoing` returns and lights what `lights` tells.
Times are milliseconds since the start. Whatever comes in, nothing raises once the unit is made.
"""

from thirdring_unit.core import wire
from thirdring_unit.core.buttons import Buttons
from thirdring_unit.core.callstate import Line
from thirdring_unit.core.config import Config
from thirdring_unit.core.desk import Desk
from thirdring_unit.core.events import LINE_INPUTS, Message, Signal
from thirdring_unit.core.journal import Journal
from thirdring_unit.core.link import Link
from thirdring_unit.core.outbox import Outbox, next_boot
from thirdring_unit.core.panel import Panel
from thirdring_unit.core.prompt import Prompt
from thirdring_unit.core.ratings import Ratings
from thirdring_unit.core.settings import Settings, SettingsError
from thirdring_unit.core.slots import Slots
from thirdring_unit.core.vip import OFF, stronger

FIRMWARE = "0.1.0"
IDLE_MS = 60_000  # a unit without anything to do is looked after so often
SUBSCRIBED = ("ack", "light/set", "config", "cmd")


class Unit:
    """One desk unit from one start to the next; `boot` is the number of this start.

    `reason` is why it started ("power", "watchdog", ...) and `model` what it runs on. Raises OSError when the storage
    cannot keep even the boot number.
    """

    def __init__(self, settings: Settings, journal: Journal, reason: str, model: str = "unit") -> None:
        self._slots = Slots(journal.storage)
        self._config = Config(settings, self._slots)
        self.settings = settings
        self.boot = next_boot(self._slots, journal, settings.first_boot)
        self._journal = journal
        self._outbox = Outbox(
            journal,
            settings.branch,
            settings.unit,
            self.boot,
            window=settings.window,
            resend_ms=settings.resend_ms,
        )
        about = {"fw": FIRMWARE, "inputs": list(settings.inputs), "can": list(settings.can)}
        self._link = Link(self._outbox, dict(about, model=model), settings.beat_ms)
        self._line = Line(settings)
        self._buttons = Buttons(settings.long_press_ms, [])
        self._desk = Desk(settings, self._slots, self.boot)
        self._ratings = Ratings(settings.rating_pause_ms)
        self._prompt = Prompt(settings)
        self._panel = Panel(0)
        self._faults: list[str] = []
        self._knows_time = False
        self._refused = 0
        self._note((0, "boot", dict(about, reason=reason)))

    # ---- what comes in

    def start(self, up_ms: int, active: "list[str]") -> None:
        """Begin, with the inputs that are active already."""
        self._line.start(up_ms, [name for name in active if name in LINE_INPUTS])
        self._buttons = Buttons(self.settings.long_press_ms, active)
        self._panel = Panel(up_ms)

    def edge(self, up_ms: int, name: str, active: bool) -> None:
        """Take the raw level of an input, after polarity and before any debouncing."""
        self._set_fault(name, False)
        if name in LINE_INPUTS:
            self._phone(up_ms, self._line.edge(up_ms, name, active))
        else:
            self._press(up_ms, self._buttons.edge(up_ms, name, active))

    def hear(self, up_ms: int, signal: Signal) -> None:
        """Take what the ears heard."""
        if signal.what == "level":
            fields = signal.detail if isinstance(signal.detail, dict) else {}
            self._note((signal.at_ms, "level", dict(fields, channel=signal.channel)))
            return
        if signal.what in ("fault", "hum"):
            self._fault(signal)
        if signal.what != "hum":
            self._phone(up_ms, self._line.hear(up_ms, signal))

    def tick(self, up_ms: int) -> None:
        """Do what is due."""
        self._phone(up_ms, self._line.tick(up_ms))
        self._press(up_ms, self._buttons.run(up_ms))
        for fact in self._ratings.run(up_ms):
            self._note(fact)
        save_ms = self._desk.next_ms()
        if save_ms is not None and save_ms <= up_ms:
            self._save_desk(up_ms)
        if self._line.state == "idle":
            self._config.apply()

    def clock(self, up_ms: int, epoch_ms: int, source: str) -> None:
        """Take that it is `epoch_ms` at `up_ms`, by "ntp", "rtc" or "replay"."""
        self._knows_time = True
        self._note((up_ms, "clock", {"epoch_ms": epoch_ms, "source": source}))

    def fault(self, up_ms: int, part: str, on: bool, why: str) -> None:
        """Take that a part of the unit fails, or works again, as its runtime found out."""
        self._set_fault(part, on)
        self._note((up_ms, "fault", {"what": part, "on": on, "why": why}))

    def check(self, up_ms: int) -> None:
        """Check what can be checked without help, and report it (R11)."""
        is_sound = self._outbox.unwritten == 0
        fields = {"link": self._link.connected, "clock": self._knows_time, "storage": is_sound, "faults": self._faults}
        self._note((up_ms, "checked", fields))

    # ---- the link

    def subscriptions(self) -> "list[str]":
        """Return the topics that a runtime subscribes to."""
        branch, unit = self.settings.branch, self.settings.unit
        topics = [wire.topic(branch, unit, tail) for tail in SUBSCRIBED]
        topics.append(wire.topic(branch, wire.GATEWAY, "state"))
        return topics

    def will(self) -> Message:
        """Return the message that the broker publishes when the unit is lost."""
        return self._link.will()

    def link(self, up_ms: int, connected: bool) -> None:
        """Take that the connection to the broker is made or lost."""
        self._link.change(up_ms, connected)

    def receive(self, up_ms: int, tail: str, payload: bytes) -> None:
        """Take a message: `tail` is its topic below the unit's own, or "gateway/state"; garbage is counted."""
        try:
            self._obey(up_ms, tail, wire.decode(tail, payload))
        except wire.WireError:
            self._refused += 1

    def outgoing(self, up_ms: int) -> "list[Message]":
        """Return what is to be published now, each message once, but facts until they are acknowledged."""
        self._show(up_ms)
        health = {
            "config": self._config.rev,
            "unwritten": self._outbox.unwritten,
            "foreign": self._outbox.foreign,
            "damaged": self._journal.damaged,
            "refused": self._refused,
        }
        return self._link.outgoing(up_ms, health)

    # ---- the panel

    def lights(self, up_ms: int) -> "tuple[bool, bool]":
        """Return whether the VIP light and the prompt light are lit now."""
        self._show(up_ms)
        return self._panel.lights(up_ms)

    def next_ms(self, up_ms: int) -> int:
        """Return when `tick`, `outgoing` and `lights` are to be called next, if nothing comes in before."""
        moments = [
            self._line.next_ms(),
            self._buttons.next_ms(),
            self._ratings.next_ms(),
            self._desk.next_ms(),
            self._desk.queue.next_ms(up_ms),
            self._prompt.next_ms(up_ms),
            self._panel.next_ms(up_ms),
            self._link.next_ms(up_ms),
            up_ms + IDLE_MS,
        ]
        return max(up_ms, min([moment for moment in moments if moment is not None]))

    def _show(self, up_ms: int) -> None:
        told = self._link.light or {"vip": self._desk.queue.light(up_ms), "prompt": OFF}
        prompt = stronger(self._prompt.light(up_ms), told["prompt"])
        self._panel.show(up_ms, told["vip"], prompt)
        self._link.show(told["vip"], prompt)

    # ---- what follows from it

    def _phone(self, up_ms: int, facts: "list[tuple]") -> None:
        for fact in facts:
            self._prompt.take(up_ms, fact)
            self._note(fact)
            if fact[1] == "fault":
                self._set_fault(fact[2]["input"], True)
        self._prompt.doubt(self._line.back_ms)

    def _press(self, up_ms: int, presses: "list[tuple]") -> None:
        for at_ms, name, is_long in presses:
            counter = self._desk.press(at_ms, name, is_long)
            for fact in counter + self._ratings.press(at_ms, name, self._line.call):
                self._note(fact)
            if counter:
                self._save_desk(up_ms)

    def _note(self, fact: "tuple") -> None:
        """Put a fact into the outbox; one that cannot be told as it is, is told as a fault."""
        at_ms, kind, fields = fact
        up_ms = max(at_ms, 0)
        try:
            self._outbox.append(kind, fields, up_ms)
        except wire.WireError as error:
            self._outbox.append("fault", {"what": "fact", "on": True, "why": str(error)[:100]}, up_ms)

    def _fault(self, signal: Signal) -> None:
        part = signal.channel if signal.what == "fault" else signal.channel + " hum"
        self._set_fault(part, signal.on)
        fields = {"what": "sound", "channel": signal.channel, "on": signal.on, "why": signal.detail}
        self._note((signal.at_ms, "fault", fields))

    def _set_fault(self, part: str, on: bool) -> None:
        """Remember a channel or an input that fails, until it is heard of again."""
        self._faults = [name for name in self._faults if name != part]
        if on:
            self._faults.append(part)

    def _save_desk(self, up_ms: int) -> None:
        try:
            self._desk.save(up_ms)
        except OSError:
            self._outbox.unwritten += 1

    # ---- what the gateway says

    def _obey(self, up_ms: int, tail: str, fields: dict) -> None:
        if tail == "ack":
            self._outbox.ack(fields["boot"], fields["seq"], up_ms)
        elif tail == "light/set":
            self._link.light = fields
        elif tail == "gateway/state":
            self._link.presence(fields["s"])
        elif tail == "config":
            self._configure(fields)
        elif tail == "cmd":
            self._command(up_ms, fields["id"], fields["do"])

    def _configure(self, push: dict) -> None:
        wrong = None
        try:
            self._config.offer(push)
        except SettingsError as error:
            wrong = str(error)
        except (OSError, MemoryError) as error:  # on a Pico the parser may find no room
            wrong = f"the settings could not be kept: {error}"
        self._link.reply(f"config-{push['rev']}", wrong)

    def _command(self, up_ms: int, request: str, what: str) -> None:
        wrong = None
        if what == "identify":
            self._panel.identify(up_ms)
        elif what == "self-check":
            self.check(up_ms)
        else:
            wrong = "known are identify and self-check"
        self._link.reply(request, wrong)
