"""Facts to what happened at a desk: calls, VIP visits, and the marks that stand for themselves.

Facts that tell of one thing share a *subject*; whoever projects gives all facts of a subject at once, in any order and
any number of times, and gets the same records. A fact that never came leaves a gap (None), never an exception.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from thirdring_gateway.domain.clock import NO_TIME, Timeline
from thirdring_gateway.domain.facts import LONGEST_MS, VOICE_SPANS, Fact

RINGING, ANSWERED, MISSED, DIALLED, CUT = "ringing", "answered", "missed", "dialled", "cut"
WAITING, SERVED, LEFT = "waiting", "served", "left"
CALL_KINDS = frozenset({"ring", "answered", "missed", "dialled", "held", "resumed", "flashed", "ended"})
VISIT_KINDS = frozenset({"vip_in", "vip_served", "vip_left"})
BLIND_MS = 15_000
"""A unit cannot tell for so long at most after its start whether a ringing is new."""
LONGEST_RINGING_MS = 180_000
"""No phone rings longer: what rings after that is another call."""
OF_A_CALL = frozenset({"rated", "outcome"})
MARK_VALUES = {"rated": "score", "outcome": "resolved", "service": "began", "dropped": "n"}
MARK_KINDS = frozenset(MARK_VALUES) | {"level", "checked", "fault"}


class Subject(NamedTuple):
    """What a fact tells of: a `call`, a `visit` by its ticket, or a `mark` of its own."""

    what: str
    boot: int
    name: str


@dataclass(frozen=True, slots=True)
class Hold:
    """One time that a customer was kept waiting (R04, R05); `held_ms` is None when its end is not known."""

    at_up_ms: int
    how: str
    held_ms: int | None


@dataclass(frozen=True, slots=True)
class Voice:
    """What the ears know of a call (R07, R08, R09, R14); None is "not monitored"."""

    greeting_ms: int | None = None
    agent_ms: int | None = None
    caller_ms: int | None = None
    overlap_ms: int | None = None
    silence_max_ms: int | None = None
    interruptions: int | None = None
    loud_ms: int | None = None


NOT_HEARD = Voice()


@dataclass(frozen=True, slots=True)
class Call:
    """One call at a desk, from its first ring (or its dialling) to its end.

    `start_ms` and `end_ms` are epoch milliseconds, None when the boot never knew the time; `*_up_ms` are the unit's.
    `verdict` is ringing (no verdict yet), answered, missed, dialled or cut (the unit was lost before a verdict).
    `rings`, `wait_ms`, `talk_ms`, `held_ms` are None when not known or not monitored. A call of which any fact says
    `"test": true` is a facilities bench's and counts nowhere.
    """

    unit: str
    boot: int
    number: int
    start_ms: int | None
    start_up_ms: int
    verdict: str
    rings: int | None = None
    rings_completed: int | None = None
    wait_ms: int | None = None
    holds: tuple[Hold, ...] = ()
    flashes: int = 0
    end_ms: int | None = None
    by: str | None = None
    why: str | None = None
    talk_ms: int | None = None
    held_ms: int | None = None
    voice: Voice = NOT_HEARD
    is_test: bool = False

    @property
    def order(self) -> tuple[int, int]:
        """`(boot, number)`: the order of a unit's calls, known even where the time of day is not."""
        return self.boot, self.number

    @property
    def key(self) -> str:
        """The call's name within its branch, as reports print it: `desk-07/17/12`."""
        return f"{self.unit}/{self.boot}/{self.number}"


@dataclass(frozen=True, slots=True)
class Visit:
    """One VIP customer at a desk, from check-in to served or left (R16); `limit_ms` is frozen at arrival if told."""

    unit: str
    ticket: str
    start_ms: int | None
    tier: int | None
    limit_ms: int | None
    state: str
    wait_ms: int | None = None

    @property
    def key(self) -> str:
        """The visit's name within its branch: `desk-07/17.3`."""
        return f"{self.unit}/{self.ticket}"


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that stands for itself: a rating's score, an outcome or a service (1 or 0), a fault, a self-check."""

    unit: str
    boot: int
    seq: int
    start_ms: int | None
    kind: str
    value: int | None
    call: int | None = None


@dataclass(frozen=True, slots=True)
class Records:
    """What one unit's facts come to, each kind in its own order."""

    calls: tuple[Call, ...] = ()
    visits: tuple[Visit, ...] = ()
    marks: tuple[Mark, ...] = ()


def subject_of(fact: Fact) -> Subject | None:
    """Return what the fact tells of; None for kinds that no record is made of (boot, clock, unknown ones).

    A rating or an outcome that names a call belongs to that call's subject of its own kind: the last one counts.
    """
    call, ticket = fact.integer("call"), fact.text("ticket")
    if fact.kind in CALL_KINDS and call is not None:
        return Subject("call", fact.boot, str(call))
    if fact.kind in VISIT_KINDS and ticket is not None:
        return Subject("visit", 0, ticket)
    if fact.kind in OF_A_CALL and call is not None:
        return Subject(fact.kind, fact.boot, str(call))
    return Subject("mark", fact.boot, str(fact.seq)) if fact.kind in MARK_KINDS else None


