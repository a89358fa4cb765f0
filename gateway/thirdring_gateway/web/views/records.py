"""What people enter: the record of a call, a reply that was kept, and the form for paper."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from thirdring_gateway.accounts.models import Person
from thirdring_gateway.accounts.records import note_change
from thirdring_gateway.accounts.roles import Ability
from thirdring_gateway.branch import store as branch_store
from thirdring_gateway.domain.calls import Call
from thirdring_gateway.entered.models import CallRecord, Promise
from thirdring_gateway.entered.store import compared
from thirdring_gateway.web import numbers
from thirdring_gateway.web.api.questions import person_of
from thirdring_gateway.web.asking import now_ms
from thirdring_gateway.web.entered_lists import state_of
from thirdring_gateway.web.finding import call_for, record_of
from thirdring_gateway.web.gate import needs
from thirdring_gateway.web.one_call import told_of
from thirdring_gateway.web.record_form import RecordForm


@needs(Ability.NUMBERS, shows_people=True)
def call(request: HttpRequest, unit: str, boot: int, number: int) -> HttpResponse:
    """Show one call from its first ring to its end, why the unit says so, and its record; or keep the record."""
    branch, person = numbers.settings(), person_of(request)
    found = call_for(request, unit, boot, number)
    record, may_enter = record_of(found.call), person.can(Ability.ENTER)
    form = RecordForm(request.POST or None, record, unit, branch.hours.zone)
    if request.method == "POST":
        if not may_enter:
            raise PermissionDenied
        if form.is_valid():
            keep(person, found.call, form)
            return HttpResponseRedirect(f"{request.path}?saved=1#record")
    titles = branch_store.titles()
    context = {
        "shown": told_of(branch, found.call, found.facts),
        "title": titles.get(unit, unit),
        "zone": branch.hours.zone,
        "limit": branch.timely_rings,
        "form": form if may_enter else None,
        "record": record,
        "sees_customers": person.can(Ability.CUSTOMERS),
        "promises": [(promise, state_of(promise, numbers.now_ms())) for promise in promises_of(found.call)],
        "saved": "saved" in request.GET,
    }
    return render(request, "web/call.html", context)


def promises_of(call: Call) -> list[Promise]:
    """Return what was promised in a call."""
    return list(Promise.objects.filter(unit=call.unit, boot=call.boot, number=call.number).order_by("due_ms"))


@transaction.atomic
def keep(person: Person, call: Call, form: RecordForm) -> None:
    """Store the record and the promise, and note which parts were changed: not who called."""
    of_call = {"unit": call.unit, "boot": call.boot, "number": call.number}
    record = record_of(call) or CallRecord(**of_call, start_ms=call.start_ms or now_ms())
    values = form.values()
    changed = [name for name, value in values.items() if value != getattr(record, name)]
    if changed:
        for name, value in values.items():
            setattr(record, name, value)
        record.who, record.by, record.changed_ms = compared(record.contact), person, now_ms()
        record.save()
        note_change(person, f"record {call.key}", None, {"changed": changed}, now_ms())
    if due_ms := form.cleaned_data["promised_ms"]:
        what = form.cleaned_data["promised_what"]
        Promise.objects.create(**of_call, what=what, due_ms=due_ms, by=person, made_ms=numbers.now_ms())
        note_change(person, f"promise {call.key}", None, {"due_ms": due_ms}, now_ms())


@needs(Ability.ENTER)
@require_POST
def done(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that a promised reply was given, now."""
    person = person_of(request)
    with transaction.atomic():
        promise = Promise.objects.select_for_update().filter(pk=pk).first()
        if promise is None or not person.sight.includes(promise.unit):
            raise Http404
        if promise.done_ms is None:
            promise.done_ms, promise.done_by = numbers.now_ms(), person
            promise.save()
            note_change(person, f"promise {promise.call}", None, {"done_ms": promise.done_ms}, now_ms())
    return HttpResponseRedirect(f"/callbacks?which={request.POST.get('which', 'overdue')}")


@needs(Ability.NUMBERS)
def blank_form(request: HttpRequest) -> HttpResponse:
    """Show the empty form for paper (R24)."""
    return render(request, "web/record_form.html", {})


@needs(Ability.NUMBERS, shows_people=True)
def filled_form(request: HttpRequest, unit: str, boot: int, number: int) -> HttpResponse:
    """Show the form for paper with all that is known of a call (R24)."""
    branch, person = numbers.settings(), person_of(request)
    found = call_for(request, unit, boot, number)
    context: dict[str, Any] = {
        "shown": told_of(branch, found.call, found.facts),
        "record": record_of(found.call),
        "promises": promises_of(found.call),
        "desk": branch_store.titles().get(unit, unit),
        "zone": branch.hours.zone,
        "sees_customers": person.can(Ability.CUSTOMERS),
    }
    return render(request, "web/record_form.html", context)
