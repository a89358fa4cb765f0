"""What people entered, as the domain takes it into the numbers."""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace

import thirdring_gateway.ledger.tables  # noqa: F401 -- sets Django up, before any model is imported
from thirdring_gateway.domain.entered import DAY_MS, Callback, Contact, Outcome, revoked
from thirdring_gateway.domain.report import DeskData
from thirdring_gateway.domain.settings import BranchSettings
from thirdring_gateway.entered.models import CallRecord, Promise

FEWEST_DIGITS = 5
NOT_DIGITS = re.compile(r"\D")


def compared(contact: str) -> str:
    """Return a contact as it is compared: a telephone number by its digits, anything else without case and space."""
    digits = NOT_DIGITS.sub("", contact)
    has_letters = any(each.isalpha() for each in contact)
    return digits if len(digits) >= FEWEST_DIGITS and not has_letters else "".join(contact.split()).casefold()


def with_entered(
    desks: Mapping[str, DeskData], settings: BranchSettings, from_ms: int, to_ms: int
) -> dict[str, DeskData]:
    """Return what is known of the desks for a period together with what people entered for it."""
    told, promised = outcomes(desks, from_ms, to_ms), callbacks(desks, from_ms, to_ms)
    again = revoked(contacts(from_ms, to_ms, settings.repeat_days), settings.repeat_days)
    return {
        unit: replace(desk, outcomes=told[unit], callbacks=promised[unit], revoked=again.get(unit, ()))
        for unit, desk in desks.items()
    }


def outcomes(units: Collection[str], from_ms: int, to_ms: int) -> dict[str, list[Outcome]]:
    """Return the outcomes that were entered for calls of the period."""
    records = CallRecord.objects.filter(unit__in=list(units), start_ms__gte=from_ms, start_ms__lt=to_ms)
    found: dict[str, list[Outcome]] = defaultdict(list)
    known = records.filter(resolved__isnull=False).order_by("start_ms", "pk")
    for unit, boot, number, start_ms, resolved in known.values_list("unit", "boot", "number", "start_ms", "resolved"):
        found[unit].append(Outcome(boot, number, start_ms, bool(resolved)))
    return found


def callbacks(units: Collection[str], from_ms: int, to_ms: int) -> dict[str, list[Callback]]:
    """Return the promises that are due in the period."""
    promises = Promise.objects.filter(unit__in=list(units), due_ms__gte=from_ms, due_ms__lt=to_ms)
    found: dict[str, list[Callback]] = defaultdict(list)
    for pk, unit, due_ms, done_ms in promises.values_list("pk", "unit", "due_ms", "done_ms"):
        found[unit].append(Callback(str(pk), due_ms, done_ms))
    return found


def contacts(from_ms: int, to_ms: int, repeat_days: int) -> list[Contact]:
    """Return who called, at any desk of the branch, in the period and in the days after it that may revoke it."""
    records = CallRecord.objects.exclude(who="").filter(
        start_ms__gte=from_ms, start_ms__lt=to_ms + repeat_days * DAY_MS
    )
    return [Contact(*row) for row in records.values_list("unit", "boot", "number", "start_ms", "who")]
