"""Questions to the API: checked, and refused by name."""

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from thirdring_gateway.accounts.models import Person
from thirdring_gateway.web import numbers, reading
from thirdring_gateway.web.api.parameters import Parameter
from thirdring_gateway.web.asked import Asked, asked


class AskedWronglyError(ValueError):
    """A question that cannot be answered; its text is for whoever wrote the program."""


def check(request: HttpRequest, parameters: tuple[Parameter, ...]) -> None:
    """Raise AskedWronglyError for a parameter that there is not, or that is given twice, or has no such value."""
    known = {parameter.name: parameter for parameter in parameters}
    for name, values in request.GET.lists():
        if name not in known:
            text = _("There is no parameter “%(name)s” here; there are: %(known)s.")
            raise AskedWronglyError(text % {"name": name, "known": ", ".join(known) or "–"})
        if len(values) > 1 and not known[name].is_many:
            raise AskedWronglyError(_("The parameter “%(name)s” was given twice.") % {"name": name})
        choices = known[name].values.get("enum")
        if isinstance(choices, list) and values[0] not in choices:
            text = _("The parameter “%(name)s” is one of: %(known)s.")
            raise AskedWronglyError(text % {"name": name, "known": ", ".join(choices)})


def question_of(request: HttpRequest, otherwise: str = "week") -> Asked:
    """Return the period and the desks that are asked for.

    Raises AskedWronglyError for a period that is none, and Http404 for a desk that is not there or not for this person.
    """
    question = asked(request, otherwise)
    if question.trouble:
        raise AskedWronglyError(question.trouble)
    units = set(reading.units(question.branch.branch))
    for desk in request.GET.getlist("desk"):
        if desk not in units or not person_of(request).sight.includes(desk):
            raise Http404
    return question


def page_of(request: HttpRequest) -> str:
    """Return the page that is asked for; raises AskedWronglyError for what is no number."""
    page = request.GET.get("page", "1")
    if not (page.isascii() and page.isdigit() and int(page[:9])):
        raise AskedWronglyError(_("The parameter “page” is a whole number from 1."))
    return page


def person_of(request: HttpRequest) -> Person:
    """Return who asks: the gate has let nobody else through."""
    person = request.user
    if not isinstance(person, Person):
        raise TypeError(f"{request.path} was opened by nobody")
    return person


def units_of(request: HttpRequest) -> list[str]:
    """Return the units of the desks that the person may see."""
    sight = person_of(request).sight
    return [unit for unit in reading.units(numbers.settings().branch) if sight.includes(unit)]
