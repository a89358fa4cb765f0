"""The lists behind the numbers: calls, VIP visits, ratings and the rest, as pages and as files."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from thirdring_gateway.accounts.roles import Ability
from thirdring_gateway.branch import store
from thirdring_gateway.web.asked import Asked, asked
from thirdring_gateway.web.downloads import FORMATS, download
from thirdring_gateway.web.gate import needs
from thirdring_gateway.web.kinds import Kind
from thirdring_gateway.web.paging import PAGE_ROWS, paged


def view_of(kind: Kind) -> Callable[[HttpRequest], HttpResponseBase]:
    """Return the view of a kind of list."""

    @needs(Ability.NUMBERS, shows_people=True)
    def view(request: HttpRequest) -> HttpResponseBase:
        """Answer with a page or a file of the selection that the address names."""
        question = asked(request)
        which = request.GET.get("which", "")
        which = which if which in kind.selections else kind.usual
        file_format = request.GET.get("format", "")
        if file_format in FORMATS:
            found = kind.found(question).rows(which)
            file_name = f"{kind.name}-{which}-{question.period.first}-{question.period.last}"
            return download(file_format, file_name, kind.titles, found)
        return render(request, kind.template, page_of(question, kind, which, request.GET.get("page", "")))

    return view


def page_of(question: Asked, kind: Kind, which: str, page: str) -> dict[str, Any]:
    """Return what a list's page shows."""
    found = kind.found(question)
    counts = found.counts()
    window = paged(page, counts[which])
    titles = store.titles()
    return window._asdict() | {
        "asked": question,
        "kind": kind,
        "which": which,
        "title": kind.selections[which].title,
        "selections": [
            (key, each.title, counts[key]) for key, each in kind.selections.items() if counts[key] or key == which
        ],
        "count": counts[which],
        "rows": list(found.rows(which, window.first, PAGE_ROWS)),
        "query": f"{urlencode({'which': which})}&{question.query}",
        "titles": titles,
        "all_desks": question.desk_choices(titles),
        "zone": question.period.zone,
        "hold_limit_ms": question.branch.hold_limit_ms,
        "timely_rings": question.branch.timely_rings,
    }
