"""Tags that are at hand in every template: assets, icons, numbers and times in words."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import template
from django.template import Context
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from thirdring_gateway.domain.hours import local
from thirdring_gateway.entered.models import Matter
from thirdring_gateway.web import assets, words
from thirdring_gateway.web.entered_lists import KINDS_OF_STATE, STATES
from thirdring_gateway.web.files.paper import on_paper
from thirdring_gateway.web.one_call import ENDED_BY, SERVICES, VERDICTS, VISIT_STATES
from thirdring_gateway.web.present import Waiting
from thirdring_gateway.web.rows import Row

MATTERS = dict(Matter.choices)
register = template.Library()
register.simple_tag(assets.address, name="asset")
register.filter("whole", words.whole)
register.filter("duration", words.duration)
register.filter("day", words.day)
register.filter("clock", words.clock)
register.filter("moment", words.moment)

# 24 × 24, drawn with one stroke; each state has its own shape, so that colour is never the only sign
ICONS = {
    "good": "M5 13l4 4L19 7",
    "near": "M12 4l9 16H3zM12 10v5M12 17.5v.5",
    "over": "M8 3h8l5 5v8l-5 5H8l-5-5V8zM12 7.5v6M12 16v.5",
    "off": "M6 12h12",
    "ring": "M6 17V11a6 6 0 0 1 12 0v6zM4 17h16M10.5 20h3",
    "phone": "M6 3h4l1.5 5-2.5 1.5a11 11 0 0 0 5.5 5.5L16 12.5 21 14v4a2 2 0 0 1-2 2A16 16 0 0 1 4 5a2 2 0 0 1 2-2z",
    "pause": "M8 5v14M16 5v14",
    "person": "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-4 4-6 8-6s8 2 8 6",
    "lost": "M4 4l16 16M6.5 9.5a9 9 0 0 1 3-1.8M3 6.5A14 14 0 0 1 6 4.7M10 14a4 4 0 0 1 4 .3"
    "M12 18.5v.5M14 7.2a9 9 0 0 1 4 2.3M12 4a14 14 0 0 1 9 2.5",
    "clock": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.5 2",
    "up": "M12 19V5M6 11l6-6 6 6",
    "down": "M12 5v14M6 13l6 6 6-6",
    "same": "M5 12h14",
    "file": "M12 4v11M7 11l5 5 5-5M5 20h14",
}
STROKE = mark_safe(
    'fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"'
)


@register.simple_tag
def icon(name: str) -> SafeString:
    """Return the drawing of the icon `name`; the text beside it says the same."""
    path = mark_safe(ICONS[name])  # noqa: S308 -- our own constants
    return format_html(
        '<svg class="icon {}" viewBox="0 0 24 24" {} aria-hidden="true"><path d="{}"/></svg>', name, STROKE, path
    )


@register.simple_tag(takes_context=True)
def drawn(context: Context, picture: SafeString) -> SafeString:
    """Return a chart for the page, or with its style inside for a file."""
    return on_paper(picture) if context.get("is_file") else picture


@register.simple_tag(takes_context=True)
def call_start(context: Context, start_ms: int) -> str:
    """Return when a call began: its time of day, with the date on a sheet of several days."""
    period = context["period"]
    is_day = period.first == period.last
    return words.clock(start_ms, period.zone) if is_day else words.moment(start_ms, period.zone)


@register.simple_tag
def share(k: int, n: int) -> str:
    """Return `k` of `n` as per cent, a dash without any."""
    return words.percent(k / n if n else None)


@register.simple_tag
def desk_title(unit: str, titles: Mapping[str, str]) -> str:
    """Return what people call a desk."""
    return titles.get(unit, unit)


@register.simple_tag
def verdict(name: str) -> Promise:
    """Return a call's verdict in words."""
    return VERDICTS[name]


@register.simple_tag
def ended_by(who: str | None) -> Promise:
    """Return who hung up first, in words."""
    return ENDED_BY[who]


@register.simple_tag
def visit_state(name: str) -> Promise:
    """Return a VIP visit's state in words."""
    return VISIT_STATES[name]


@register.filter
def since(start_ms: int, now_ms: int) -> str:
    """Return how long ago a moment was, as minutes and seconds, the way the page's script goes on counting it."""
    minutes, seconds = divmod(max(0, now_ms - start_ms) // 1000, 60)
    return f"{minutes}:{seconds:02}"


@register.filter
def local_day(epoch_ms: int, zone: str) -> str:
    """Return the branch's date at a moment."""
    return words.day(local(epoch_ms, zone))


@register.filter
def worst(waiting: Sequence[Waiting]) -> str:
    """Return the most urgent state of those who wait."""
    states = [each.state for each in waiting]
    return next((state for state in ("over", "near") if state in states), "good")


@register.filter
def light_state(light: str) -> str:
    """Return a light as a word of the style sheet."""
    return "talk" if light == "off" else light


@register.filter
def plain(value: object) -> str:
    """Return a recorded value: text as it is, anything else as JSON, nothing as a dash."""
    if value is None:
        return words.NOTHING
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


@register.simple_tag
def promise_state(state: str) -> SafeString:
    """Return how it stands with a promise, with its icon."""
    kind = KINDS_OF_STATE[state]
    return format_html('<span class="state {}">{} {}</span>', kind, icon(kind), STATES[state])


@register.simple_tag
def matter(name: str) -> str | Promise:
    """Return the class of a call in words."""
    return MATTERS.get(name, words.NOTHING)


@register.filter
def without_unit(title: str) -> str:
    """Return a column's title without its unit: the page shows durations in words."""
    return str(title).removesuffix(" (ms)").removesuffix("（毫秒）")


@register.simple_tag
def cell(row: Row, field: str, titles: Mapping[str, str], zone: str) -> str | Promise:
    """Return what a list shows of a row's field."""
    value = getattr(row, field)
    if field == "start":
        return words.moment(row.start_ms, zone)
    if field == "desk":
        return desk_title(value, titles)
    if value is None:
        return words.NOTHING
    return CELLS[field](value) if field in CELLS else words.duration(value) if field.endswith("_ms") else str(value)


CELLS: Mapping[str, Callable[[Any], str | Promise]] = {
    "call": lambda key: format_html('<a href="/calls/{}">{}</a>', key, key),
    "what": lambda what: SERVICES[what],
    "resolved": lambda yes: _("yes") if yes else _("no"),
    "matter": lambda matter: MATTERS.get(matter, words.NOTHING),
    "state": lambda state: STATES[state],
    "is_revoked": lambda yes: _("yes") if yes else _("no"),
}
