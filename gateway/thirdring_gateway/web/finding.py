"""One call and what was entered of it, for whoever may see its desk."""

from django.http import Http404, HttpRequest

from thirdring_gateway.accounts.models import Person
from thirdring_gateway.domain.calls import Call
from thirdring_gateway.entered.models import CallRecord
from thirdring_gateway.web import numbers, reading
from thirdring_gateway.web.reading import OneCall


def call_for(request: HttpRequest, unit: str, boot: int, number: int) -> OneCall:
    """Return a call for the person who asks; one at another's desk is as missing as one that never was."""
    person = request.user
    allowed = isinstance(person, Person) and person.sight.includes(unit)
    found = reading.one_call(numbers.settings().branch, unit, boot, number) if allowed else None
    if found is None:
        raise Http404
    return found


def record_of(call: Call) -> CallRecord | None:
    """Return what was entered of a call."""
    of_call = CallRecord.objects.filter(unit=call.unit, boot=call.boot, number=call.number)
    return of_call.select_related("owner", "by").first()
