"""What people enter at the gateway beside the facts: promised replies, outcomes, and who called."""

from collections.abc import Iterable
from dataclasses import dataclass

DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Callback:
    """A promised reply (R21): when it was first promised for, and when it was done."""

    key: str
    due_ms: int
    done_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether the problem of a call was resolved (R20): what is entered stands in place of the desk's button."""

    boot: int
    number: int
    start_ms: int
    resolved: bool


@dataclass(frozen=True, slots=True)
class Contact:
    """Who a call was with (R22): any name or number that is the same for the same customer."""

    unit: str
    boot: int
    number: int
    start_ms: int
    who: str


def revoked(contacts: Iterable[Contact], repeat_days: int) -> dict[str, set[tuple[int, int]]]:
    """Return the calls, by unit, whose customer called again within `repeat_days`: they were not resolved (R20).

    Give the contacts of all desks of the branch, also those of `repeat_days` after the period.
    """
    calls: dict[str, set[tuple[int, int]]] = {}
    latest: dict[str, Contact] = {}
    for contact in sorted(contacts, key=lambda each: (each.start_ms, each.unit, each.boot, each.number)):
        before = latest.get(contact.who)
        if before is not None and contact.start_ms - before.start_ms <= repeat_days * DAY_MS:
            calls.setdefault(before.unit, set()).add((before.boot, before.number))
        latest[contact.who] = contact
    return calls
