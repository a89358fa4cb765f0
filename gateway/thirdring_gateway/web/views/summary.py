"""The summary of any period: every indicator, its charts, its desks; and the definitions."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from thirdring_gateway.accounts.roles import Ability
from thirdring_gateway.branch import store
from thirdring_gateway.domain.kpis import KPIS, VERSION
from thirdring_gateway.web import words
from thirdring_gateway.web.asked import asked
from thirdring_gateway.web.files.formats import FORMATS
from thirdring_gateway.web.gate import needs
from thirdring_gateway.web.overview import cards, charts, desk_columns, desk_rows
from thirdring_gateway.web.selections import CALLS_BEHIND


@needs(Ability.NUMBERS, shows_people=True)
def summary(request: HttpRequest) -> HttpResponse:
    """Show the summary."""
    question = asked(request)
    material, before = question.with_before()
    chosen = request.GET.get("kpi", "")
    chosen = chosen if chosen in CALLS_BEHIND else "timely_answer"
    titles = store.titles()
    context = {
        "asked": question,
        "formats": FORMATS,
        "chosen": chosen,
        "choices": [(kpi.key, words.about(kpi).title) for kpi in KPIS if kpi.key in CALLS_BEHIND],
        "cards": cards(material, before, question.query),
        "charts": charts(chosen, material, titles),
        "desks": desk_rows(material, titles),
        "columns": desk_columns(),
        "all_desks": question.desk_choices(titles),
        "version": VERSION,
    }
    return render(request, "web/summary.html", context)


@needs()
def definitions(request: HttpRequest) -> HttpResponse:
    """Show what every indicator means, how it is computed and which rule it serves."""
    entries: list[dict[str, Any]] = [{"key": kpi.key, "rules": kpi.rules, "words": words.about(kpi)} for kpi in KPIS]
    return render(request, "web/help.html", {"entries": entries, "version": VERSION})