def project(facts: Iterable[Fact], clocks: Mapping[int, Timeline]) -> Records:
    """Return the records of one unit's facts; `clocks` gives the time of day of each boot.

    The facts must hold all facts of every subject that they touch, and may hold more, repeated and in any order.
    """
    subjects: dict[Subject, dict[tuple[int, int], Fact]] = {}
    for fact in facts:
        subject = subject_of(fact)
        if subject is not None:
            subjects.setdefault(subject, {})[fact.boot, fact.seq] = fact
    calls, visits, marks = [], [], []
    for subject, group in subjects.items():
        ordered = sorted(group.values(), key=lambda fact: (fact.boot, fact.up_ms, fact.seq))
        if subject.what == "call":
            calls.append(call_of(ordered, clocks.get(subject.boot, NO_TIME)))
        elif subject.what == "visit":
            visits.append(visit_of(ordered, clocks))
        else:
            marks.append(mark_of(ordered[-1], clocks.get(subject.boot, NO_TIME)))
    return Records(
        tuple(sorted(calls, key=lambda call: call.order)),
        tuple(sorted(visits, key=lambda visit: (visit.start_ms or 0, visit.ticket))),
        tuple(sorted(marks, key=lambda mark: (mark.boot, mark.seq))),
    )


# ---- one call


def call_of(facts: Sequence[Fact], clock: Timeline) -> Call:
    """Return the call that all `facts`, ordered by time, tell of; `clock` is its boot's."""
    first = {fact.kind: fact for fact in reversed(facts)}
    verdict = next((kind for kind in (ANSWERED, MISSED, DIALLED) if kind in first), RINGING)
    decided = first.get(verdict)
    ended = first.get("ended")
    start_up_ms = call_start(facts, decided)
    holds = holds_of(facts)
    return Call(
        unit=facts[0].unit,
        boot=facts[0].boot,
        number=facts[0].integer("call") or 0,
        start_ms=clock.epoch_ms(start_up_ms),
        start_up_ms=start_up_ms,
        verdict=verdict,
        rings=decided.integer("rings") if decided else None,
        rings_completed=decided.integer("rings_completed") if decided else None,
        wait_ms=decided.integer("wait_ms") if decided else None,
        holds=holds,
        flashes=sum(fact.kind == "flashed" for fact in facts),
        end_ms=clock.epoch_ms(ended.up_ms) if ended else None,
        by=ended.text("by") if ended else None,
        why=ended.text("why") if ended else None,
        talk_ms=ended.integer("talk_ms") if ended else None,
        held_ms=total_held_ms(holds, ended),
        voice=voice_of(ended),
        is_test=any(fact.data.get("test") is True for fact in facts),
    )


def call_start(facts: Sequence[Fact], decided: Fact | None) -> int:
    """Return when the call began, from whichever fact reaches back furthest: a first ring may have been lost."""
    waited_ms = (decided.integer("wait_ms") or 0) if decided else 0
    return min(facts[0].up_ms, max(0, decided.up_ms - waited_ms) if decided else facts[0].up_ms)


def holds_of(facts: Sequence[Fact]) -> tuple[Hold, ...]:
    """Pair each `held` with what is told next; a hold that the call's end cut short ended there."""
    holds: list[Hold] = []
    held: Fact | None = None
    for fact in facts:
        if fact.kind not in ("held", "resumed", "ended"):
            continue
        if held is not None or fact.kind == "resumed":
            holds.append(hold_of(held, fact))
        held = fact if fact.kind == "held" else None
    return (*holds, hold_of(held, None)) if held else tuple(holds)


def hold_of(held: Fact | None, end: Fact | None) -> Hold:
    """Return one hold: its end is known when `resumed` or `ended` follows, its start also from how long it was."""
    told_ms = end.integer("held_ms") if end and end.kind == "resumed" else None
    if held is None:
        return Hold(max(0, end.up_ms - (told_ms or 0)) if end else 0, "unknown", told_ms)
    if told_ms is None and end and end.kind != "held":
        told_ms = min(end.up_ms - held.up_ms, LONGEST_MS)
    return Hold(held.up_ms, held.text("how") or "unknown", told_ms)


def total_held_ms(holds: Sequence[Hold], ended: Fact | None) -> int | None:
    """Return how long the customer was kept waiting in all; None when an end is unknown or nothing can sense it."""
    if not holds:
        return ended.integer("held_ms") if ended else None
    known = [hold.held_ms for hold in holds if hold.held_ms is not None]
    return min(sum(known), LONGEST_MS) if len(known) == len(holds) else None


