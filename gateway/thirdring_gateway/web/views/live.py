"""Today and the live board: what a manager must see first, kept up to date by server-sent events."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from thirdring_gateway.accounts.models import Person
from thirdring_gateway.accounts.roles import Ability
from thirdring_gateway.branch import store
from thirdring_gateway.domain.kpis import KPIS
from thirdring_gateway.web import latest, site
from thirdring_gateway.web.cards import card
from thirdring_gateway.web.gate import goes_on, needs
from thirdring_gateway.web.today import today_of

POLL_S = 0.5
REFRESH_S = 5.0
SILENCE_S = 15.0
LONGEST_S = 600.0
"""A stream ends after ten minutes; the browser comes back by itself, through the gate again."""
Parts = Callable[[Person], dict[str, Any]]
Show = Callable[[Person], str]


@needs(Ability.NUMBERS, shows_people=True)
def today(request: HttpRequest) -> HttpResponse:
    """Show today."""
    return render(request, "web/today.html", parts_for(request, today_parts))


@needs(Ability.LIVE)
def board(request: HttpRequest) -> HttpResponse:
    """Show every desk."""
    return render(request, "web/live.html", parts_for(request, board_parts))


@needs(Ability.NUMBERS)
def today_stream(request: HttpRequest) -> HttpResponseBase:
    """Send today again whenever it has changed."""
    return stream(
        request, Ability.NUMBERS, lambda person: render_to_string("web/today_parts.html", today_parts(person))
    )


@needs(Ability.LIVE)
def board_stream(request: HttpRequest) -> HttpResponseBase:
    """Send the live board again whenever it has changed."""
    return stream(request, Ability.LIVE, shown_by("web/live_parts.html", board_parts))


def parts_for(request: HttpRequest, parts: Parts) -> dict[str, Any]:
    """Return what a page shows to the person who asks."""
    return parts(request.user) if isinstance(request.user, Person) else {}


def today_parts(person: Person) -> dict[str, Any]:
    """Return what Today shows to a person."""
    today = today_of(person)
    branch = today.now.material.settings
    cards = [
        card(kpi, today.figures[kpi.key], None, branch, "period=today") for kpi in KPIS if kpi.key in today.figures
    ]
    return frame_of(today.now) | vars(today) | {"cards": cards, "longest_ring": next(iter(today.ringing), None)}


def board_parts(person: Person) -> dict[str, Any]:
    """Return what the live board shows to a person."""
    return frame_of(latest.now(person.sight))


def frame_of(now: latest.Now) -> dict[str, Any]:
    """Return what both pages show."""
    return {
        "desks": now.desks,
        "titles": store.titles(),
        "zone": now.material.settings.hours.zone,
        "now_ms": now.at_ms,
        "pace": now.pace,
        "hold_limit_ms": now.material.settings.hold_limit_ms,
        "timely_rings": now.material.settings.timely_rings,
    }


# ---- streams


def shown_by(template: str, parts: Parts) -> Show:
    """Return what makes the parts of a page for a person."""
    return lambda person: render_to_string(template, parts(person))


def stream(request: HttpRequest, ability: Ability, show: Show) -> HttpResponseBase:
    """Answer with what `show` returns as events, for as long as the person may see it."""
    language, person_id = translation.get_language(), request.user.pk or 0

    def current() -> str | None:
        person = Person.objects.filter(pk=person_id).first()
        if person is None or not person.can(ability) or not goes_on(request):
            return None
        with translation.override(language):
            return show(person)

    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingHttpResponse(events(current), content_type="text/event-stream", headers=headers)


async def events(current: Callable[[], str | None]) -> AsyncIterator[str]:
    """Yield an event for each change of what `current` returns, and a sign of life in between; None ends it."""
    shown, spoke_s, ends_s = "", 0.0, time.monotonic() + LONGEST_S
    while time.monotonic() < ends_s and not site.composed.is_closing():
        mark = await sync_to_async(latest.mark, thread_sensitive=False)()
        content = await sync_to_async(current, thread_sensitive=False)()
        if content is None:
            return
        now_s = time.monotonic()
        if content != shown:
            shown, spoke_s = content, now_s
            yield "".join(f"data: {line}\n" for line in content.splitlines()) + "\n"
        elif now_s - spoke_s > SILENCE_S:
            spoke_s = now_s
            yield ": still here\n\n"
        await change(mark)


async def change(before: tuple[int, int]) -> None:
    """Return when the ledger has something newer than the mark `before`, or after a while in any case."""
    for _step in range(int(REFRESH_S / POLL_S)):
        await asyncio.sleep(POLL_S)
        if site.composed.is_closing() or await sync_to_async(latest.mark, thread_sensitive=False)() != before:
            return


@needs()
def first(request: HttpRequest) -> HttpResponse:
    """Lead to the first page that the person's role opens."""
    sees_numbers = isinstance(request.user, Person) and request.user.can(Ability.NUMBERS)
    return HttpResponseRedirect(reverse("today" if sees_numbers else "live"))
