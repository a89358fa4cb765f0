"""The present moment of the branch: every desk's state, who waits, what is lost."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from thirdring_unit.core import vip

from thirdring_gateway.domain.calls import WAITING
from thirdring_gateway.domain.facts import Fact
from thirdring_gateway.domain.lights import LONGEST_WAIT_MS
from thirdring_gateway.domain.lists import known_or_none
from thirdring_gateway.domain.scope import Scope
from thirdring_gateway.domain.selections import in_state
from thirdring_gateway.domain.settings import BranchSettings

SILENT_MS = 35_000
"""Three beats and a half without a sign of life: the unit is lost."""
IDLE, RINGING, TALKING, HELD, LOST = "idle", "ringing", "talking", "held", "lost"
OVER = "over"
LINE_KINDS = {IDLE: "off", RINGING: "near", TALKING: "talk", HELD: "near", LOST: "off"}
AFTER = {
    "boot": IDLE, "ring": RINGING, "answered": TALKING, "dialled": TALKING, "held": HELD, "resumed": TALKING,
    "missed": IDLE, "ended": IDLE,
}  # fmt: skip
"""The state of a line after each kind of fact; other kinds change nothing."""


@dataclass(frozen=True, slots=True)
class Line:
    """What a desk's line does, and since when by the unit's own clock."""

    state: str = IDLE
    since_up_ms: int = 0
    call: int | None = None
    rings: int = 0


@dataclass(frozen=True, slots=True)
class Waiting:
    """A VIP customer who waits now."""

    desk: str
    tier: int | None
    since_ms: int
    limit_ms: int | None
    light: str

    @property
    def state(self) -> str:
        """The light as a word of the style sheet."""
        return "good" if self.light == vip.OFF else self.light


@dataclass(frozen=True, slots=True)
class DeskNow:
    """A desk at the present moment."""

    unit: str
    state: str
    since_ms: int | None
    rings: int
    heard_ms: int | None
    waiting: tuple[Waiting, ...]
    is_hold_over: bool

    @property
    def light(self) -> str:
        """What the counter's VIP light says."""
        lights = [each.light for each in self.waiting]
        return vip.OVER if vip.OVER in lights else vip.NEAR if vip.NEAR in lights else vip.OFF

    @property
    def line_kind(self) -> str:
        """How urgent the line alone is, as a word of the style sheet."""
        return OVER if self.is_hold_over else LINE_KINDS[self.state]

    @property
    def kind(self) -> str:
        """How urgent the desk is, as a word of the style sheet."""
        if self.state == LOST:
            return "lost"
        if self.light == vip.OVER or self.is_hold_over:
            return OVER
        if self.light == vip.NEAR or self.state in (RINGING, HELD):
            return "near"
        return "good" if self.state == TALKING else "idle"


def line_after(facts: Iterable[Fact]) -> Line:
    """Return what a line does after its latest facts, given in order of the same boot."""
    line = Line()
    for fact in facts:
        state = AFTER.get(fact.kind)
        if state is None:
            continue
        if state == RINGING and line.state == RINGING and fact.integer("call") == line.call:
            line = Line(RINGING, line.since_up_ms, line.call, line.rings + 1)
        else:
            line = Line(state, fact.up_ms, fact.integer("call"), int(state == RINGING))
    return line


def waiting_at(desk: str, scope: Scope, now_ms: int) -> tuple[Waiting, ...]:
    """Return the VIP customers who wait at a desk, first come first."""
    visits = scope.visits
    found = []
    for place in np.flatnonzero(in_state(scope, WAITING)):
        limit_ms = known_or_none(int(scope.limit_ms[place]))
        since_ms = int(visits["start_ms"][place])
        if now_ms < since_ms + LONGEST_WAIT_MS:
            shows = light(since_ms, limit_ms, scope.settings, now_ms)
            found.append(Waiting(desk, known_or_none(int(visits["tier"][place])), since_ms, limit_ms, shows))
    return tuple(found)


def light(since_ms: int, limit_ms: int | None, branch: BranchSettings, now_ms: int) -> str:
    """Return what one waiting customer asks of the light; nothing when no limit is set for the tier."""
    if limit_ms is None:
        return vip.OFF
    return vip.light_of(vip.Ticket("", 0, since_ms, limit_ms, branch.near_percent), now_ms)


def desks_now(
    scopes: Mapping[str, Scope],
    lines: Mapping[str, tuple[Line, int | None]],
    heard_ms: Mapping[str, int],
    branch: BranchSettings,
    now_ms: int,
) -> list[DeskNow]:
    """Return every desk of `scopes` at the present moment.

    `lines` are the lines with the time of day at which their state began, `heard_ms` the last signs of life.
    """
    desks = []
    for unit, scope in scopes.items():
        line, since_ms = lines.get(unit, (Line(), None))
        heard = heard_ms.get(unit)
        lost = heard is None or now_ms - heard > SILENT_MS
        over = line.state == HELD and since_ms is not None and now_ms - since_ms > branch.hold_limit_ms
        desks.append(
            DeskNow(
                unit=unit,
                state=LOST if lost else line.state,
                since_ms=heard if lost else since_ms,
                rings=line.rings,
                heard_ms=heard,
                waiting=waiting_at(unit, scope, now_ms),
                is_hold_over=over and not lost,
            )
        )
    return desks


def all_waiting(desks: Sequence[DeskNow]) -> list[Waiting]:
    """Return everybody who waits, the longest wait first."""
    return sorted((each for desk in desks for each in desk.waiting), key=lambda each: each.since_ms)
