"""One call, from its first ring to its end."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from thirdring_gateway.accounts.models import Person
from thirdring_gateway.accounts.roles import Ability
from thirdring_gateway.branch import store
from thirdring_gateway.web import numbers, reading
from thirdring_gateway.web.gate import needs
from thirdring_gateway.web.one_call import told_of
from thirdring_gateway.web.reading import OneCall


@needs(Ability.NUMBERS, shows_people=True)
def call(request: HttpRequest, unit: str, boot: int, number: int) -> HttpResponse:
    """Show one call from its first ring to its end, and why the unit says so."""
    branch = numbers.settings()
    found = call_for(request, unit, boot, number)
    shown = told_of(branch, found.call, found.facts)
    titles = store.titles()
    return render(
        request,
        "web/call.html",
        {"shown": shown, "title": titles.get(unit, unit), "zone": branch.hours.zone, "limit": branch.timely_rings},
    )


def call_for(request: HttpRequest, unit: str, boot: int, number: int) -> OneCall:
    """Return a call for the person who asks; one at another's desk is as missing as one that never was."""
    person = request.user
    allowed = isinstance(person, Person) and person.sight.includes(unit)
    found = reading.one_call(numbers.settings().branch, unit, boot, number) if allowed else None
    if found is None:
        raise Http404
    return found
