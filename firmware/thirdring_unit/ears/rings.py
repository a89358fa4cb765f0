"""Hears the desk's phone ring in a room: its learned ringer at once, an unknown one when it keeps the cadence."""

from collections.abc import Iterable

import numpy as np

from thirdring_unit.core.countries import Country
from thirdring_unit.core.earshot import CUT
from thirdring_unit.core.events import Signal

from .answer import Answer
from .block import Block
from .cadence import GAP_MS, Cadence
from .direction import Direction
from .follow import Burst, Follower
from .ringer import Ringer
from .room import Room
from .scout import Found, Scout
from .whole import Whole

SERIES_CYCLES = 3  # halves: a phone that is silent so long has been answered or given up
BETWEEN_PERCENT = np.array([(0, 90), (110, 160)])  # of a cycle after a ring, in which no other begins
SPOKEN_MS = 1900  # after a lone ring, somebody must have spoken who has answered it
NEVER_MS = -1


class Rings:
    """Tells every burst of the phone's ringer: on as soon as it is certain, off at its end."""

    def __init__(self, channel: str, country: str, ringer: Ringer | None) -> None:
        self._channel = channel
        self._cadence = Cadence(Country(country).ring_ms)
        self._room = Room()
        self._answer = Answer(channel, self._cadence.cycle_ms)
        self._cycle_ms = ringer.cycle_ms if ringer else 0
        self._whole = Whole((ringer and ringer.ring_ms) or self._cadence.on_ms)
        self._scout = None if ringer else Scout(self._cadence)
        self._follower = Follower(ringer) if ringer else None
        self._broken: Found | None = None  # what may be a lone ring that was answered
        self._direction = Direction(ringer.delay_us if ringer else None)
        self._elsewhere_ms = NEVER_MS  # when the last burst began that was another desk's
        self._ring_ms = NEVER_MS  # when the last ring began
        self._on_ms = NEVER_MS  # when the burst began that goes on
        self._to_ms = NEVER_MS  # when the last burst ended

    def hear(self, block: Block) -> list[Signal]:
        """Returns what is certain after this block: rings, and the voice that answers them."""
        self._direction.add(block)
        rung = self._rings(block)
        return rung + self._answer.step(block, rung)

    def _rings(self, block: Block) -> list[Signal]:
        heard = self._room.step(block)
        if not self._scout:
            return self._follow(self._follower.step(heard.at_ms, heard.clean)) if self._follower else []
        found = self._scout.step(heard)
        if self._follower:
            signals = self._follow(self._follower.step(heard.at_ms, heard.clean))
            if 2 * (block.end_ms - self._ring_ms) > SERIES_CYCLES * self._cadence.cycle_ms:
                signals += self.end()
                self._follower = None
            return signals
        return self._begin(found or self._scout.alone(lifted=False) or self._answered(self._scout, block.at_ms[0]))

    def _answered(self, scout: Scout, now_ms: int) -> Found | None:
        """Returns the ringer of a lone ring that was cut short, once somebody has spoken after it."""
        self._broken = scout.broken_off() or self._broken
        if not self._broken or now_ms - self._broken.ended[-1].to_ms < SPOKEN_MS:
            return None
        broken, self._broken = self._broken, None
        return broken if self._answer.follows([(one.from_ms, one.to_ms) for one in broken.ended]) else None

    def lift(self) -> list[Signal]:
        """Returns what the line's closing makes certain: a lone ring, even if it was cut short."""
        return [] if self._follower or not self._scout else self._begin(self._scout.alone(lifted=True))

    def settle(self) -> list[Signal]:
        """Returns what the line's going on-hook makes certain: nothing of a room."""
        return []

    def end(self) -> list[Signal]:
        """Ends the burst that goes on."""
        return self._tell(self._follower.end(), over=True) if self._follower else []

    def _begin(self, found: Found | None) -> list[Signal]:
        """A ringer is known from now on."""
        if not found:
            return []
        self._follower, self._ring_ms = found.follower, NEVER_MS
        self._whole = Whole(self._cadence.on_ms)
        return self._follow(found.ended)

    def _follow(self, ended: list[Burst]) -> list[Signal]:
        running = self._follower.running() if self._follower else []
        return self._tell(ended, over=True) + self._tell(running, over=False)

    def _tell(self, bursts: Iterable[Burst], *, over: bool) -> list[Signal]:
        signals = []
        for burst in bursts:
            if burst.from_ms < self._to_ms or not self._expected(burst) or self._is_elsewhere(burst):
                continue
            if self._on_ms != burst.from_ms:
                self._on_ms = burst.from_ms
                signals.append(Signal("ring", self._channel, True, burst.from_ms, None))
                if burst.from_ms - self._to_ms >= GAP_MS:
                    self._next(burst.from_ms)
            if over:
                self._to_ms = burst.to_ms
                detail = CUT if self._whole.cut(burst.to_ms - self._ring_ms) else None
                signals.append(Signal("ring", self._channel, False, burst.to_ms, detail))
        return signals

    def _next(self, from_ms: int) -> None:
        """A ring begins; the one before it was whole if this is the same call's."""
        if self._ring_ms != NEVER_MS and 2 * (from_ms - self._ring_ms) < SERIES_CYCLES * self._cadence.cycle_ms:
            self._whole.followed(self._to_ms - self._ring_ms)
        self._ring_ms = from_ms

    def _is_elsewhere(self, burst: Burst) -> bool:
        """Whether a burst comes from another desk, by all that was heard of it when it was first sure."""
        if burst.from_ms not in {self._on_ms, self._elsewhere_ms} and self._direction.is_elsewhere(
            burst.from_ms, burst.to_ms
        ):
            self._elsewhere_ms = burst.from_ms
        return burst.from_ms == self._elsewhere_ms

    def _expected(self, burst: Burst) -> bool:
        """Whether the phone may sound now: within its ring, or with its next one. A lesson may not tell its cadence."""
        if self._ring_ms == NEVER_MS or burst.from_ms == self._on_ms:
            return True
        apart_ms = burst.from_ms - self._ring_ms
        if self._cadence.next_ring(apart_ms):
            return True
        if self._scout:
            return self._cadence.within_ring(apart_ms)
        between = any(low <= 100 * apart_ms < high for low, high in BETWEEN_PERCENT * self._cycle_ms)
        return burst.from_ms - self._to_ms < GAP_MS or not between
