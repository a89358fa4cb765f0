"""Pages made for paper, and their files: the report of a period, the morning brief (R32), the daily log (R31)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.conf import settings as django_settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _

from thirdring_gateway.accounts.roles import Ability
from thirdring_gateway.branch import store
from thirdring_gateway.domain.hours import local_date
from thirdring_gateway.domain.settings import BranchSettings
from thirdring_gateway.trouble import Trouble
from thirdring_gateway.web import numbers
from thirdring_gateway.web.asked import Asked, asked
from thirdring_gateway.web.files.formats import BRIEF, LOG, REPORT, Paper, file_name
from thirdring_gateway.web.files.report import PeriodReport, period_report
from thirdring_gateway.web.frame import OWN_NAMES
from thirdring_gateway.web.gate import needs
from thirdring_gateway.web.period import CUSTOM, KINDS, Period, around
from thirdring_gateway.web.views.sending import unsent
from thirdring_gateway.web.views.settings import may

LOOK_BACK_DAYS = 14
USUAL_KIND = "week"
CANNOT = 503


@needs(Ability.NUMBERS, shows_people=True)
def report(request: HttpRequest) -> HttpResponse:
    """Show the report of a day, a week, a month or any period, or send it as a file."""
    question, kind = of_kind(request)
    return answer(request, question, REPORT, {"kinds": KINDS, "kind": kind})


@needs(Ability.NUMBERS, shows_people=True)
def brief(request: HttpRequest) -> HttpResponse:
    """Show the morning brief, or send it as a file."""
    return answer(request, of_day(request), BRIEF, {})


@needs(Ability.NUMBERS, shows_people=True)
def log(request: HttpRequest) -> HttpResponse:
    """Show the daily log of one desk, or send it as a file."""
    question = of_day(request)
    choices = [unit for unit, _title in question.desk_choices({})]
    if not choices:
        raise Http404
    return answer(request, replace(question, desks=(question.desks or tuple(choices))[:1]), LOG, {})


def answer(request: HttpRequest, question: Asked, paper: Paper, choices: dict[str, Any]) -> HttpResponse:
    """Show a sheet on its page, or send it as a file in the language that was asked for."""
    form = request.GET.get("format", "")
    if form in paper.formats:
        return file(request, question, paper, form)
    sheet = paper.sheet(made(question))
    context = {
        "asked": question,
        "base": "web/paper.html",
        "here_tab": paper.name,
        "formats": paper.formats,
        "all_desks": question.desk_choices(store.titles()),
        "may_choose_all": paper is not LOG,
        "may_see_sent": may(request, Ability.READ_RECORDS),
        "unsent": unsent(),
        "languages_of_files": [(code, OWN_NAMES[code]) for code, _title in django_settings.LANGUAGES],
    }
    return render(request, sheet.template, sheet.context | context | choices)


def file(request: HttpRequest, question: Asked, paper: Paper, form: str) -> HttpResponse:
    """Send a sheet as a file; what this machine cannot write is said in words."""
    language = request.GET.get("language", "")
    if language not in dict(django_settings.LANGUAGES):
        language = translation.get_language() or django_settings.LANGUAGE_CODE
    with translation.override(language):
        found = made(question)
        try:
            body = paper.formats[form].write(found)
        except Trouble as trouble:
            context = {"title": _("This file cannot be made here"), "text": str(trouble)}
            return render(request, "web/message.html", context, status=CANNOT)
    headers = {"Content-Disposition": f'attachment; filename="{file_name(paper, found, language, form)}"'}
    return HttpResponse(body, content_type=paper.formats[form].content_type, headers=headers)


def made(question: Asked) -> PeriodReport:
    """Return the numbers for a sheet: those of the desks that were asked for and may be seen."""
    units = [unit for unit, _title in question.desk_choices({}) if not question.desks or unit in question.desks]
    return period_report(question.branch, question.period, tuple(units), numbers.now_ms())


def of_kind(request: HttpRequest) -> tuple[Asked, str]:
    """Return what an address asks for: a day, week or month around a date, or else any period.

    Without a date it is the last one that is over.
    """
    question = asked(request)
    if "period" in request.GET or "from" in request.GET:
        return question, CUSTOM
    kind = request.GET.get("kind", USUAL_KIND)
    kind = kind if kind in KINDS else USUAL_KIND
    zone = question.branch.hours.zone
    now = around(kind, local_date(numbers.now_ms(), zone), zone)
    day, trouble = chosen_day(request, around(kind, now.first - timedelta(days=1), zone).first)
    return replace(question, period=around(kind, day, zone), trouble=trouble), kind


def of_day(request: HttpRequest) -> Asked:
    """Return what an address asks for, about one day: the last open one before today when it names none."""
    question = asked(request)
    branch = question.branch
    usual = last_open_day(branch, local_date(numbers.now_ms(), branch.hours.zone))
    day, trouble = chosen_day(request, usual)
    return replace(question, period=Period(CUSTOM, day, day, branch.hours.zone), trouble=trouble)


def chosen_day(request: HttpRequest, usual: date) -> tuple[date, str]:
    """Return the day that an address names, or the usual one and what was wrong."""
    try:
        return (date.fromisoformat(request.GET["day"]) if request.GET.get("day") else usual), ""
    except ValueError:
        return usual, _("A date looks like 2026-11-02.")


def last_open_day(branch: BranchSettings, today: date) -> date:
    """Return the last day before today on which the branch was open, yesterday when it was closed for long."""
    days = (today - timedelta(days=back) for back in range(1, LOOK_BACK_DAYS))
    return next((day for day in days if branch.hours.of_day(day)), today - timedelta(days=1))
