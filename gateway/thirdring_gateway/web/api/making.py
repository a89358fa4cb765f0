"""What makes the answers: the pages' own functions, told in the API's types."""

from collections.abc import Mapping
from typing import Any

import msgspec
from django.http import HttpRequest

from thirdring_gateway import reports
from thirdring_gateway.accounts.models import Person
from thirdring_gateway.branch import store
from thirdring_gateway.domain.facts import Fact
from thirdring_gateway.domain.kpis import KPIS, VERSION
from thirdring_gateway.domain.report import kpis_of
from thirdring_gateway.domain.scope import Scope
from thirdring_gateway.domain.settings import LIMITS
from thirdring_gateway.web import latest, numbers, one_call, present, reading, series, today
from thirdring_gateway.web.api import answers
from thirdring_gateway.web.api.questions import page_of, person_of, question_of, units_of
from thirdring_gateway.web.finding import call_for
from thirdring_gateway.web.kinds import Kind
from thirdring_gateway.web.paging import PAGE_ROWS, paged
from thirdring_gateway.web.records import Record

DEFAULT_RATE = "timely_answer"


def me(request: HttpRequest) -> answers.Me:
    """Return who asks."""
    person = person_of(request)
    return answers.Me(person.name, person.login, person.role, desks_of(person))


def desks_of(person: Person) -> list[str] | None:
    """Return the desks that a person may see, None for all."""
    desks = person.sight.desks
    return None if desks is None else sorted(desks)


def desks(request: HttpRequest) -> list[answers.Desk]:
    """Return the desks that the person may see."""
    units, titles = units_of(request), store.titles()
    heard = reading.last_signs(numbers.settings().branch, units)
    return [answers.Desk(unit, titles.get(unit, unit), heard.get(unit)) for unit in units]


# ---- now


def live(request: HttpRequest) -> answers.Live:
    """Return the live board."""
    return live_of(person_of(request))


def today_now(request: HttpRequest) -> answers.Today:
    """Return today."""
    return today_of(person_of(request))


def live_of(person: Person) -> answers.Live:
    """Return the live board as far as a person may see it."""
    now = latest.now(person.sight)
    return answers.Live(now.at_ms, desks_now(now.desks))


def today_of(person: Person) -> answers.Today:
    """Return today as far as a person may see it."""
    now = today.today_of(person)
    kpis = kpis_of(now.now.material.whole)
    return answers.Today(
        now_ms=now.now.at_ms,
        waiting=waiting(now.waiting),
        ringing=desks_now(now.ringing),
        lost=desks_now(now.lost),
        kpis=figures({key: kpis[key] for key in now.figures}),
        notable=now.notable,
        overdue_callbacks=now.overdue,
    )


def desks_now(desks: list[present.DeskNow]) -> list[answers.DeskNow]:
    """Return desks at the present moment."""
    titles = store.titles()
    return [
        answers.DeskNow(
            desk=desk.unit,
            title=titles.get(desk.unit, desk.unit),
            state=desk.state,  # type: ignore[arg-type] # one of the states of `present`
            since_ms=desk.since_ms,
            rings=desk.rings,
            heard_ms=desk.heard_ms,
            is_hold_over=desk.is_hold_over,
            light=desk.light,  # type: ignore[arg-type] # a word of the core
            waiting=waiting(list(desk.waiting)),
        )
        for desk in desks
    ]


def waiting(waits: list[present.Waiting]) -> list[answers.Waiting]:
    """Return those who wait."""
    return msgspec.convert(waits, list[answers.Waiting], from_attributes=True)


# ---- a period


def summary(request: HttpRequest) -> answers.Summary:
    """Return the summary of a period."""
    question = question_of(request)
    material, before = question.with_before()
    key = request.GET.get("kpi", DEFAULT_RATE)
    days = zip(material.period.days, series.by_day(key, material), strict=True)
    return answers.Summary(
        first=material.period.first.isoformat(),
        last=material.period.last.isoformat(),
        definitions=VERSION,
        kpis=of_scope(material.whole),
        before=of_scope(before.whole),
        desks={unit: of_scope(scope) for unit, scope in material.desks.items()},
        rate=key,
        days=[answers.DayRate(day.isoformat(), point.k, point.n) for day, point in days],
        hours=[answers.HourRate(*when, k, n) for when, (k, n) in sorted(series.by_hour(key, material).items())],
        holds=[answers.HoldBar(*bar) for bar in series.hold_lengths(material)],
    )


