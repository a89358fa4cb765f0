"""Callstate: the phone line as a table-driven state machine, from edges and signals to facts.

A fact, before it gets its envelope, is `(at_ms, kind, fields)`: `at_ms` is when the thing happened, back-dated, in
milliseconds since boot. Facts come out in the order of happening.
"""

from thirdring_unit.core.deaf import Deaf
from thirdring_unit.core.debounce import Debounce, Stuck
from thirdring_unit.core.events import Signal
from thirdring_unit.core.holds import Holds
from thirdring_unit.core.hook import Hook
from thirdring_unit.core.rings import Rings
from thirdring_unit.core.settings import Settings
from thirdring_unit.core.verdict import Verdict

# (state, event): (next state, action). What is not here changes nothing.
#
# ring, quit, stuck: a ring began, ringing ended unanswered, its input is stuck · heard: a voice after the
# last ring, where no wire tells of an answer · lift, hang: off-hook, on-hook ·
# tap, flash, open: a loop break as short as a dial pulse, in the flash window, as when the far end cleared ·
# hold, resume: the caller waits, waits no more
TABLE = {
    ("idle", "ring"): ("ringing", "first_ring"),
    ("idle", "lift"): ("dialling", "dialled"),
    ("ringing", "ring"): ("ringing", "next_ring"),
    ("ringing", "quit"): ("idle", "missed"),
    ("ringing", "heard"): ("idle", "answered"),
    ("ringing", "stuck"): ("idle", "misled"),
    ("ringing", "lift"): ("talking", "answered"),
    ("talking", "tap"): ("talking", "flashed"),
    ("talking", "flash"): ("talking", "flashed"),
    ("talking", "open"): ("talking", "opened"),
    ("talking", "hold"): ("held", "held"),
    ("talking", "hang"): ("idle", "ended"),
    ("dialling", "flash"): ("dialling", "flashed"),
    ("dialling", "hold"): ("held", "held"),
    ("dialling", "hang"): ("idle", "ended"),
    ("held", "flash"): ("talking", "flashed_back"),
    ("held", "open"): ("held", "opened"),
    ("held", "resume"): ("talking", "resumed"),
    ("held", "hang"): ("idle", "ended_on_hold"),
    ("taken", "hang"): ("idle", ""),
}

KEY_DEBOUNCE_MS = 20
LATER_MAX = 64  # events kept back while a loop break is undecided


