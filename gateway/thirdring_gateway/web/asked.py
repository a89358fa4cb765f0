"""What an address asks for: a period, some desks; read once, for every page alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest

from thirdring_gateway.accounts.models import Person
from thirdring_gateway.accounts.roles import Ability, Sight
from thirdring_gateway.domain.settings import BranchSettings
from thirdring_gateway.web import numbers, reading
from thirdring_gateway.web.period import NAMES, Period, PeriodError, period_of


@dataclass(frozen=True)
class Asked:
    """A period and desks, as far as the person may see them; `trouble` says what was wrong with the address.

    `sees_customers` tells whether the person may see who called, `may_enter` whether the person may note it.
    """

    branch: BranchSettings
    period: Period
    sight: Sight
    desks: tuple[str, ...]
    trouble: str
    sees_customers: bool = False
    may_enter: bool = False

    @property
    def query(self) -> str:
        """The same question as part of another address."""
        return "&".join([self.period.query, *(urlencode({"desk": desk}) for desk in self.desks)])

    @property
    def names(self) -> list[tuple[str, str, bool]]:
        """The periods to choose from: name, title, and whether it is chosen."""
        return [(name, str(title), name == self.period.name) for name, title in NAMES.items()]

    def desk_choices(self, titles: Mapping[str, str]) -> list[tuple[str, str]]:
        """Return the desks to choose from, by name: those that the person may see."""
        units = reading.units(self.branch.branch)
        return [(unit, titles.get(unit, unit)) for unit in units if self.sight.includes(unit)]

    def units(self) -> list[str]:
        """Return the units of the desks that are asked for and may be seen."""
        units = reading.units(self.branch.branch)
        return [unit for unit in units if self.sight.narrowed(self.desks).includes(unit)]

    def material(self) -> numbers.Material:
        """Return the numbers of the period."""
        return numbers.material(self.branch, self.period, self.sight, self.desks)

    def with_before(self) -> tuple[numbers.Material, numbers.Material]:
        """Return the numbers of the period and of the one before it."""
        return numbers.with_before(self.branch, self.period, self.sight, self.desks)


def asked(request: HttpRequest, otherwise: str = "week") -> Asked:
    """Return what the request asks for; what cannot be shown is replaced by the usual period, and said."""
    branch, trouble, now = numbers.settings(), "", numbers.now_ms()
    try:
        period = period_of(request.GET.dict(), now, branch.hours.zone, otherwise)
    except PeriodError as error:
        period, trouble = period_of({}, now, branch.hours.zone, otherwise), str(error)
    person = request.user
    sight = person.sight if isinstance(person, Person) else Sight(frozenset())
    desks = tuple(sorted({desk for desk in request.GET.getlist("desk") if desk and sight.includes(desk)}))
    if request.GET.getlist("desk") and not desks and any(request.GET.getlist("desk")):
        sight = Sight(frozenset())  # only desks of others were asked for: nothing, and not everything
    sees, enters = (isinstance(person, Person) and person.can(each) for each in (Ability.CUSTOMERS, Ability.ENTER))
    return Asked(branch, period, sight, desks, trouble, sees, enters)
