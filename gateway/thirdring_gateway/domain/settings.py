"""What a manager may set for a branch: limits, hours, VIP tiers, targets; with the rules' own numbers as defaults."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from thirdring_gateway.domain.hours import OpeningHours


@dataclass(frozen=True, slots=True)
class Tier:
    """The waiting limit of a VIP tier for those who come at or after `since_ms` (R16)."""

    tier: int
    limit_ms: int
    since_ms: int = 0


SHIPPED_TIERS = (Tier(1, 600_000), Tier(2, 300_000))
"""A default and not a standard: no document fixes the limits."""


@dataclass(frozen=True, slots=True)
class BranchSettings:
    """All settings of a branch that its numbers depend on."""

    branch: str = "branch"
    hours: OpeningHours = field(default_factory=OpeningHours)
    timely_rings: int = 3
    hold_limit_ms: int = 60_000
    short_ms: int = 5_000
    tiers: tuple[Tier, ...] = SHIPPED_TIERS
    near_percent: int = 80
    satisfied_score: int = 4
    rating_pause_ms: int = 5_000
    coverage_percent: int = 90
    targets_percent: Mapping[str, int] = field(default_factory=dict)

    def vip_limit_ms(self, tier: int | None, arrived_ms: int) -> int | None:
        """Return the limit that was in force for `tier` when the customer came; None for a tier that nobody set."""
        known = [entry for entry in self.tiers if entry.tier == tier and entry.since_ms <= arrived_ms]
        return max(known, key=lambda entry: entry.since_ms).limit_ms if known else None
