"""Sign in, sign out, the one-time link, the language."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from thirdring_gateway.accounts import invitations, throttle
from thirdring_gateway.accounts.models import LOGIN_LENGTH, Person, login_characters
from thirdring_gateway.accounts.records import note_change
from thirdring_gateway.accounts.roles import Role
from thirdring_gateway.web.asking import address_of, now_ms
from thirdring_gateway.web.gate import USED_MS, needs, public

PASSWORD_LENGTH = 128


class SignInForm(forms.Form):
    """Name and password."""

    login = forms.CharField(
        label=_("Sign-in name"),
        max_length=LOGIN_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True, "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=PASSWORD_LENGTH,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class PasswordForm(forms.Form):
    """A new password, twice."""

    password = forms.CharField(
        label=_("New password"),
        max_length=PASSWORD_LENGTH,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("New password again"),
        max_length=PASSWORD_LENGTH,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.fields["password"].help_text = " ".join(password_validators_help_texts())

    def clean(self) -> dict[str, Any]:
        """Check that both are the same and hard to guess."""
        given = super().clean() or {}
        password = given.get("password", "")
        if given.get("again") != password:
            self.add_error("again", _("The two passwords differ."))
        elif password:
            try:
                validate_password(password, self.person)
            except ValidationError as error:
                self.add_error("password", error)
        return given


class FirstManagerForm(PasswordForm):
    """The first manager: a name, a sign-in name and a password."""

    name = forms.CharField(
        label=_("Your name"), max_length=LOGIN_LENGTH, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    login = forms.CharField(
        label=_("Sign-in name"),
        max_length=LOGIN_LENGTH,
        validators=[login_characters],
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    field_order = ("name", "login", "password", "again")

    def clean(self) -> dict[str, Any]:
        """Let the password be compared with the names."""
        self.person.name = self.cleaned_data.get("name", "")
        self.person.login = self.cleaned_data.get("login", "")
        if Person.objects.filter(login__iexact=self.person.login).exists():
            self.add_error("login", _("Somebody already signs in with this name."))
        return super().clean()


@public
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the sign-in page, or sign a person in."""
    target = request.POST.get("next", request.GET.get("next", "/"))
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    form = SignInForm(request.POST or None)
    status = HTTPStatus.OK
    if request.method == "POST" and form.is_valid():
        status = enter(request, form)
        if status is HTTPStatus.OK:
            return HttpResponseRedirect(target)
    return render(request, "web/sign_in.html", {"form": form, "next": target}, status=status)


def enter(request: HttpRequest, form: SignInForm) -> HTTPStatus:
    """Sign in with a valid form and return OK, or put the reason why not into it and return a status."""
    given, address, now = form.cleaned_data, address_of(request), now_ms()
    pause = throttle.wait_ms(given["login"], address, now)
    if pause:
        seconds = -(-pause // 1000)
        form.add_error(None, _("Too many failed tries. Try again in %(seconds)d seconds.") % {"seconds": seconds})
        return HTTPStatus.TOO_MANY_REQUESTS
    person = authenticate(request, username=given["login"], password=given["password"])
    if person is None:
        throttle.note_failure(given["login"], address, now)
        form.add_error(None, _("This name and password do not fit together."))
        return HTTPStatus.FORBIDDEN
    login(request, person)
    request.session[USED_MS] = now
    return HTTPStatus.OK


@needs()
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return HttpResponseRedirect("/sign-in")


@public
@sensitive_post_parameters("password", "again")
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """Let the bearer of a one-time link set a password; the first one becomes the manager."""
    invitation = invitations.find(token, now_ms())
    if invitation is None:
        return over(request)
    person = invitation.person or Person(role=Role.MANAGER)
    make = PasswordForm if invitation.person else FirstManagerForm
    form = make(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid() and settle(person, form.cleaned_data["password"], token):
        login(request, person)
        request.session[USED_MS] = now_ms()
        return HttpResponseRedirect("/")
    return render(request, "web/welcome.html", {"form": form, "invited": invitation.person})


def over(request: HttpRequest) -> HttpResponse:
    """Say that a one-time link does not work any more."""
    text = _("It was used before, is older than three days, or a newer one was made. Ask a manager for a new one.")
    return render(request, "web/message.html", {"title": _("This link has ended"), "text": text}, status=404)


@transaction.atomic
def settle(person: Person, password: str, token: str) -> bool:
    """Use the link up and store the password; return False when somebody else was faster."""
    invitation = invitations.find(token, now_ms())
    if invitation is None:
        return False
    invitation.delete()
    is_first = person.pk is None
    person.set_password(password)
    person.save()
    if is_first:
        note_change(person, f"person {person.login}", None, {"role": person.role}, now_ms())
    return True


@public
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the language for the person, or for the browser when nobody signed in."""
    code = request.POST.get("language", "")
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    if code in dict(settings.LANGUAGES):
        translation.activate(code)
        if isinstance(request.user, Person):
            request.user.language = code
            request.user.save(update_fields=["language"])
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, max_age=31_536_000, httponly=True, samesite="Lax")
    return response
