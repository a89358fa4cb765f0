"""The form of a call's record: quick to fill in with the keyboard; the time, the desk and the rings are sensed."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise as Text
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thirdring_gateway.accounts.models import Person
from thirdring_gateway.accounts.roles import Ability
from thirdring_gateway.domain.hours import EPOCH, MILLISECOND, local, zone_of
from thirdring_gateway.entered.models import LINE_LENGTH, TEXT_LENGTH, CallRecord, Matter

KEPT = ("matter", "name", "contact", "business", "problem", "handling", "result", "resolved", "marks", "owner")
CUSTOMER = ("name", "contact")
OUTCOMES: list[tuple[str, Text]] = [
    ("yes", gettext_lazy("Resolved")),
    ("no", gettext_lazy("Not resolved")),
    ("", gettext_lazy("Not recorded")),
]
SAID = {True: "yes", False: "no", None: ""}
HEARD = {said: resolved for resolved, said in SAID.items()}


class MomentField(forms.CharField):
    """A moment as the branch's wall clock shows it, to the minute; its value is epoch milliseconds, None when empty."""

    def __init__(self, *, zone: str, **kwargs: Any) -> None:
        attributes = {"type": "datetime-local", "step": "60"}
        super().__init__(required=False, widget=forms.TextInput(attrs=attributes), **kwargs)
        self.zone = zone

    def prepare_value(self, value: Any) -> Any:
        """Return a moment as a browser wants it."""
        return local(value, self.zone).strftime("%Y-%m-%dT%H:%M") if isinstance(value, int) else value

    def to_python(self, value: Any) -> Any:
        """Return the moment."""
        text = super().to_python(value)
        try:
            wall = datetime.fromisoformat(text).replace(tzinfo=zone_of(self.zone)) if text else None
        except ValueError:
            raise forms.ValidationError(_("A time looks like 2026-11-02T09:30.")) from None
        return None if wall is None else (wall - EPOCH) // MILLISECOND


class RecordForm(forms.Form):
    """What staff add to a sensed call, and what they promised (R20 to R23)."""

    matter = forms.ChoiceField(
        label=gettext_lazy("Class"), choices=Matter.choices, widget=forms.RadioSelect, required=False
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=LINE_LENGTH, required=False)
    contact = forms.CharField(label=gettext_lazy("Contact"), max_length=LINE_LENGTH, required=False)
    business = forms.CharField(label=gettext_lazy("Customer and business type"), max_length=LINE_LENGTH, required=False)
    problem = forms.CharField(
        label=gettext_lazy("Problem"),
        max_length=TEXT_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    handling = forms.CharField(
        label=gettext_lazy("Handling"),
        max_length=TEXT_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    result = forms.CharField(
        label=gettext_lazy("Result"), max_length=TEXT_LENGTH, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    marks = forms.CharField(label=gettext_lazy("Marks"), max_length=LINE_LENGTH, required=False)
    resolved = forms.ChoiceField(
        label=gettext_lazy("Outcome"), choices=OUTCOMES, widget=forms.RadioSelect, required=False
    )
    owner = forms.ModelChoiceField(
        label=gettext_lazy("Who sees to it (complaint)"), queryset=Person.objects.none(), required=False
    )
    promised_what = forms.CharField(
        label=gettext_lazy("A reply was promised about"), max_length=LINE_LENGTH, required=False
    )

    def __init__(self, data: QueryDict | None, record: CallRecord | None, desk: str, zone: str) -> None:
        initial = {name: getattr(record, name) for name in (*KEPT, "due_ms")} if record else {}
        initial["resolved"] = SAID[record.resolved if record else None]
        super().__init__(data, initial=initial, prefix="record")
        owner = self.fields["owner"]
        if isinstance(owner, forms.ModelChoiceField):
            owner.queryset = Person.objects.filter(pk__in=[person.pk for person in owners(desk)])
        self.fields["due_ms"] = MomentField(label=_("To be settled by (complaint)"), zone=zone)
        self.fields["promised_ms"] = MomentField(label=_("and by"), zone=zone)
        self.order_fields([*KEPT, "due_ms", "promised_what", "promised_ms"])

    def clean(self) -> dict[str, Any]:
        """Demand of a complaint who sees to it until when (R23), and of a promise its time."""
        given = super().clean() or {}
        if given.get("matter") == Matter.COMPLAINT:
            for field in ("owner", "due_ms"):
                if not given.get(field) and field not in self.errors:
                    self.add_error(field, _("A complaint needs somebody who sees to it, and a time."))
        if given.get("promised_what") and not given.get("promised_ms") and "promised_ms" not in self.errors:
            self.add_error("promised_ms", _("By when was the reply promised?"))
        return given

    def values(self) -> dict[str, Any]:
        """Return what is stored of the record."""
        given = {name: self.cleaned_data[name] for name in (*KEPT, "due_ms")}
        return given | {"resolved": HEARD[given["resolved"]]}


def owners(desk: str) -> list[Person]:
    """Return the people who may see to a complaint at a desk."""
    people = Person.objects.filter(is_active=True).order_by("name")
    return [person for person in people if person.can(Ability.ENTER) and person.sight.includes(desk)]
