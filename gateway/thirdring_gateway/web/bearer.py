"""The way in for programs: `Authorization: Bearer <token>`, as often as is fair.

What a program asks is answered to the token's person. A browser's session is not looked at when a token is shown.
"""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from thirdring_gateway.accounts import tokens
from thirdring_gateway.accounts.rates import Allowance
from thirdring_gateway.web.asking import address_of, now_ms

SCHEME = "Bearer "
MS_PER_S = 1000
ASKED = Allowance(most=60, every_ms=500)
"""Of each token: a minute's worth at once, and two a second for ever."""
FAILED = Allowance(most=20, every_ms=15_000)
"""Of each address with a token that is none. A token cannot be guessed: this only keeps a mistake from costing much."""


def is_shown(request: HttpRequest) -> bool:
    """Tell whether the request shows any token."""
    return "Authorization" in request.headers


def shown(request: HttpRequest) -> str:
    """Return the token that the request shows, empty when it shows something else."""
    given = request.headers.get("Authorization", "")
    return given[len(SCHEME) :].strip() if given.startswith(SCHEME) else ""


def enter(request: HttpRequest) -> HttpResponse | None:
    """Let the token's person in; return the refusal of a token that is none or that asks too often."""
    address, now = address_of(request), now_ms()
    if pause_ms := FAILED.wait_ms(address, now):
        return too_often(pause_ms)
    token = tokens.find(shown(request), now)
    if token is None:
        FAILED.take(address, now)
        return demand()
    if pause_ms := ASKED.take(token.digest, now):
        return too_often(pause_ms)
    request.user = token.person
    request.token_name = token.name  # type: ignore[attr-defined] # for the record of who saw what
    return None


def goes_on(request: HttpRequest) -> bool:
    """Tell whether the token is still good."""
    return tokens.find(shown(request), now_ms()) is not None


def named(request: HttpRequest) -> str:
    """Return how the record tells which token was used, empty for a browser."""
    name = getattr(request, "token_name", "")
    return f" [{name}]" if name else ""


def demand() -> HttpResponse:
    """Ask for a token."""
    text = _("Send a valid token: Authorization: Bearer thirdring_… You make one on your own page.")
    return refusal(HTTPStatus.UNAUTHORIZED, text, {"WWW-Authenticate": 'Bearer realm="Thirdring"'})


def too_often(pause_ms: int) -> HttpResponse:
    """Ask to wait."""
    seconds = -(-pause_ms // MS_PER_S)
    text = _("Asked too often. Try again in %(seconds)d seconds.") % {"seconds": seconds}
    return refusal(HTTPStatus.TOO_MANY_REQUESTS, text, {"Retry-After": str(seconds)})


def refusal(status: int, text: str, headers: dict[str, str] | None = None) -> HttpResponse:
    """Answer a program that something is not to be had, and why."""
    return JsonResponse({"error": text}, status=status, headers=headers, json_dumps_params={"ensure_ascii": False})
