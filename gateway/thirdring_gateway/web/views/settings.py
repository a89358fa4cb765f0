"""Settings of the branch: hours, limits, desks. Every change is recorded with who, when and the old value."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from thirdring_gateway.accounts.models import Person
from thirdring_gateway.accounts.records import note_change
from thirdring_gateway.accounts.roles import Ability
from thirdring_gateway.branch import store
from thirdring_gateway.web import numbers, reading
from thirdring_gateway.web.asking import now_ms
from thirdring_gateway.web.gate import needs
from thirdring_gateway.web.setting_forms import HoursForm, LimitsForm

TITLE_LENGTH = 64
TABS: tuple[tuple[str, Promise, Ability], ...] = (
    ("settings", _("Opening hours"), Ability.READ_SETTINGS),
    ("limits", _("Limits and targets"), Ability.READ_SETTINGS),
    ("desks", _("Desks"), Ability.READ_SETTINGS),
    ("plans", _("Scheduled reports"), Ability.CHANGE_SETTINGS),
    ("mail", _("Mail server"), Ability.CHANGE_SETTINGS),
    ("people", _("People"), Ability.READ_RECORDS),
    ("changes", _("Changes"), Ability.READ_RECORDS),
    ("seen", _("Who saw what"), Ability.READ_RECORDS),
)


@needs(Ability.READ_SETTINGS)
def hours(request: HttpRequest) -> HttpResponse:
    """Show or change the opening hours."""
    form = HoursForm(request.POST or None, branch=numbers.settings())
    return answer(request, form, "settings", _("Opening hours"))


@needs(Ability.READ_SETTINGS)
def limits(request: HttpRequest) -> HttpResponse:
    """Show or change limits, tiers and targets."""
    form = LimitsForm(request.POST or None, branch=numbers.settings(), now_ms=numbers.now_ms())
    return answer(request, form, "limits", _("Limits and targets"))


def answer(request: HttpRequest, form: HoursForm | LimitsForm, here: str, title: Promise) -> HttpResponse:
    """Show a form; store what is valid, if the person may change it."""
    may_change = may(request, Ability.CHANGE_SETTINGS)
    if request.method == "POST":
        if not may_change:
            raise PermissionDenied
        if form.is_valid():
            keep(request, form.values())
            return HttpResponseRedirect(f"{request.path}?saved=1")
    if not may_change:
        for field in form.fields.values():
            field.disabled = True
    return render(
        request, "web/settings.html", tabs(request, here) | {"form": form, "may_change": may_change, "title": title}
    )


@transaction.atomic
def keep(request: HttpRequest, values: dict[str, Any]) -> None:
    """Store and record every value that changed."""
    before = store.values_of(numbers.settings())
    for key, value in values.items():
        if value != before[key] and isinstance(request.user, Person):
            store.save(key, value)
            note_change(request.user, key, before[key], value, now_ms())


@needs(Ability.READ_SETTINGS)
def desks(request: HttpRequest) -> HttpResponse:
    """Show the units and what people call their desks, or change that."""
    branch, may_change = numbers.settings(), may(request, Ability.CHANGE_DESKS)
    units = reading.units(branch.branch)
    if request.method == "POST":
        if not may_change or not isinstance(request.user, Person):
            raise PermissionDenied
        for unit in units:
            title = request.POST.get(f"title-{unit}", "").strip()[:TITLE_LENGTH]
            note_change(request.user, f"desk {unit}", store.name_desk(unit, title), title, now_ms())
        return HttpResponseRedirect(f"{request.path}?saved=1")
    titles, heard = store.titles(), reading.last_signs(branch.branch, units)
    rows = [(unit, titles.get(unit, ""), heard.get(unit)) for unit in units]
    context = {"rows": rows, "may_change": may_change, "zone": branch.hours.zone, "length": TITLE_LENGTH}
    return render(request, "web/desks.html", tabs(request, "desks") | context)


def may(request: HttpRequest, ability: Ability) -> bool:
    """Tell whether the person who asks has the ability."""
    return isinstance(request.user, Person) and request.user.can(ability)


def tabs(request: HttpRequest, here: str) -> dict[str, Any]:
    """Return what every page of the settings shows: its neighbours, and whether something was just saved."""
    open_to = [(name, title) for name, title, ability in TABS if may(request, ability)]
    return {"tabs": open_to, "here_tab": here, "saved": "saved" in request.GET}
