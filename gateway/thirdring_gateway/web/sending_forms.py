"""The forms of scheduled reports and of the mail server: what a manager types, and what is stored."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thirdring_gateway.branch.hours import HoursError, parse_time, written_time
from thirdring_gateway.sending.plan import Plan
from thirdring_gateway.sending.store import NO_TLS, PLANS, SERVER, STARTTLS, TLS, Server
from thirdring_gateway.web.files.formats import FORMATS
from thirdring_gateway.web.frame import OWN_NAMES
from thirdring_gateway.web.period import KINDS

MOST_RECIPIENTS, TEXT_LENGTH = 50, 4000
USUAL = Plan("day", 0)
SECURITIES: tuple[tuple[str, Promise], ...] = (
    (STARTTLS, gettext_lazy("STARTTLS (usually port 587)")),
    (TLS, gettext_lazy("TLS (usually port 465)")),
    (NO_TLS, gettext_lazy("None (only without a password)")),
)


class Group(NamedTuple):
    """The fields of one kind of report."""

    kind: str
    title: str
    fields: list[forms.BoundField]


class PlansForm(forms.Form):
    """Which reports are made by themselves, when, in which formats and languages, and for whom."""

    def __init__(self, data: QueryDict | None, plans: Mapping[str, Plan], now_ms: int) -> None:
        self.plans, self.now_ms = plans, now_ms
        super().__init__(data)
        for kind in KINDS:
            plan = plans.get(kind, USUAL)
            self.fields |= {
                f"{kind}_on": forms.BooleanField(label=_("Make this report"), required=False, initial=kind in plans),
                f"{kind}_at": forms.CharField(
                    label=_("At what time, on the day after"),
                    initial=written_time(plan.minute),
                    max_length=5,
                    widget=forms.TimeInput(attrs={"type": "time"}),
                ),
                f"{kind}_formats": forms.MultipleChoiceField(
                    label=_("Files"),
                    required=False,
                    choices=[(form, form.upper()) for form in FORMATS],
                    initial=plan.formats,
                    widget=forms.CheckboxSelectMultiple,
                ),
                f"{kind}_languages": forms.MultipleChoiceField(
                    label=_("Languages"),
                    required=False,
                    choices=[(code, OWN_NAMES[code]) for code, _title in settings.LANGUAGES],
                    initial=plan.languages,
                    widget=forms.CheckboxSelectMultiple,
                ),
                f"{kind}_to": forms.CharField(
                    label=_("Mail addresses, one a line"),
                    required=False,
                    max_length=TEXT_LENGTH,
                    initial="\n".join(plan.recipients),
                    widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
                    help_text=_("Without any, the files are only put into the folder."),
                ),
            }

    def groups(self) -> list[Group]:
        """Return the fields by the kind of report."""
        fields = {kind: [field for field in self if field.name.startswith(f"{kind}_")] for kind in KINDS}
        return [Group(kind, str(title), fields[kind]) for kind, title in KINDS.items()]

    def clean(self) -> dict[str, Any]:
        """Understand times and addresses, or say what was not understood."""
        given = super().clean() or {}
        for kind in KINDS:
            try:
                given[f"{kind}_at"] = parse_time(str(given.get(f"{kind}_at", "")))
            except HoursError as error:
                self.add_error(f"{kind}_at", _("Not understood: %(what)s") % {"what": error.what})
            self.understand_addresses(given, f"{kind}_to")
            for name in (f"{kind}_formats", f"{kind}_languages"):
                if given.get(f"{kind}_on") and not given.get(name):
                    self.add_error(name, _("Choose at least one."))
        return given

    def understand_addresses(self, given: dict[str, Any], name: str) -> None:
        """Put a list of addresses in place of the text that was typed."""
        addresses = list(dict.fromkeys(str(given.get(name, "")).replace(",", " ").replace(";", " ").split()))
        for address in addresses:
            try:
                validate_email(address)
            except ValidationError:
                self.add_error(name, _("Not understood: %(what)s") % {"what": address})
        if len(addresses) > MOST_RECIPIENTS:
            self.add_error(name, _("At most %(n)d addresses.") % {"n": MOST_RECIPIENTS})
        given[name] = addresses

    def values(self) -> dict[str, Any]:
        """Return what is stored; a plan that goes on keeps the moment from which it counts."""
        given = self.cleaned_data
        stored = {}
        for kind in KINDS:
            if given[f"{kind}_on"]:
                known = self.plans.get(kind)
                since_ms = min(known.since_ms, self.now_ms) if known else self.now_ms
                names = ("formats", "languages")
                chosen = {name: given[f"{kind}_{name}"] for name in names}
                plan = Plan(kind, since_ms, given[f"{kind}_at"], recipients=given[f"{kind}_to"], **chosen)
                stored[kind] = plan.as_dict()
        return {PLANS: stored}


class ServerForm(forms.Form):
    """The mail server; its password is taken and never shown."""

    host = forms.CharField(
        label=gettext_lazy("Mail server"),
        required=False,
        max_length=255,
        help_text=gettext_lazy("Such as smtp.example.com. Empty: nothing is mailed."),
    )
    port = forms.IntegerField(label=gettext_lazy("Port"), min_value=1, max_value=65_535)
    security = forms.ChoiceField(label=gettext_lazy("Encryption"), choices=SECURITIES)
    sender = forms.EmailField(label=gettext_lazy("Sender's address"), required=False)
    user = forms.CharField(label=gettext_lazy("User name"), required=False, max_length=255)
    password = forms.CharField(
        label=gettext_lazy("Password"),
        required=False,
        max_length=255,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, data: QueryDict | None, server: Server, *, has_password: bool) -> None:
        self.server, self.has_password = server, has_password
        super().__init__(data, initial=server.as_dict())
        if has_password:
            self.fields["password"].help_text = _("One is kept. Leave this empty to keep it.")

    def clean(self) -> dict[str, Any]:
        """Keep a password from going where it was not meant for, or without encryption."""
        given = super().clean() or {}
        if given.get("host") and not given.get("sender"):
            self.add_error("sender", _("Mail needs a sender."))
        has_password = bool(given.get("password")) or self.has_password
        if given.get("user") and has_password and given.get("security") == NO_TLS:
            self.add_error("security", _("A password is never sent without encryption. Choose STARTTLS or TLS."))
        for name in ("user", "password"):
            if not str(given.get(name, "")).isascii():
                self.add_error(name, _("Mail servers take only letters, digits and signs of an English keyboard."))
        before = self.server.as_dict()
        moved = any(given.get(name) != before[name] for name in ("host", "port", "security", "user"))
        if given.get("user") and self.has_password and moved and not given.get("password"):
            self.add_error("password", _("Enter the password again: it is only sent to the server it was entered for."))
        return given

    def values(self) -> dict[str, Any]:
        """Return what is stored in the database: everything but the password."""
        return {SERVER: Server(**{name: self.cleaned_data[name] for name in Server().as_dict()}).as_dict()}

    def new_password(self) -> str | None:
        """Return the password to keep from now on, None when the one that is kept stays."""
        if not self.cleaned_data["user"]:
            return ""
        return self.cleaned_data["password"] or None


class TrialForm(forms.Form):
    """Where a test mail goes."""

    to = forms.EmailField(label=gettext_lazy("Send a test mail to"))
