"""The VIP lights: each desk's light says what its waiting customers ask for, at the very millisecond (R16).

One thread with its own connection, so that neither a slow disk nor a flood of facts delays a light. It sleeps until the
next customer's limit; facts of VIP customers and better clocks wake it. After a restart the ledger tells who waits.
"""

from collections import deque
from threading import Event

import structlog
from thirdring_unit.core import vip, wire

from thirdring_gateway.clock import Clock
from thirdring_gateway.domain.calls import VISIT_KINDS, WAITING, Visit, project
from thirdring_gateway.domain.facts import Fact, FactError, fact_of
from thirdring_gateway.domain.lights import LONGEST_WAIT_MS, Desired, desired
from thirdring_gateway.domain.settings import BranchSettings
from thirdring_gateway.ledger.append import Batch
from thirdring_gateway.ledger.read import recent_visits, time_of
from thirdring_gateway.link import Link, Login

IDLE_S = 5.0
SHOWN_AT_FIRST = Desired(vip.OFF, None)
REVS_PER_START = 1_000_000
log = structlog.get_logger()


class Desk:
    """The VIP customers of one desk, as its facts tell, and what its light shows."""

    def __init__(self, branch: str, unit: str) -> None:
        self._branch = branch
        self._unit = unit
        self._facts: dict[tuple[int, int], Fact] = {}
        self._visits: list[Visit] = []
        self.shown = SHOWN_AT_FIRST

    def take(self, fact: Fact) -> None:
        """Remember a fact of a VIP customer."""
        self._facts[fact.boot, fact.seq] = fact

    def date(self, now_ms: int) -> None:
        """Read the unit's clock and forget who is gone, or came too long ago to be waiting."""
        clocks = {boot: time_of(self._branch, self._unit, boot) for boot in {boot for boot, _ in self._facts}}
        self._visits = list(project(self._facts.values(), clocks).visits)
        gone = {visit.ticket for visit in self._visits if not _may_matter(visit, now_ms)}
        self._facts = {key: fact for key, fact in self._facts.items() if fact.text("ticket") not in gone}

    def judge(self, settings: BranchSettings, now_ms: int) -> bool:
        """Decide what the light shows now; return whether that is a change."""
        before, self.shown = self.shown, desired(self._visits, settings, now_ms)
        return before.vip != self.shown.vip

    @property
    def is_busy(self) -> bool:
        """Whether somebody waits, or someone's time is not known yet."""
        return any(visit.state == WAITING for visit in self._visits)


def _may_matter(visit: Visit, now_ms: int) -> bool:
    """A customer who is gone still matters for a while: the fact of the arrival may come late."""
    return visit.start_ms is None or now_ms < visit.start_ms + LONGEST_WAIT_MS


class Lights:
    """The thread that sets the lights of a branch; `rev` numbers begin at `first_rev`, above all used before."""

    def __init__(self, login: Login, settings: BranchSettings, clock: Clock, start_number: int) -> None:
        self._settings = settings
        self._clock = clock
        self._rev = start_number * REVS_PER_START
        self._desks: dict[str, Desk] = {}
        self._news: deque[Batch] = deque()
        self._link = Link(login, [], lasting=False)
        self._link.on_ready = self._show_all

    # ---- for any thread

    def tell(self, batch: Batch) -> None:
        """Take a committed batch: facts of VIP customers, and beats of the desks where one waits."""
        if batch.beats or any(fact["kind"] in VISIT_KINDS for fact, _ in batch.facts):
            self._news.append(batch)
            self._link.wake()

    def use(self, settings: BranchSettings) -> None:
        """Judge by other settings from now on."""
        self._settings = settings
        self._link.wake()

    def wake(self) -> None:
        """Let `run` look at `stop` at once."""
        self._link.wake()

    @property
    def shown(self) -> dict[str, str]:
        """What each desk's light was last set to."""
        return {unit: desk.shown.vip for unit, desk in list(self._desks.items())}

    # ---- the thread

    def run(self, stop: Event) -> None:
        """Work until `stop` is set; the retained lights stay as they are."""
        self._remember()
        while not stop.is_set():
            self._link.read(1000 * self._wait_s(), 1)
            self._hear()
            self._judge()
        self._link.close()

    def _remember(self) -> None:
        now_ms = self._clock.now_ms()
        for unit, facts in recent_visits(self._settings.branch, now_ms - LONGEST_WAIT_MS).items():
            desk = self._desk(unit)
            for fact in facts:
                desk.take(fact)
            desk.date(now_ms)

    def _wait_s(self) -> float:
        moments = [desk.shown.next_ms for desk in self._desks.values() if desk.shown.next_ms is not None]
        return min([IDLE_S, *(self._clock.wait_s(moment) for moment in moments)])

    def _hear(self) -> None:
        changed = set()
        while self._news:
            batch = self._news.popleft()
            for wire_fact, _ in batch.facts:
                if wire_fact["kind"] in VISIT_KINDS and self._take(wire_fact):
                    changed.add(wire_fact["unit"])
            changed |= {unit for _, unit, _ in batch.beats if unit in self._desks and self._desks[unit].is_busy}
        for unit in changed:
            self._desks[unit].date(self._clock.now_ms())

    def _take(self, wire_fact: dict[str, object]) -> bool:
        try:
            fact = fact_of(wire_fact)
        except FactError:
            return False  # it is in quarantine
        self._desk(fact.unit).take(fact)
        return True

    def _desk(self, unit: str) -> Desk:
        return self._desks.setdefault(unit, Desk(self._settings.branch, unit))

    def _judge(self) -> None:
        now_ms = self._clock.now_ms()
        for unit, desk in self._desks.items():
            if desk.judge(self._settings, now_ms):
                self._show(unit, desk)
                log.info("light", unit=unit, vip=desk.shown.vip)

    def _show_all(self) -> None:
        """After a new connection the broker may have forgotten, or may show what was true before a restart."""
        for unit, desk in self._desks.items():
            self._show(unit, desk)

    def _show(self, unit: str, desk: Desk) -> None:
        self._rev += 1
        light = {"rev": self._rev, "vip": desk.shown.vip, "prompt": vip.OFF}
        self._link.publish(
            wire.topic(self._settings.branch, unit, "light/set"), wire.encode("light/set", light), retain=True
        )
