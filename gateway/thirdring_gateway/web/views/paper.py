"""Pages made for paper: the morning brief of a day (R32) and the daily log of a desk (R31)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from thirdring_gateway import reports
from thirdring_gateway.accounts.roles import Ability
from thirdring_gateway.branch import store
from thirdring_gateway.domain.figures import Rate
from thirdring_gateway.domain.hours import local_date
from thirdring_gateway.domain.settings import BranchSettings
from thirdring_gateway.web import numbers, rows, words
from thirdring_gateway.web.asked import Asked, asked
from thirdring_gateway.web.cards import card
from thirdring_gateway.web.gate import needs
from thirdring_gateway.web.period import CUSTOM, Period
from thirdring_gateway.web.selections import CALLS, VISITS
from thirdring_gateway.web.series import counted

BRIEF_KEYS = (
    "timely_answer", "reach", "answer_time", "hold_over_limit", "vip_over_limit", "satisfaction", "coverage"
)  # fmt: skip
PRAISED = ("timely_answer", "reach", "caller_hung_up_first")
PRAISE_FROM = 5
"""Fewer calls than this are no achievement yet."""
NOTABLE_ROWS = 8
LOOK_BACK_DAYS = 14


class Praise(NamedTuple):
    """Something that some desks did right in all of their calls: what, and each desk with its number of calls."""

    what: str
    desks: list[tuple[str, int]]


@needs(Ability.NUMBERS, shows_people=True)
def brief(request: HttpRequest) -> HttpResponse:
    """Show the morning brief: praise first, then the numbers of the day, then the calls to talk about."""
    question = of_day(request)
    material, before = question.with_before()
    titles = store.titles()
    query = question.query
    notable = {
        row.call: row for name in ("late", "missed", "held-over") for row in rows.call_rows(material, CALLS[name])
    }
    context = {
        "asked": question,
        "praise": praise(material, titles),
        "cards": [
            card(kpi, material.figures[kpi.key], before.figures[kpi.key], material.settings, query)
            for kpi in numbers.SHOWN
            if kpi.key in BRIEF_KEYS
        ],
        "notable": sorted(notable.values(), key=lambda row: row.start_ms)[:NOTABLE_ROWS],
        "more": max(0, len(notable) - NOTABLE_ROWS),
        "visits": list(rows.visit_rows(material, VISITS["over"], 0, NOTABLE_ROWS)),
        "titles": titles,
        "here_tab": "brief",
    }
    return render(request, "web/brief.html", context | signed(question))


@needs(Ability.NUMBERS, shows_people=True)
def log(request: HttpRequest) -> HttpResponse:
    """Show the daily log of one desk, ready to be signed."""
    question = of_day(request)
    titles = store.titles()
    choices = question.desk_choices(titles)
    if not choices:
        raise Http404
    desk = question.desks[0] if question.desks else choices[0][0]
    question = replace(question, desks=(desk,))
    material = question.material()
    context = {
        "asked": question,
        "all_desks": choices,
        "desk": titles.get(desk, desk),
        "calls": list(rows.call_rows(material, CALLS["all"]))[::-1],
        "visits": list(rows.visit_rows(material, VISITS["all"]))[::-1],
        "cards": [
            card(kpi, material.figures[kpi.key], None, material.settings, question.query)
            for kpi in numbers.SHOWN
            if kpi.key in BRIEF_KEYS
        ],
        "titles": titles,
        "here_tab": "log",
    }
    return render(request, "web/log.html", context | signed(question))


def of_day(request: HttpRequest) -> Asked:
    """Return what an address asks for, about one day: the last open one before today when it names none."""
    question = asked(request)
    branch, trouble = question.branch, ""
    today = local_date(numbers.now_ms(), branch.hours.zone)
    day = last_open_day(branch, today)
    if request.GET.get("day"):
        try:
            day = date.fromisoformat(request.GET["day"])
        except ValueError:
            trouble = _("A date looks like 2026-11-02.")
    return replace(question, period=Period(CUSTOM, day, day, branch.hours.zone), trouble=trouble)


def last_open_day(branch: BranchSettings, today: date) -> date:
    """Return the last day before today on which the branch was open, yesterday when it was closed for long."""
    days = (today - timedelta(days=back) for back in range(1, LOOK_BACK_DAYS))
    return next((day for day in days if branch.hours.of_day(day)), today - timedelta(days=1))


def praise(material: numbers.Material, titles: dict[str, str]) -> list[Praise]:
    """Return what some desks did right in all of their calls, the desks with most calls first."""
    found = []
    for kpi in numbers.SHOWN:
        if kpi.key in PRAISED:
            desks = sorted(flawless(kpi.key, material), key=lambda each: (-each[1], each[0]))
            found.append(Praise(words.about(kpi).title, [(titles.get(unit, unit), n) for unit, n in desks]))
    return [each for each in found if each.desks]


def flawless(key: str, material: numbers.Material) -> Iterator[tuple[str, int]]:
    """Yield the desks all of whose calls count in the rate `key`, with the number of calls."""
    for unit, scope in material.desks.items():
        k, n = (int(flags.sum()) for flags in counted(key, scope))
        if k == n >= PRAISE_FROM:
            yield unit, n


def signed(question: Asked) -> dict[str, Any]:
    """Return what is printed under every report: definitions, coverage, and a digest of the data."""
    units = [unit for unit, _title in question.desk_choices({}) if not question.desks or unit in question.desks]
    period = question.period
    made: Any = reports.make(question.branch, period.from_ms, period.to_ms, numbers.now_ms(), units)
    coverage = Rate(made["kpis"]["coverage"]["k"], made["kpis"]["coverage"]["n"])
    return {
        "version": made["definitions"],
        "digest": made["digest"],
        "coverage": coverage,
        "zone": period.zone,
        "hold_limit_ms": question.branch.hold_limit_ms,
        "timely_rings": question.branch.timely_rings,
    }
