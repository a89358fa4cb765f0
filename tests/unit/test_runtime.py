"""The loop that every desk shares: everything at its own moment, nothing late, nothing twice."""

from collections.abc import Iterator
from functools import partial

import pytest
from thirdring_unit.core.events import Message
from thirdring_unit.core.unit import Unit
from thirdring_unit.runtime import INBOX_MAX, Clock, Event, Inbox, Runtime, Stopped, run

BEAT_MS = 10_000


def _nothing(unit: Unit, up_ms: int) -> None:
    """Be an event that changes nothing."""


class Diary(Unit):
    """A unit that wants a tick every ten seconds and whose light follows the ring input."""

    def __init__(self) -> None:
        self.told: list[tuple[int, str]] = []
        self.lit = False
        self._beat_ms = BEAT_MS

    def edge(self, up_ms: int, name: str, active: bool) -> None:
        self.told.append((up_ms, name))
        self.lit = active

    def tick(self, up_ms: int) -> None:
        self.told.append((up_ms, "tick"))
        self._beat_ms = up_ms + BEAT_MS

    def next_ms(self, up_ms: int) -> int:
        return max(up_ms, self._beat_ms)

    def outgoing(self, up_ms: int) -> list[Message]:
        return [Message("beat", b"%d" % up_ms)]

    def lights(self, up_ms: int) -> tuple[bool, bool]:  # noqa: ARG002 -- as a unit has it
        return self.lit, False


class Desk:
    """A clock, an inbox, a link and lights in virtual time: waiting is what makes time pass."""

    def __init__(self, *edges_ms: int, messages_ms: tuple[int, ...] = (), until_ms: int = 30_000) -> None:
        self.now_ms = 0
        self.edges_ms = list(edges_ms)
        self.messages_ms = list(messages_ms)
        self.until_ms = until_ms
        self.unit = Diary()
        self.waits_ms: list[int] = []
        self.shown: list[tuple[int, bool]] = []
        self.said_before_lit: set[int] = set()
        self.runtime = Runtime(self.unit, self, self)
        run(self.runtime, self, self, self)  # type: ignore[arg-type] # one object in place of clock, inbox and source

    def up_ms(self) -> int:
        return self.now_ms

    def seconds_until(self, up_ms: int) -> float:
        return max(0, up_ms - self.now_ms) / 1_000

    def take(self, wait_s: float) -> list[tuple[int, Event]]:
        until_ms = self.now_ms + round(wait_s * 1_000)
        self.waits_ms.append(until_ms - self.now_ms)
        if self.messages_ms and self.messages_ms[0] <= until_ms:
            self.now_ms = self.messages_ms.pop(0)
            return [(self.now_ms, lambda unit, up_ms: unit.edge(up_ms, "message", True))]
        self.now_ms = until_ms
        if self.now_ms > self.until_ms:
            raise Stopped
        return []

    def next_ms(self) -> int | None:
        return self.edges_ms[0] if self.edges_ms else None

    def due(self, up_ms: int) -> Iterator[tuple[int, Event]]:
        while self.edges_ms and self.edges_ms[0] <= up_ms:
            yield self.edges_ms.pop(0), lambda unit, up_ms: unit.edge(up_ms, "edge", True)

    def publish(self, message: Message) -> None:
        assert int(message.payload) <= self.now_ms
        if self.unit.lit != bool(self.shown and self.shown[-1][1]):
            self.said_before_lit.add(self.now_ms)

    def show(self, vip: bool, prompt: bool) -> None:
        assert not prompt
        if not self.shown or self.shown[-1][1] != vip:
            self.shown.append((self.now_ms, vip))


def test_the_loop_wakes_for_each_input_and_each_due_moment_and_not_between() -> None:
    desk = Desk(3_000, 3_001, 25_000)
    assert desk.unit.told == [
        (3_000, "edge"),
        (3_001, "edge"),
        (10_000, "tick"),
        (20_000, "tick"),
        (25_000, "edge"),
        (30_000, "tick"),
    ]
    assert desk.waits_ms == [0, 3_000, 1, 6_999, 10_000, 5_000, 5_000, 10_000]


def test_a_message_wakes_the_loop_at_once_and_its_light_is_lit_at_that_moment() -> None:
    desk = Desk(messages_ms=(4_321,))
    assert desk.unit.told[0] == (4_321, "message")
    assert desk.shown == [(4_321, True)]
    assert not desk.said_before_lit, "the light waited for the network"


def test_what_is_found_late_is_brought_in_with_its_own_time_and_before_what_came_later() -> None:
    desk = Desk(until_ms=0)
    runtime = Runtime(desk.unit, desk, desk)
    desk.now_ms = 12_345
    runtime.bring(9_000, lambda unit, up_ms: unit.edge(up_ms, "late", True))
    runtime.run_until(12_345)
    assert desk.unit.told == [(9_000, "late"), (10_000, "tick")]
    runtime.bring(5_000, lambda unit, up_ms: unit.edge(up_ms, "too late", True))
    assert desk.unit.told[-1] == (12_345, "too late")  # time never goes back


def test_a_unit_that_is_never_content_gets_one_tick_a_moment() -> None:
    desk = Desk(until_ms=0)
    restless = Diary()
    restless.next_ms = lambda up_ms: up_ms  # type: ignore[method-assign] # a unit gone wrong
    desk.now_ms = 5
    Runtime(restless, desk, desk).run_until(5)
    assert [at_ms for at_ms, _ in restless.told] == [0, 1, 2, 3, 4, 5]


def test_a_full_inbox_refuses_and_counts() -> None:
    inbox = Inbox(Clock())
    for _ in range(INBOX_MAX + 3):
        inbox.put(lambda unit, up_ms: unit.tick(up_ms))
    assert inbox.refused == 3


def test_what_came_while_the_loop_was_busy_is_brought_in_the_order_in_which_it_happened() -> None:
    inbox = Inbox(clock := Clock())
    inbox.put(second := _nothing)
    inbox.put(first := partial(_nothing), at_ms=clock.up_ms() - 50)
    assert [event for _, event in inbox.take(0)] == [first, second]
    assert inbox.take(0) == []


def test_what_came_before_the_end_is_still_brought() -> None:
    inbox = Inbox(Clock())
    inbox.put(_nothing)
    inbox.stop()
    assert [event for _, event in inbox.take(0)] == [_nothing]
    with pytest.raises(Stopped):
        inbox.take(0)


def test_the_clock_runs_as_many_times_faster_than_life_as_it_is_told() -> None:
    clock = Clock(pace=1_000)
    wait_s = clock.seconds_until(clock.up_ms() + 1_000_000)
    assert 0.9 < wait_s <= 1.0
    assert clock.seconds_until(0) == 0.0
