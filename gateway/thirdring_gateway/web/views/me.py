"""Everybody's own page: who I am here, my tokens for programs; and the help for those who write these programs."""

from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from thirdring_gateway.accounts import tokens
from thirdring_gateway.accounts.models import LOGIN_LENGTH, Person, Token
from thirdring_gateway.accounts.records import note_change
from thirdring_gateway.branch import store
from thirdring_gateway.web import numbers
from thirdring_gateway.web.api.manual import manual
from thirdring_gateway.web.api.questions import person_of
from thirdring_gateway.web.asking import now_ms
from thirdring_gateway.web.gate import needs

DAYS = {30: gettext_lazy("30 days"), 90: gettext_lazy("90 days"), 365: gettext_lazy("One year")}


class TokenForm(forms.Form):
    """A token's name and how long it lasts."""

    name = forms.CharField(
        label=gettext_lazy("What it is for"),
        max_length=LOGIN_LENGTH,
        help_text=gettext_lazy("For example the name of the program that will use it."),
    )
    lasts = forms.TypedChoiceField(label=gettext_lazy("Lasts for"), choices=list(DAYS.items()), coerce=int, initial=90)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean(self) -> dict[str, Any]:
        """Keep the number of tokens within bounds, and their names apart."""
        given = super().clean() or {}
        mine = Token.objects.filter(person=self.person)
        if mine.count() >= tokens.MOST_PER_PERSON:
            raise forms.ValidationError(_("You have as many tokens as there may be. Revoke one first."))
        if mine.filter(name=given.get("name", "")).exists():
            self.add_error("name", _("You have a token of this name."))
        return given


@needs()
def me(request: HttpRequest) -> HttpResponse:
    """Show who I am here, and make a token: it is shown in this answer and never again."""
    person, secret = person_of(request), ""
    form = TokenForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        secret = make(person, form.cleaned_data["name"], form.cleaned_data["lasts"])
        form = TokenForm(person=person)
    titles, desks = store.titles(), person.sight.desks
    context = {
        "form": form,
        "secret": secret,
        "desks": None if desks is None else [titles.get(unit, unit) for unit in sorted(desks)],
        "tokens": Token.objects.filter(person=person).order_by("-pk"),
        "now_ms": now_ms(),
        "zone": numbers.settings().hours.zone,
    }
    return render(request, "web/me.html", context)


@transaction.atomic
def make(person: Person, name: str, days: int) -> str:
    """Make a token and record that."""
    secret = tokens.make(person, name, days, now_ms())
    note_change(person, f"token {name}", None, {"days": days}, now_ms())
    return secret


@needs()
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End a token of mine at once."""
    person = person_of(request)
    token = get_object_or_404(Token, pk=pk, person=person)
    with transaction.atomic():
        token.delete()
        note_change(person, f"token {token.name}", {"days": "…"}, None, now_ms())
    return HttpResponseRedirect("/me")


@needs()
def api_help(request: HttpRequest) -> HttpResponse:
    """Show the API's manual: its description, told for people."""
    context = {"entries": manual(), "here": request.build_absolute_uri("/").rstrip("/")}
    return render(request, "web/api.html", context)
