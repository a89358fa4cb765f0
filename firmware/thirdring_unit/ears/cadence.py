"""Whether bursts of one sound are a phone's rings: their lengths, their distances, and nothing beside them."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from .follow import Burst

SHORTEST_MS = 350  # of a ring, from its first to its last sound
GAP_MS = 1000  # bursts closer than this are one ring, as for the core
LENGTH_PERCENT, CYCLE_PERCENT, SLACK_MS = 10, 5, 60  # what an exchange's clock, echoes and frames are off
CUT_OFF_MS = 100  # a burst so close to where memory begins may have begun before it


class Cadence(NamedTuple):
    """A country's ringing: on, off, on, off, ... in milliseconds."""

    parts_ms: tuple[int, ...]

    @property
    def cycle_ms(self) -> int:
        """From ring to ring."""
        return sum(self.parts_ms)

    @property
    def on_ms(self) -> int:
        """From the first to the last sound of one ring."""
        return sum(self.parts_ms[:-1])

    def next_ring(self, apart_ms: int) -> bool:
        """Whether rings may begin so far apart."""
        return abs(apart_ms - self.cycle_ms) <= self.cycle_ms * CYCLE_PERCENT // 100 + SLACK_MS

    def within_ring(self, lasted_ms: int) -> bool:
        """Whether a ring may have lasted so long from its first sound; phones may stop before the exchange does."""
        return lasted_ms <= self.on_ms + _slack_ms(self.on_ms)


def rings_of(bursts: Sequence[Burst]) -> list[list[Burst]]:
    """Groups bursts into rings."""
    rings: list[list[Burst]] = []
    for burst in bursts:
        if rings and burst.from_ms - rings[-1][-1].to_ms < GAP_MS:
            rings[-1].append(burst)
        else:
            rings.append([burst])
    return rings


def lasted_ms(ring: Sequence[Burst]) -> int:
    """How long a ring sounded, with its inner pauses."""
    return ring[-1].to_ms - ring[0].from_ms


def rings_in(cadence: Cadence, bursts: Sequence[Burst], since_ms: int) -> list[list[Burst]]:
    """The rings that these bursts are if all of them keep the cadence, else none; the last may not be over.

    `since_ms` is as far as memory goes back.
    """
    rings = rings_of(bursts)
    if rings and rings[0][0].from_ms - since_ms < CUT_OFF_MS:
        rings = rings[1:]
    lengths_ms = [lasted_ms(ring) for ring in rings]
    apart = all(cadence.next_ring(later[0].from_ms - ring[0].from_ms) for ring, later in pairwise(rings))
    equal = all(abs(one - lengths_ms[0]) <= _slack_ms(lengths_ms[0]) for one in lengths_ms[:-1])
    last = all(one >= SHORTEST_MS for one in lengths_ms[:-1]) and all(
        cadence.within_ring(one) and one <= lengths_ms[0] + _slack_ms(lengths_ms[0]) for one in lengths_ms
    )
    return rings if apart and equal and last else []


def _slack_ms(length_ms: int) -> int:
    return length_ms * LENGTH_PERCENT // 100 + SLACK_MS