def voice_of(ended: Fact | None) -> Voice:
    """Return what the ears told at the call's end."""
    if ended is None:
        return NOT_HEARD
    return Voice(**{name: ended.integer(name) for name in (*VOICE_SPANS, "interruptions")})


# ---- calls that a lost unit cut in two


def finish(calls: Iterable[Call]) -> list[Call]:
    """Settle the calls without a verdict in a run of one unit's calls, given in order.

    The last one may still be ringing. Any other was *cut*: its unit, or the fact of its verdict, was lost. When the
    unit came back while the phone still rang, the next boot's first call is the rest of it, told by its unknown ring
    count; the two become one call, with the first one's key and start. To finish some calls, give their neighbours on
    either side as well, up to the next one that has a verdict.
    """
    finished: list[Call] = []
    for call in calls:
        before = finished[-1] if finished else None
        if before is None or before.verdict != RINGING:
            finished.append(call)
        elif is_rest_of(before, call):
            finished[-1] = joined(before, call)
        else:
            finished[-1] = replace(before, verdict=CUT)
            finished.append(call)
    return finished


def is_rest_of(before: Call, call: Call) -> bool:
    """Tell whether `call` is what was left of `before` when its unit came back while the phone still rang."""
    still_rang = before.by is None and call.rings is None and call.verdict in (RINGING, ANSWERED, MISSED)
    return still_rang and call.start_up_ms <= BLIND_MS and is_soon_after(before, call)


def is_soon_after(before: Call, call: Call) -> bool:
    """Tell whether one ringing may reach from `before` to `call`, by the time of day or else by the boots' numbers."""
    if before.start_ms is None or call.start_ms is None:
        return call.boot == before.boot + 1
    return before.boot < call.boot and call.start_ms - before.start_ms <= LONGEST_RINGING_MS


def joined(before: Call, rest: Call) -> Call:
    """Return the one call of which `before` is the start and `rest` the end.

    Nobody counted its rings; how long it waited, the time of day tells across the restart.
    """
    wait_ms = None
    if before.start_ms is not None and rest.start_ms is not None and rest.wait_ms is not None:
        wait_ms = rest.start_ms - before.start_ms + rest.wait_ms
    return replace(
        rest,
        boot=before.boot,
        number=before.number,
        start_ms=before.start_ms,
        start_up_ms=before.start_up_ms,
        wait_ms=wait_ms,
    )


# ---- visits and marks


def visit_of(facts: Sequence[Fact], clocks: Mapping[int, Timeline]) -> Visit:
    """Return the visit that all `facts` of one ticket tell of, over as many boots as it lasted."""
    came = next((fact for fact in facts if fact.kind == "vip_in"), None)
    gone = next((fact for fact in facts if fact.kind != "vip_in"), None)
    wait_ms = visit_wait_ms(came, gone, clocks)
    start_ms = moment_of(came, clocks)
    if came is None and gone is not None and wait_ms is not None:
        end_ms = moment_of(gone, clocks)
        start_ms = None if end_ms is None else end_ms - wait_ms
    return Visit(
        unit=facts[0].unit,
        ticket=facts[0].text("ticket") or "",
        start_ms=start_ms,
        tier=came.integer("tier") if came else None,
        limit_ms=came.integer("limit_ms") if came else None,
        state=WAITING if gone is None else SERVED if gone.kind == "vip_served" else LEFT,
        wait_ms=wait_ms,
    )


def visit_wait_ms(came: Fact | None, gone: Fact | None, clocks: Mapping[int, Timeline]) -> int | None:
    """Return the wait as the unit told it, or by its own clock, or, over a restart, by the time of day."""
    if gone is None:
        return None
    told_ms = gone.integer("wait_ms")
    if told_ms is not None or came is None:
        return told_ms
    start_ms, end_ms = came.up_ms, gone.up_ms
    if came.boot != gone.boot:
        start, end = moment_of(came, clocks), moment_of(gone, clocks)
        if start is None or end is None:
            return None
        start_ms, end_ms = start, end
    return min(max(0, end_ms - start_ms), LONGEST_MS)


def moment_of(fact: Fact | None, clocks: Mapping[int, Timeline]) -> int | None:
    """Return the time of day of a fact, None when its boot never knew it."""
    return None if fact is None else clocks.get(fact.boot, NO_TIME).epoch_ms(fact.up_ms)


def mark_of(fact: Fact, clock: Timeline) -> Mark:
    """Return the mark that a fact makes; `value` is the score, 1 or 0 for resolved and began, the number dropped."""
    value = fact.integer(MARK_VALUES.get(fact.kind, ""))
    return Mark(
        unit=fact.unit,
        boot=fact.boot,
        seq=fact.seq,
        start_ms=clock.epoch_ms(fact.up_ms),
        kind=fact.kind,
        value=None if value is None else int(value),
        call=fact.integer("call") if fact.kind in OF_A_CALL else None,
    )
