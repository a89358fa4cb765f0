"""What is shown instead of a page: not allowed, not found, gone wrong."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from thirdring_gateway.web.api import BASE
from thirdring_gateway.web.bearer import refusal


def message(request: HttpRequest, status: int, title: Promise, text: Promise) -> HttpResponse:
    """Answer with a page that says what happened and what to do; a program is only told."""
    if request.path.startswith(f"/{BASE}"):
        return refusal(status, f"{title}. {text}")
    return render(request, "web/message.html", {"title": title, "text": text}, status=status)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 -- Django's name
    """Say that the person's role does not allow the page."""
    text = _("Your role does not open this page. A manager can change it.")
    return message(request, 403, _("Not for your role"), text)


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 -- Django's name
    """Say that there is no such page."""
    return message(request, 404, _("Nothing here"), _("There is no such page, or not for your desks."))


def broken(request: HttpRequest) -> HttpResponse:
    """Say that the program is at fault."""
    text = _("The gateway could not make this page. Facts are still recorded. The reason is in the gateway's log.")
    return message(request, 500, _("Something went wrong"), text)


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 -- Django passes it by this name
    """Say that a form was too old or came from elsewhere."""
    text = _("This form was open for too long, or the browser keeps no cookies. Go back, load the page again, retry.")
    return message(request, 403, _("Please try again"), text)
