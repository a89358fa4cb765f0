"""What may happen at a desk in a day, in the terms in which people tell it; times are integer milliseconds."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Hold:
    """The caller is left waiting `for_ms`, from `after_ms` into the talk (None: spread evenly)."""

    for_ms: int
    how: Literal["key", "flash", "music", "silence"]
    after_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One call: its first ring, or the lifting of the handset, is at `at_ms`; `talk_ms` does not contain the holds.

    `transfer_ms`: at the end of the talk the agent flashes, the caller waits so long, and the call leaves the desk.
    """

    at_ms: int
    kind: Literal["answered", "missed", "dialled"]
    rings: int = 0
    after_ring_ms: int = 1_500
    greeting_ms: int = 1_000
    talk_ms: int = 0
    holds: tuple[Hold, ...] = ()
    transfer_ms: int | None = None
    hangup: Literal["caller", "agent"] = "caller"
    rating: int | None = None
    resolved: bool | None = None


@dataclass(frozen=True, slots=True)
class Vip:
    """A VIP checks in, and is served, leaves, or still waits at the end of the day (both are None)."""

    at_ms: int
    tier: int
    served_after_ms: int | None = None
    left_after_ms: int | None = None

    @property
    def gone_ms(self) -> int | None:
        """Moment at which the VIP waits no longer."""
        waited_ms = self.left_after_ms if self.served_after_ms is None else self.served_after_ms
        return None if waited_ms is None else self.at_ms + waited_ms


@dataclass(frozen=True, slots=True)
class Service:
    """An ordinary customer at the counter, from one press of the serve button to the next."""

    at_ms: int
    for_ms: int
    rating: int | None = None
    resolved: bool | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """One desk's day; its times count from `starts_ms`, which counts from midnight.

    `ears`: where the unit listens; `far_end`: what the exchange does to the line when the caller hangs up.
    """

    desk: str
    title: str = ""
    branch: str = "b12"
    country: str = "CN"
    starts_ms: int = 0
    ears: Literal["both", "line", "none"] = "both"
    far_end: Literal["tone", "open loop", "nothing"] = "tone"
    raw_ring: bool = False
    seed: int = 1
    calls: tuple[Call, ...] = ()
    vips: tuple[Vip, ...] = ()
    services: tuple[Service, ...] = ()
