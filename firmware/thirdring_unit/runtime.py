"""The loop that every desk on CPython shares: what happens goes into the unit, what the unit wants goes out.

Drivers differ: where edges and sound come from, which broker, which lights. Time does not: `up_ms` only ever grows.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from heapq import merge
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Protocol

from thirdring_unit.core.course import Course
from thirdring_unit.core.events import Message
from thirdring_unit.core.unit import Unit

Event = Callable[[Unit, int], None]  # brings one thing that happened to the unit, at its up_ms
INBOX_MAX = 4_096  # what the link may have brought and the loop has not yet taken


class Link(Protocol):
    """Carries messages to the gateway."""

    def publish(self, message: Message) -> None:
        """Send a message, or lose it: the unit itself sends again what matters."""


class Lights(Protocol):
    """The two lights of a desk."""

    def show(self, vip: bool, prompt: bool) -> None:
        """Switch both lights."""


class Source(Protocol):
    """Inputs that know beforehand when they have something, such as a simulated world."""

    def next_ms(self) -> int | None:
        """Return when there is something to take next, None when there never will be."""

    def due(self, up_ms: int) -> Iterator[tuple[int, Event]]:
        """Give what has happened until `up_ms`, each with its own time, in order."""


class Clock:
    """Milliseconds since the unit's start, `pace` times as fast as life."""

    def __init__(self, pace: int = 1) -> None:
        self.pace = pace
        self._began_s = monotonic()

    def up_ms(self) -> int:
        """Return the time since the start."""
        return self.up_ms_at(monotonic())

    def up_ms_at(self, moment_s: float) -> int:
        """Return which time it was at a moment of the system's monotonic clock, which the kernel stamps edges with."""
        return int((moment_s - self._began_s) * 1_000 * self.pace)

    def seconds_until(self, up_ms: int) -> float:
        """Return how long to wait in real life."""
        return max(0.0, self._began_s + up_ms / (1_000 * self.pace) - monotonic())


class Inbox:
    """Events from other threads to the loop, each with the time at which it happened; a full one refuses and counts."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._events: SimpleQueue[tuple[int, Event] | None] = SimpleQueue()
        self._is_stopped = False
        self.refused = 0

    def put(self, event: Event, at_ms: int | None = None) -> None:
        """Bring an event from any thread; it happened at `at_ms`, or now."""
        if self._events.qsize() < INBOX_MAX:
            self._events.put((self._clock.up_ms() if at_ms is None else at_ms, event))
        else:
            self.refused += 1

    def stop(self) -> None:
        """End the loop once it has taken what came before; safe in a signal handler."""
        self._events.put(None)

    def take(self, wait_s: float) -> list[tuple[int, Event]]:
        """Wait for the next event and take it with all that have come, in the order in which they happened.

        Gives none when none comes within the time; raises Stopped after stop().
        """
        if self._is_stopped:
            raise Stopped
        try:
            found = [self._events.get(timeout=wait_s)]
        except Empty:
            return []
        found += [self._events.get() for _ in range(self._events.qsize())]
        self._is_stopped = None in found
        return sorted((happened for happened in found if happened), key=_moment_ms)


def _moment_ms(happened: tuple[int, Event]) -> int:
    return happened[0]


class Stopped(Exception):  # noqa: N818 -- not an error: someone asked the loop to end
    """The loop was asked to end."""


class Runtime(Course):
    """A unit between its link and its lights; every event passes here, in the order of time."""

    def __init__(self, unit: Unit, link: Link, lights: Lights) -> None:
        super().__init__(unit)
        self._link = link
        self._lights = lights

    def bring(self, up_ms: int, event: Event) -> None:
        """Do what was due before `up_ms`, then bring in the event."""
        self.run_until(up_ms)
        event(self.unit, self.now_ms)
        self._let_out()

    def run_until(self, up_ms: int) -> None:
        """Let time pass; whatever the unit wanted to do on its way is done at its own moment."""
        while self.step(up_ms):
            self._let_out()

    def _let_out(self) -> None:
        self._lights.show(*self.unit.lights(self.now_ms))  # first: somebody may be waiting for it
        for message in self.unit.outgoing(self.now_ms):
            self._link.publish(message)


def run(runtime: Runtime, clock: Clock, inbox: Inbox, source: Source) -> None:
    """Keep a desk running until the inbox is stopped; acts on each event and each due moment at once."""
    wait_s = 0.0
    with suppress(Stopped):
        while True:
            arrived = inbox.take(wait_s)
            up_ms = clock.up_ms()
            for at_ms, event in merge(arrived, source.due(up_ms), key=_moment_ms):
                runtime.bring(at_ms, event)
            runtime.run_until(up_ms)
            due_ms = (runtime.unit.next_ms(runtime.now_ms), source.next_ms())
            wait_s = clock.seconds_until(min(moment_ms for moment_ms in due_ms if moment_ms is not None))
