"""The addresses of the API as Django serves them."""

from collections.abc import Callable, Mapping
from functools import wraps
from http import HTTPStatus

import msgspec
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from thirdring_gateway.web import bearer
from thirdring_gateway.web.api import BASE
from thirdring_gateway.web.api.endpoints import ENDPOINTS, Endpoint
from thirdring_gateway.web.api.openapi import description
from thirdring_gateway.web.api.questions import AskedWronglyError, check
from thirdring_gateway.web.gate import needs
from thirdring_gateway.web.views.live import stream

JSON = "application/json; charset=utf-8"


def reads_only(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Refuse whatever is no question."""

    @wraps(view)
    def answer(request: HttpRequest, **in_path: str | int) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD"):
            return bearer.refusal(HTTPStatus.METHOD_NOT_ALLOWED, _("The API only reads: ask with GET."))
        return view(request, **in_path)

    return answer


def view_of(endpoint: Endpoint) -> Callable[..., HttpResponseBase]:
    """Return the view of an address."""

    @reads_only
    @needs(**endpoint.needs._asdict())
    def view(request: HttpRequest, /, **in_path: str | int) -> HttpResponseBase:
        """Answer, or say what was wrong with the question."""
        try:
            check(request, endpoint.parameters)
            return answer(request, endpoint, in_path)
        except AskedWronglyError as error:
            return bearer.refusal(HTTPStatus.BAD_REQUEST, str(error))

    return view


def answer(request: HttpRequest, endpoint: Endpoint, in_path: Mapping[str, str | int]) -> HttpResponseBase:
    """Answer a question that the address allows."""
    if endpoint.is_stream and endpoint.needs.ability:
        return stream(request, endpoint.needs.ability, lambda person: encoded(endpoint.make(person)).decode())
    return HttpResponse(encoded(endpoint.make(request, **in_path)), content_type=JSON)


def encoded(made: object) -> bytes:
    """Return an answer as JSON; a report is JSON already."""
    return made if isinstance(made, bytes) else msgspec.json.encode(made)


@reads_only
@needs(for_programs=True)
def described(_request: HttpRequest) -> HttpResponse:
    """Answer with the description of the API."""
    return HttpResponse(encoded(description()), content_type=JSON)


def patterns() -> list[URLPattern]:
    """Return the addresses of the API for the table of all addresses."""
    return [
        path(f"{BASE}openapi.json", described, name="api-openapi"),
        *(path(BASE + endpoint.path, view_of(endpoint), name=f"api-{endpoint.name}") for endpoint in ENDPOINTS),
    ]