class Line:
    """Everything about the phone line; see `docs/states.md` for its states.

    `edge`, `hear` and `tick` return the facts that came of it, `next_ms` tells when `tick` is needed next. Times that
    go backwards count as now. No sequence of inputs raises.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.state = "idle"
        self._rings = _rings(settings)
        self._hook = Hook(settings)
        self._loop = Debounce(settings.loop_debounce_ms, settings.loop_debounce_ms // 2)
        self._loop_stuck = Stuck(settings.loop_stuck_ms)
        self._key = Debounce(KEY_DEBOUNCE_MS, KEY_DEBOUNCE_MS)
        self._key_stuck = Stuck(settings.key_stuck_ms)
        self._voice = _voice(settings)
        self._holds = Holds(settings, self._voice)
        self._verdict = Verdict(settings, self._voice)
        self._facts: list[tuple[int, str, dict[str, object]]] = []
        self._later: list[tuple[int, Signal | bool]] = []
        self._now_ms = 0
        self._due_ms: int | None = None  # when something is to be done next
        self._floor_ms = 0  # when the last fact happened
        self._number = 0  # of the last call
        self._rang = 0  # rings of this call
        self._first_ms = 0  # first edge of its first ring
        self._talk_from_ms = 0
        self._how = ""  # how the hold that begins is known
        self._ended: tuple[int, int | None] = (0, None)  # when the last conversation did, and its call
        self._blind_until_ms = 0

    @property
    def call(self) -> int | None:
        """Number of the present call, or of one that ended so lately that a rating is still its own."""
        if self.state not in {"idle", "taken"}:
            return self._number
        ended_ms, number = self._ended
        return number if self._now_ms - ended_ms <= self._settings.rating_window_ms else None

    @property
    def back_ms(self) -> int | None:
        """Since when somebody talks to a caller on hold: an announcement, or the hold is over; None: nobody does."""
        return self._holds.back_ms

    @property
    def cycle_ms(self) -> int:
        """Length of this line's rings with their silence, as learned."""
        return self._rings.cycle_ms

    def start(self, up_ms: int, active: "list[str]") -> None:
        """The unit starts with these inputs active; a loop that is closed already carries a call of before."""
        self._now_ms = self._floor_ms = up_ms
        self._blind_until_ms = up_ms + self._settings.boot_blind_ms
        if "loop" in active and "ring" not in active:
            self.state = "taken"
            self._loop.active = True
            self._hook.take(up_ms)
            self._rings.closed_ms = up_ms
            self._loop_stuck.change(up_ms, True)
            self._due_ms = self._soonest_ms()
            active = [name for name in active if name != "loop"]
        for name in active:
            self.edge(up_ms, name, True)

    def edge(self, up_ms: int, name: str, active: bool) -> "list[tuple[int, str, dict[str, object]]]":
        """Take a raw edge of `ring`, `loop` or `hold_key`; other inputs are none of the line's."""
        self._run_to(up_ms)
        if name == "ring":
            self._rung(self._rings.pulse(self._now_ms, name, active))
        elif name == "loop":
            self._loop.edge(self._now_ms, active)
        elif name == "hold_key":
            self._key.edge(self._now_ms, active)
        return self._taken()

    def hear(self, up_ms: int, signal: Signal) -> "list[tuple[int, str, dict[str, object]]]":
        """Take a signal of the ears."""
        self._run_to(up_ms)
        if signal.at_ms > self._now_ms:
            signal = Signal(signal.what, signal.channel, signal.on, self._now_ms, signal.detail)
        self._rung(self._rings.hear(signal))
        if signal.what != "ring":
            self._postpone(signal.at_ms, signal)
        return self._taken()

    def tick(self, up_ms: int) -> "list[tuple[int, str, dict[str, object]]]":
        """Let time pass."""
        self._run_to(up_ms)
        return self._taken()

    def next_ms(self) -> int | None:
        """When `tick` is needed next; None: not before the next edge or signal."""
        return self._due_ms

    def _taken(self) -> "list[tuple[int, str, dict[str, object]]]":
        """Do what an input made due at once, and hand over the facts."""
        self._due_ms = self._soonest_ms()
        self._run_to(self._now_ms)
        facts, self._facts = self._facts, []
        return facts

    def _run_to(self, up_ms: int) -> None:
        """Do what was due until now, each thing at its own time, so that it does not matter how often time is told."""
        up_ms = max(up_ms, self._now_ms)
        while self._due_ms is not None and self._due_ms <= up_ms:
            self._now_ms = max(self._due_ms, self._now_ms)
            self._run(self._now_ms)
            self._due_ms = self._soonest_ms()
        self._now_ms = up_ms

    def _soonest_ms(self) -> int | None:
        soonest_ms = self._rings.due_ms
        for due_ms in (
            self._loop.due_ms,
            self._key.due_ms,
            self._hook.due_ms(self._rings.quiet_from_ms),
            self._loop_stuck.due_ms,
            self._key_stuck.due_ms,
            self._hold_due_ms(),
        ):
            if due_ms is not None and (soonest_ms is None or due_ms < soonest_ms):
                soonest_ms = due_ms
        return soonest_ms

    def _run(self, now_ms: int) -> None:
        """Do the first thing that is due: what the inputs say comes before what they mean."""
        if _due(self._loop.due_ms, now_ms):
            self._loop_changed(self._loop.run(), self._loop.active)
        elif _due(self._key.due_ms, now_ms):
            at_ms = self._key.run()
            self._key_stuck.change(at_ms, self._key.active)
            self._postpone(at_ms, self._key.active)
        elif _due(self._rings.due_ms, now_ms):
            self._rung(self._rings.run(now_ms))
        elif _due(self._hook.due_ms(self._rings.quiet_from_ms), now_ms):
            self._hooked(self._hook.run())
        elif _due(self._loop_stuck.due_ms, now_ms):
            self._loop_stuck.due_ms = None
            self._fault("loop")
        elif _due(self._key_stuck.due_ms, now_ms):
            self._key_stuck.due_ms = None
            self._fault("hold_key")
        else:
            self._held_or_resumed()

    def _loop_changed(self, at_ms: int, closed: bool) -> None:
        self._loop_stuck.change(at_ms, closed)
        self._hooked(self._hook.change(at_ms, closed, self._rings.quiet_from_ms))

    def _rung(self, event: "tuple[str, int] | None") -> None:
        """Take what the rings say; a line that rings is on-hook."""
        if event is None:
            return
        name, at_ms = event
        if name == "ring" and self._hook.open_ms is not None:
            self._hooked(self._hook.hang(self._hook.open_ms))
        if name == "stuck" and _due(self._hook.due_ms(0), self._now_ms):
            self._hooked(self._hook.run())  # answered meanwhile, behind ringing that was none
        self._fire(name, at_ms)
        if name == "stuck":
            self._fault("ring")

    def _hooked(self, event: "tuple[str, int] | None") -> None:
        """Take what the hook says, between what was heard before and what was heard after."""
        if event is not None:
            name, at_ms = event
            if name == "lift":
                self._rung(self._rings.cut(at_ms))
            elif name == "hang":
                self._catch_up(at_ms)
            self._fire(name, at_ms)
        self._rings.closed_ms = self._hook.closed_ms if self._hook.open_ms is None else None
        if self._hook.open_ms is None:
            self._catch_up(self._now_ms + 1)

    def _postpone(self, at_ms: int, what: "Signal | bool") -> None:
        """Take a signal or the hold key, but not while a loop break may be the end of the call."""
        self._later.append((at_ms, what))
        if self._hook.open_ms is None or len(self._later) > LATER_MAX:
            self._catch_up(self._now_ms + 1)

    def _catch_up(self, before_ms: int) -> None:
        """Take what was kept back, as far as it happened before a time."""
        later, self._later = self._later, []
        for at_ms, what in later:
            if at_ms >= before_ms:
                self._later.append((at_ms, what))
            elif isinstance(what, Signal):
                self._heard(what)
            else:
                self._pressed(at_ms, what)

    def _heard(self, signal: Signal) -> None:
        self._voice.hear(signal)
        if signal.on and signal.channel == "line":
            if signal.what == "tone":
                self._verdict.tone(signal.at_ms, signal.detail)
            elif signal.what == "voice":
                self._verdict.spoke(signal.at_ms)

    def _pressed(self, at_ms: int, active: bool) -> None:
        for event, how in self._holds.key(at_ms, active):
            self._how = how
            self._fire(event, at_ms if event == "hold" else self._voice.left_ms(self._holds.how, at_ms))

    def _hold_due_ms(self) -> int | None:
        if self.state in {"idle", "ringing", "taken"} or self._hook.open_ms is not None:
            return None
        coming = self._holds.next(self._floor_ms, self._verdict.left_ms)
        return None if coming is None else coming[0]

    def _held_or_resumed(self) -> None:
        coming = self._holds.next(self._floor_ms, self._verdict.left_ms)
        if coming is not None:
            _, event, at_ms, self._how = coming
            self._fire(event, at_ms)

    def _fire(self, event: str, at_ms: int) -> None:
        """Look the event up in the table, and do what it says."""
        row = TABLE.get((self.state, event))
        if row is None:
            return
        self.state, action = row
        if action:
            getattr(self, "_do_" + action)(at_ms)

    def _emit(self, at_ms: int, kind: str, fields: "dict[str, object]") -> int:
        """Tell a fact, not before the one that was told last; returns when it happened."""
        self._floor_ms = max(at_ms, self._floor_ms)
        self._facts.append((self._floor_ms, kind, fields))
        return self._floor_ms

    def _fault(self, name: str) -> None:
        self._emit(self._now_ms, "fault", {"what": "stuck", "input": name})

    # What the table's actions do. Each takes the time at which its event happened.

    def _do_first_ring(self, at_ms: int) -> None:
        self._number += 1
        self._rang = 0
        self._first_ms = at_ms
        self._do_next_ring(at_ms)

    def _do_next_ring(self, at_ms: int) -> None:
        self._rang += 1
        self._emit(at_ms, "ring", {"call": self._number, "n": self._rang})

    def _do_missed(self, at_ms: int) -> None:
        wait_ms = at_ms - self._first_ms
        self._emit(at_ms, "missed", {"call": self._number, "rings": self._rings_known(), "wait_ms": wait_ms})

    def _do_misled(self, at_ms: int) -> None:
        """The ring input is stuck: what was taken for a call may have been none."""
        self._emit(at_ms, "missed", {"call": self._number, "rings": None, "wait_ms": None})

    def _do_answered(self, at_ms: int) -> None:
        rings = self._rings_known()
        heard = self.state == "idle"  # by ear alone: when the call ends, nothing tells
        completed = self._rings.completed(at_ms)
        fields: dict[str, object] = {
            "call": self._number,
            "rings": rings,
            "rings_completed": None if rings is None else rings - int(not completed),
            "wait_ms": at_ms - self._first_ms,
        }
        at_ms = self._emit(at_ms, "answered", fields)
        if heard:
            self._ended = (at_ms, self._number)
        else:
            self._begin_talk(at_ms, answered=True)

    def _do_dialled(self, at_ms: int) -> None:
        self._number += 1
        self._begin_talk(self._emit(at_ms, "dialled", {"call": self._number}), answered=False)

    def _do_flashed(self, at_ms: int) -> None:
        self._emit(at_ms, "flashed", {"call": self._number})
        length_ms = self._hook.length_ms
        self._holds.flashed(at_ms, length_ms, self._verdict.flashed(at_ms, length_ms))

    def _do_flashed_back(self, at_ms: int) -> None:
        self._do_resumed(self._voice.left_ms(self._holds.how, at_ms))
        self._do_flashed(at_ms)

    def _do_opened(self, at_ms: int) -> None:
        self._verdict.opened(at_ms)

    def _do_held(self, at_ms: int) -> None:
        self._holds.hold(self._emit(at_ms, "held", {"call": self._number, "how": self._how}), self._how)

    def _do_resumed(self, at_ms: int) -> None:
        at_ms = max(at_ms, self._floor_ms)
        self._emit(at_ms, "resumed", {"call": self._number, "held_ms": self._holds.resume(at_ms)})

    def _do_ended_on_hold(self, at_ms: int) -> None:
        self._do_resumed(self._voice.left_ms(self._holds.how, at_ms))
        self._do_ended(at_ms)

    def _do_ended(self, at_ms: int) -> None:
        at_ms = max(at_ms, self._floor_ms)
        by, why = self._verdict.by_and_why()
        held_ms = self._holds.total_ms
        fields = self._voice.finish(at_ms, self._verdict.left_ms)
        fields["call"] = self._number
        fields["by"] = by
        fields["why"] = why
        fields["talk_ms"] = at_ms - self._talk_from_ms - held_ms
        fields["held_ms"] = held_ms
        self._ended = (self._emit(at_ms, "ended", fields), self._number)

    def _begin_talk(self, at_ms: int, *, answered: bool) -> None:
        self._talk_from_ms = at_ms
        self._rings.forget()
        self._voice.begin(at_ms, answered=answered)
        self._holds.begin(answered=answered)
        self._verdict.begin(answered=answered)

    def _rings_known(self) -> int | None:
        """Rings of this call, or None if it may have rung before the unit started."""
        return None if self._first_ms < self._blind_until_ms else self._rang


def _rings(settings: Settings) -> Rings:
    """Rings by wire; only a desk that hears its room holds in memory what ears need."""
    if "room" not in settings.channels:
        return Rings(settings)
    from thirdring_unit.core.earshot import Earshot  # noqa: PLC0415 -- see above

    return Earshot(settings)


def _voice(settings: Settings) -> Deaf:
    """Return what hears on this line; a Pico has no ears, and no room for what it would not use."""
    if not settings.channels:
        return Deaf()
    from thirdring_unit.core.voice import Voice  # noqa: PLC0415 -- see above

    return Voice(settings)


def _due(due_ms: int | None, now_ms: int) -> bool:
    return due_ms is not None and due_ms <= now_ms