def report(request: HttpRequest) -> bytes:
    """Return the report of a period as the command line writes it."""
    question = question_of(request)
    period = question.period
    units = [unit for unit in units_of(request) if not question.desks or unit in question.desks]
    made = reports.make(question.branch, period.from_ms, period.to_ms, numbers.now_ms(), units)
    return reports.as_json(made).encode()


def of_scope(scope: Scope) -> dict[str, answers.Figure]:
    """Return every indicator of a scope, as the report tells it."""
    return figures(kpis_of(scope))


def figures(kpis: Mapping[str, object]) -> dict[str, answers.Figure]:
    """Return indicators in the API's type."""
    return msgspec.convert(kpis, dict[str, answers.Figure])


# ---- lists and single things


def list_of(request: HttpRequest, kind: Kind) -> answers.Page[Any]:
    """Return a page of a list."""
    found, which = kind.found(question_of(request)), request.GET.get("which", kind.usual)
    count = found.counts()[which]
    window = paged(page_of(request), count)
    return answers.Page(count, window.page, window.pages, list(found.rows(which, window.first, PAGE_ROWS)))


def record_of(request: HttpRequest, kind: Record) -> answers.Page[Any]:
    """Return a page of a record."""
    count = kind.found().count()
    window = paged(page_of(request), count)
    zone = numbers.settings().hours.zone
    found = kind.rows(zone, window.first, window.first + PAGE_ROWS)
    return answers.Page(count, window.page, window.pages, list(found))


def people(_request: HttpRequest) -> list[answers.Known]:
    """Return everybody."""
    return [
        answers.Known(person.name, person.login, person.role, desks_of(person), person.is_active)
        for person in Person.objects.order_by("login")
    ]


def call(request: HttpRequest, unit: str, boot: int, number: int) -> answers.Call:
    """Return one call with everything that its unit told of it."""
    found = call_for(request, unit, boot, number)
    call = found.call
    return answers.Call(
        call=call.key,
        desk=call.unit,
        start_ms=call.start_ms,
        verdict=call.verdict,
        rings=call.rings,
        wait_ms=call.wait_ms,
        talk_ms=call.talk_ms,
        held_ms=call.held_ms,
        ended_by=call.by,
        why=call.why,
        holds=[answers.Hold(hold.at_up_ms - call.start_up_ms, hold.how, hold.held_ms) for hold in call.holds],
        voice={name: getattr(call.voice, name) for name in call.voice.__slots__},
        events=[happened(found, fact) for fact in found.facts],
    )


def happened(found: reading.OneCall, fact: Fact) -> answers.Happened:
    """Return what a fact tells of a call."""
    after_ms = fact.up_ms - found.call.start_up_ms
    return answers.Happened(one_call.at(found.call, fact.up_ms), after_ms, fact.kind, dict(fact.data))


def settings(_request: HttpRequest) -> answers.Settings:
    """Return the branch's settings."""
    branch = numbers.settings()
    return answers.Settings(
        branch=branch.branch,
        zone=branch.hours.zone,
        week=[list(day) for day in branch.hours.week],
        days={day.isoformat(): list(periods) for day, periods in branch.hours.days.items()},
        limits={name: getattr(branch, name) for name in LIMITS},
        tiers=[answers.Tier(tier.tier, tier.limit_ms, tier.since_ms) for tier in branch.tiers],
        targets_percent=dict(branch.targets_percent),
    )


def definitions(_request: HttpRequest) -> answers.Definitions:
    """Return what every indicator means."""
    kpis = [
        answers.Kpi(kpi.key, list(kpi.rules), kpi.is_rate, answers.Words(*kpi.en), answers.Words(*kpi.zh))
        for kpi in KPIS
    ]
    return answers.Definitions(VERSION, kpis)
