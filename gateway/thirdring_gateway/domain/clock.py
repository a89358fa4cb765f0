"""The gateway is the clock: from a unit's milliseconds since boot to the time of day.

Every beat shows a unit's `up_ms` beside the gateway's time on arrival. Their difference, the *offset*, is the boot's
true offset plus the message's delay, and a delay is never negative: the smallest offset is the best one. One sample is
kept for every ten minutes of `up_ms`, so a boot of months stays small and its crystal's drift is followed.

Three things can be wrong, and each has its remedy:

- *Delay*: a crystal is better than 200 ppm, so no offset can be above another one by more than 200 ppm of the time
  between them. What is above is delay and is cut off.
- *The gateway's clock is stepped* (a Pi without a battery starts in the past until it hears from NTP): samples that
  agree within a minute and the drift form a *party*, and only the biggest party is believed; a party that a unit's own
  NTP time belongs to wins over any other. What happened during the step is dated by the rest of the boot.
- *No contact*: a unit's own time is taken, and without one there is no time at all: `epoch_ms` says None.
"""

from bisect import bisect
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

BUCKET_MS = 600_000
WORST_DRIFT_PPM = 200
STEP_MS = 60_000
"""Offsets that differ by more than this, beyond the drift, cannot both be true."""
CHOICES = (("replay",), ("ntp", "beat"), ("rtc",))
"""Sources from the best to the worst; the next choice counts only when a boot has nothing of the one before."""
SOURCES = frozenset(source for choice in CHOICES for source in choice)
NOT_THE_GATEWAY = "ntp"
PARTIES_MAX = 16
"""A unit that tells a new time with every beat is not worth more work than this."""


class Sample(NamedTuple):
    """A boot's `up_ms` beside a time of day, and who told it: `beat`, `ntp`, `rtc` or `replay`."""

    boot: int
    up_ms: int
    epoch_ms: int
    source: str

    @property
    def offset_ms(self) -> int:
        """The time of day at which the boot would have begun."""
        return self.epoch_ms - self.up_ms

    @property
    def bucket(self) -> tuple[int, int, str]:
        """Which samples it competes with: `(boot, ten minutes, source)`."""
        return self.boot, self.up_ms // BUCKET_MS, self.source


def better(one: Sample, other: Sample) -> Sample:
    """Return the better of two samples of one bucket: the smaller delay, and the earlier one of two equals."""
    return min(one, other, key=lambda sample: (sample.offset_ms, sample.up_ms))


def thin(samples: Iterable[Sample]) -> list[Sample]:
    """Return the best sample of every bucket, in order; samples of unknown sources are left out.

    Thinning what was thinned before, together with what came later and in any order, gives the same samples as
    thinning everything at once: this is what a ledger keeps.
    """
    best: dict[tuple[int, int, str], Sample] = {}
    for sample in samples:
        if sample.source in SOURCES:
            best[sample.bucket] = better(best.get(sample.bucket, sample), sample)
    return [best[bucket] for bucket in sorted(best)]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The time of day over one boot: anchors `(up_ms, offset_ms)` in order, with straight lines between them."""

    anchors: tuple[tuple[int, int], ...] = ()

    def epoch_ms(self, up_ms: int) -> int | None:
        """Return the time of day at `up_ms`, None when this boot never knew it."""
        if not self.anchors:
            return None
        after = bisect(self.anchors, up_ms, key=lambda anchor: anchor[0])
        if after in (0, len(self.anchors)):
            return up_ms + self.anchors[after and after - 1][1]
        (up_1, offset_1), (up_2, offset_2) = self.anchors[after - 1 : after + 1]
        return up_ms + offset_1 + (offset_2 - offset_1) * (up_ms - up_1) // (up_2 - up_1)

    def differs_from(self, other: "Timeline") -> int | None:
        """Return the `up_ms` from which on the two may tell different times, None when they never do.

        A ledger projects again only what happened since then: mostly the last twenty minutes.
        """
        if self.anchors == other.anchors:
            return None
        same = 0
        for mine, theirs in zip(self.anchors, other.anchors, strict=False):
            if mine != theirs:
                break
            same += 1
        return self.anchors[same - 1][0] if same else 0


NO_TIME = Timeline()


def timelines(samples: Iterable[Sample]) -> dict[int, Timeline]:
    """Return the timeline of every boot of one unit, whatever the order of its samples."""
    boots: dict[int, list[Sample]] = {}
    for sample in thin(samples):
        boots.setdefault(sample.boot, []).append(sample)
    return {boot: timeline(of_boot) for boot, of_boot in boots.items()}


def timeline(samples: Iterable[Sample]) -> Timeline:
    """Return the timeline of the one boot that all `samples` are of; see the module for how."""
    kept = thin(samples)
    for choice in CHOICES:
        believed = biggest_party(sample for sample in kept if sample.source in choice)
        if believed:
            return Timeline(without_delay(believed))
    return NO_TIME


def biggest_party(samples: Iterable[Sample]) -> list[Sample]:
    """Return the most samples that agree about the time: one with the unit's own NTP time, or else the biggest."""
    parties: list[list[Sample]] = []
    for sample in sorted(samples, key=lambda each: (each.up_ms, each.offset_ms, each.source)):
        home = next((party for party in parties if agree(party[-1], sample)), None)
        if home is None:
            parties.append(home := [])
        home.append(sample)
        if len(parties) > PARTIES_MAX:
            parties.remove(min(parties, key=weight))
    return max(parties, key=weight, default=[])


def weight(party: list[Sample]) -> tuple[bool, int, int]:
    """Return how much a party is believed: its own NTP time, its size, and the latest when all else is equal."""
    return any(sample.source == NOT_THE_GATEWAY for sample in party), len(party), party[-1].up_ms


def agree(one: Sample, other: Sample) -> bool:
    """Tell whether two samples of a boot can both be true, but for the drift and an ordinary delay."""
    return abs(one.offset_ms - other.offset_ms) <= STEP_MS + drift_ms(one.up_ms, other.up_ms)


def without_delay(samples: Iterable[Sample]) -> tuple[tuple[int, int], ...]:
    """Return the anchors of samples in order, each offset lowered to what drift alone allows beside its neighbours."""
    anchors: dict[int, int] = {}
    for sample in samples:
        anchors[sample.up_ms] = min(sample.offset_ms, anchors.get(sample.up_ms, sample.offset_ms))
    points = sorted(anchors)
    for steps in (pairwise(points), pairwise(reversed(points))):
        for known, here in steps:
            anchors[here] = min(anchors[here], anchors[known] + drift_ms(known, here))
    return tuple(sorted(anchors.items()))


def drift_ms(up_1: int, up_2: int) -> int:
    """Return how far the worst crystal may go wrong between two moments."""
    return abs(up_1 - up_2) * WORST_DRIFT_PPM // 1_000_000
