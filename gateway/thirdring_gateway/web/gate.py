"""The gate in front of every page: who may open it, and what the browser is told to refuse.

A page says what it needs with `@public` or `@needs(...)`. A page that says nothing is never shown, so that a forgotten
decorator is seen at once and cannot open a door. What programs read (`for_programs`) is opened by a token as well.
"""

from collections.abc import Callable
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar
from urllib.parse import urlencode

from django.contrib.auth import logout
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation

from thirdring_gateway.accounts.models import Person
from thirdring_gateway.accounts.records import note_seen
from thirdring_gateway.accounts.roles import Ability
from thirdring_gateway.web import bearer
from thirdring_gateway.web.asking import address_of, now_ms

IDLE_MS = 2 * 3_600_000
NOTED_EVERY_MS = 300_000
USED_MS = "used_ms"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
A_YEAR = "max-age=31536000"
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

P = ParamSpec("P")
Request = TypeVar("Request", bound=HttpRequest)
View = Callable[Concatenate[Request, P], HttpResponseBase]


class Needs(NamedTuple):
    """What a page needs: an ability (None: only that somebody signed in), and whether it shows data about people."""

    ability: Ability | None = None
    shows_people: bool = False
    for_programs: bool = False


def public(view: View[Request, P]) -> View[Request, P]:
    """Let anybody open the page."""
    view.needs = None  # type: ignore[attr-defined] # functions carry their own marks
    return view


def needs(
    ability: Ability | None = None, *, shows_people: bool = False, for_programs: bool = False
) -> Callable[[View[Request, P]], View[Request, P]]:
    """Let only people with `ability` open the page (None: everybody who signed in); note it if it `shows_people`."""

    def mark(view: View[Request, P]) -> View[Request, P]:
        view.needs = Needs(ability, shows_people, for_programs)  # type: ignore[attr-defined] # their own marks
        return view

    return mark


def keep_secure(response: HttpResponseBase) -> None:
    """Tell the browser to come by HTTPS alone from now on, and to send no cookie any other way.

    It goes by the request, so that a proxy on this machine with a certificate of its own needs no setting.
    """
    response.headers["Strict-Transport-Security"] = A_YEAR
    for cookie in response.cookies.values():
        cookie["secure"] = True


def headers(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: send the secure headers with every answer, and keep what is private out of caches."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "no-store")
        if request.is_secure():
            keep_secure(response)
        return response

    return answer


class Gate:
    """Middleware: let a person through to a page, or to the sign-in page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the person's language."""
        language = getattr(request.user, "language", "")
        if language:
            translation.activate(language)
            request.LANGUAGE_CODE = language
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_: Any) -> HttpResponseBase | None:
        """Refuse, send to the sign-in page, or let through."""
        if not hasattr(view, "needs"):
            raise ImproperlyConfigured(f"{request.path} does not say who may open it: add @public or @needs")
        if view.needs is None:
            return None
        asks: Needs = view.needs
        if asks.for_programs and bearer.is_shown(request):
            if refused := bearer.enter(request):
                return refused
        elif not signed_in(request):
            return bearer.demand() if asks.for_programs else to_sign_in(request)
        person = request.user
        if not isinstance(person, Person) or (asks.ability and not person.can(asks.ability)):
            raise PermissionDenied
        if asks.shows_people:
            note_seen(person, request.get_full_path() + bearer.named(request), address_of(request), now_ms())
        return None


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Lead to the sign-in page, and from there back."""
    return HttpResponseRedirect(f"{reverse('sign-in')}?{urlencode({'next': request.get_full_path()})}")


def signed_in(request: HttpRequest) -> bool:
    """Tell whether somebody is signed in, and end a session that nobody used for a while."""
    if not request.user.is_authenticated:
        return False
    now, used = now_ms(), request.session.get(USED_MS, 0)
    if now - used > IDLE_MS:
        logout(request)
        return False
    if now - used > NOTED_EVERY_MS:
        request.session[USED_MS] = now
    return True


def goes_on(request: HttpRequest) -> bool:
    """Tell whether the token or the session of an answer that is still being sent goes on: a stream counts as use.

    Somebody may have signed out meanwhile, in another window; what is remembered of the session here is old then.
    """
    if bearer.is_shown(request):
        return bearer.goes_on(request)
    if not request.session.exists(request.session.session_key or "") or not signed_in(request):
        return False
    if request.session.modified:
        request.session.save()
        request.session.modified = False
    return True
