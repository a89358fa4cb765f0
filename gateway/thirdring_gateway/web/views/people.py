"""People: who may sign in, as what, for which desks; the records of changes and of who saw what."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thirdring_gateway.accounts.invitations import invite
from thirdring_gateway.accounts.models import Person
from thirdring_gateway.accounts.records import note_change
from thirdring_gateway.accounts.roles import Ability, Role
from thirdring_gateway.branch import store
from thirdring_gateway.web import numbers, reading
from thirdring_gateway.web.asking import now_ms
from thirdring_gateway.web.downloads import FORMATS, download
from thirdring_gateway.web.gate import needs
from thirdring_gateway.web.paging import PAGE_ROWS, paged
from thirdring_gateway.web.records import CHANGES, SEEN, Record
from thirdring_gateway.web.setting_forms import SETTING_TITLES
from thirdring_gateway.web.views.settings import may, tabs

FIELDS = ("name", "login", "role", "desks", "is_active")


if TYPE_CHECKING:
    FormOfPerson = forms.ModelForm[Person]
else:
    FormOfPerson = forms.ModelForm


class PersonForm(FormOfPerson):
    """A person's name, role and desks."""

    desks = forms.MultipleChoiceField(
        label=gettext_lazy("Desks"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("For supervisors and desk staff; the other roles see the whole branch."),
    )

    class Meta:
        """Which columns are asked for."""

        model = Person
        fields = FIELDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titles = store.titles()
        units = {*reading.units(numbers.settings().branch), *self.instance.desks}
        field = self.fields["desks"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [(unit, titles.get(unit, unit)) for unit in sorted(units)]

    def clean(self) -> dict[str, Any]:
        """Keep at least one manager who may sign in."""
        given = super().clean() or {}
        stays = given.get("role") == Role.MANAGER and given.get("is_active")
        others = Person.objects.filter(role=Role.MANAGER, is_active=True).exclude(pk=self.instance.pk)
        was = self.instance.pk and Person.objects.get(pk=self.instance.pk).role == Role.MANAGER
        if was and not stays and not others.exists():
            raise forms.ValidationError(_("The branch needs a manager who may sign in. Make somebody else one first."))
        return given


@needs(Ability.READ_RECORDS)
def people(request: HttpRequest) -> HttpResponse:
    """Show everybody."""
    titles = store.titles()
    rows = [
        (person, ", ".join(titles.get(unit, unit) for unit in person.desks) if person.sight.desks is not None else None)
        for person in Person.objects.order_by("-is_active", "name")
    ]
    context = {"rows": rows, "may_change": may(request, Ability.CHANGE_PEOPLE)}
    return render(request, "web/people.html", tabs(request, "people") | context)


@needs(Ability.CHANGE_PEOPLE)
def person(request: HttpRequest, pk: int = 0) -> HttpResponse:
    """Show, add or change a person; a new one gets a one-time link."""
    known = get_object_or_404(Person, pk=pk) if pk else None
    before = facts_of(known) if known else None
    form = PersonForm(request.POST or None, instance=known)
    link = ""
    if request.method == "POST" and form.is_valid():
        saved = keep(request, form, before)
        if pk:
            return HttpResponseRedirect("/settings/people?saved=1")
        known, link = saved, request.build_absolute_uri(invite(saved, now_ms()))
    context = {"form": form, "known": known, "link": link}
    return render(request, "web/person.html", tabs(request, "people") | context)


@needs(Ability.CHANGE_PEOPLE)
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a new one-time link for a person, who can then choose a new password."""
    known = get_object_or_404(Person, pk=pk, is_active=True)
    if request.method != "POST":
        return HttpResponseRedirect(f"/settings/people/{pk}")
    made = request.build_absolute_uri(invite(known, now_ms()))
    if isinstance(request.user, Person):
        note_change(request.user, f"person {known.login}", None, {"link": "new"}, now_ms())
    context = {"form": PersonForm(instance=known), "known": known, "link": made}
    return render(request, "web/person.html", tabs(request, "people") | context)


@transaction.atomic
def keep(request: HttpRequest, form: PersonForm, before: dict[str, Any] | None) -> Person:
    """Store a person, without a password when new, and record what changed."""
    saved = form.save(commit=False)
    if before is None:
        saved.set_unusable_password()
    saved.save()
    if isinstance(request.user, Person):
        note_change(request.user, f"person {saved.login}", before, facts_of(saved), now_ms())
    return saved


def facts_of(known: Person) -> dict[str, Any]:
    """Return what is recorded of a person."""
    return {name: getattr(known, name) for name in FIELDS}


# ---- records


@needs(Ability.READ_RECORDS)
def changes(request: HttpRequest) -> HttpResponseBase:
    """Show who changed which setting."""
    return record(request, CHANGES)


@needs(Ability.READ_RECORDS)
def seen(request: HttpRequest) -> HttpResponseBase:
    """Show who saw which data about people."""
    return record(request, SEEN)


def record(request: HttpRequest, kind: Record) -> HttpResponseBase:
    """Answer with a page of a record, or with all of it as a file."""
    zone = numbers.settings().hours.zone
    file_format = request.GET.get("format", "")
    if file_format in FORMATS:
        return download(file_format, kind.name, kind.titles, kind.rows(zone))
    count = kind.found().count()
    window = paged(request.GET.get("page", ""), count)
    shown = [in_words(kind, row) for row in kind.rows(zone, window.first, window.first + PAGE_ROWS)]
    context = window._asdict() | {"titles": kind.titles.values(), "rows": shown, "zone": zone, "count": count}
    return render(request, "web/record.html", tabs(request, kind.name) | context)


def in_words(kind: Record, row: Any) -> list[Any]:
    """Return the cells of one row as the page shows them: the time as a moment, and what was changed in words."""
    cells = {field: getattr(row, field) for field in kind.titles} | {"start": row.start_ms}
    cells["person"] = cells["person"] or _("at the gateway's own command line")
    if "what" in cells:
        cells["what"] = what_changed(cells["what"])
    return list(cells.values())


def what_changed(what: str) -> str:
    """Return in words what a recorded change is about."""
    if what in SETTING_TITLES:
        return str(SETTING_TITLES[what])
    kind, _space, name = what.partition(" ")
    titles = {
        "desk": _("Desk %(name)s"),
        "person": _("Person %(name)s"),
        "token": _("Token %(name)s"),
        "identity": _("Identity of %(name)s"),
        "record": _("Record of call %(name)s"),
        "promise": _("Promised reply of call %(name)s"),
    }
    return titles.get(kind, "%(name)s") % {"name": name if kind in titles else what}
