"""The calls and VIP visits behind the numbers, as a list, as a file, and one by one."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from thirdring_gateway.accounts.models import Person
from thirdring_gateway.accounts.roles import Ability
from thirdring_gateway.branch import store
from thirdring_gateway.web import numbers, reading, rows
from thirdring_gateway.web.asked import Asked, asked
from thirdring_gateway.web.downloads import FORMATS, download
from thirdring_gateway.web.gate import needs
from thirdring_gateway.web.numbers import Material
from thirdring_gateway.web.one_call import told_of
from thirdring_gateway.web.paging import PAGE_ROWS, paged
from thirdring_gateway.web.selections import CALLS, VISITS, Selection

CALL_TITLES = {
    "desk": _("Desk"),
    "start": _("Start"),
    "call": _("Call"),
    "verdict": _("Verdict"),
    "rings": _("Rings"),
    "wait_ms": _("Answer time (ms)"),
    "talk_ms": _("Talk (ms)"),
    "held_ms": _("Hold (ms)"),
    "longest_hold_ms": _("Longest hold (ms)"),
    "ended_by": _("Hung up first"),
}
VISIT_TITLES = {
    "desk": _("Desk"),
    "start": _("Start"),
    "visit": _("Visit"),
    "tier": _("Tier"),
    "state": _("State"),
    "wait_ms": _("Wait (ms)"),
    "limit_ms": _("Limit (ms)"),
}
Rows = Callable[[Material, Selection, int, int | None], Iterable[Sequence[Any]]]


class Kind(NamedTuple):
    """A kind of list: its selections, the columns of its files, and where its rows come from."""

    name: str
    selections: Mapping[str, Selection]
    titles: Mapping[str, Promise]
    rows: Rows


CALL_LIST = Kind("calls", CALLS, CALL_TITLES, rows.call_rows)
VISIT_LIST = Kind("visits", VISITS, VISIT_TITLES, rows.visit_rows)


@needs(Ability.NUMBERS, shows_people=True)
def calls(request: HttpRequest) -> HttpResponseBase:
    """Show the calls of a selection, or send them as a file."""
    return answer(request, CALL_LIST)


@needs(Ability.NUMBERS, shows_people=True)
def visits(request: HttpRequest) -> HttpResponseBase:
    """Show the VIP visits of a selection, or send them as a file."""
    return answer(request, VISIT_LIST)


def answer(request: HttpRequest, kind: Kind) -> HttpResponseBase:
    """Answer with a page or a file of the selection that the address names."""
    question = asked(request)
    which = request.GET.get("which", "all")
    which = which if which in kind.selections else "all"
    file_format = request.GET.get("format", "")
    if file_format in FORMATS:
        found = kind.rows(question.material(), kind.selections[which], 0, None)
        file_name = f"{kind.name}-{which}-{question.period.first}-{question.period.last}"
        return download(file_format, file_name, kind.titles, found, question.period.zone)
    return render(request, f"web/{kind.name}.html", page_of(question, kind, which, request.GET.get("page", "")))


def page_of(question: Asked, kind: Kind, which: str, page: str) -> dict[str, Any]:
    """Return what a list's page shows."""
    material = question.material()
    counts = rows.counts(material, kind.selections)
    window = paged(page, counts[which])
    titles = store.titles()
    return window._asdict() | {
        "asked": question,
        "which": which,
        "title": kind.selections[which].title,
        "selections": [
            (key, each.title, counts[key]) for key, each in kind.selections.items() if counts[key] or key == which
        ],
        "count": counts[which],
        "rows": list(kind.rows(material, kind.selections[which], window.first, PAGE_ROWS)),
        "query": f"{urlencode({'which': which})}&{question.query}",
        "titles": titles,
        "all_desks": question.desk_choices(titles),
        "zone": question.period.zone,
        "hold_limit_ms": question.branch.hold_limit_ms,
        "timely_rings": question.branch.timely_rings,
    }


@needs(Ability.NUMBERS, shows_people=True)
def call(request: HttpRequest, unit: str, boot: int, number: int) -> HttpResponse:
    """Show one call from its first ring to its end, and why the unit says so."""
    person = request.user
    if not isinstance(person, Person) or not person.sight.includes(unit):
        raise Http404
    branch = numbers.settings()
    found = reading.one_call(branch.branch, unit, boot, number)
    if found is None:
        raise Http404
    shown = told_of(branch, found.call, found.facts)
    titles = store.titles()
    return render(
        request,
        "web/call.html",
        {"shown": shown, "title": titles.get(unit, unit), "zone": branch.hours.zone, "limit": branch.timely_rings},
    )
