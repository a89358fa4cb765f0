"""Roles: what each kind of person may do, as one table, and which desks they may see (R26)."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person is in the branch."""

    MANAGER = "manager", _("Manager")
    SUPERVISOR = "supervisor", _("Supervisor of some desks")
    FACILITIES = "facilities", _("Facilities")
    DESK = "desk", _("Desk staff")
    AUDITOR = "auditor", _("Auditor (read only)")


class Ability(StrEnum):
    """What a page asks of the person who opens it."""

    LIVE = "live"  # the state of the desks and their units
    NUMBERS = "numbers"  # indicators and calls
    ENTER = "enter records"  # who called about what, and what was promised
    CUSTOMERS = "customers"  # their names and contacts
    READ_SETTINGS = "read settings"
    CHANGE_SETTINGS = "change settings"
    CHANGE_DESKS = "change desks"
    READ_RECORDS = "read records"  # people, who saw what, who changed what
    CHANGE_PEOPLE = "change people"


ABILITIES: dict[Role, frozenset[Ability]] = {
    Role.MANAGER: frozenset(Ability),
    Role.SUPERVISOR: frozenset({Ability.LIVE, Ability.NUMBERS, Ability.ENTER, Ability.CUSTOMERS}),
    Role.FACILITIES: frozenset({Ability.LIVE, Ability.READ_SETTINGS, Ability.CHANGE_DESKS}),
    Role.DESK: frozenset({Ability.LIVE, Ability.NUMBERS, Ability.ENTER, Ability.CUSTOMERS}),
    Role.AUDITOR: frozenset({Ability.LIVE, Ability.NUMBERS, Ability.READ_SETTINGS, Ability.READ_RECORDS}),
}
WHOLE_BRANCH = frozenset({Role.MANAGER, Role.FACILITIES, Role.AUDITOR})


@dataclass(frozen=True, slots=True)
class Sight:
    """The desks a person may see: `desks` is None for the whole branch."""

    desks: frozenset[str] | None

    def includes(self, desk: str) -> bool:
        """Tell whether `desk` may be seen."""
        return self.desks is None or desk in self.desks

    def narrowed(self, desks: Collection[str]) -> "Sight":
        """Return the sight of those of `desks` that may be seen; all of this sight when `desks` is empty."""
        if not desks:
            return self
        return Sight(frozenset(desk for desk in desks if self.includes(desk)))


def sight_of(role: str, desks: Collection[str]) -> Sight:
    """Return what a person of `role`, to whom `desks` are given, may see."""
    return Sight(None if role in WHOLE_BRANCH else frozenset(desks))
