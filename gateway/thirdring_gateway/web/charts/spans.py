"""Durations: how long holds last, and what happened in one call."""

from collections.abc import Sequence
from typing import NamedTuple

from django.utils.safestring import SafeString

from thirdring_gateway.web.charts.svg import Scale, hint, picture, tag, text

WIDTH = 760
ROOM_FOR_WORDS = 46
COLOURS = {
    "ring": "#d98a00", "talk": "#0b5d6b", "hold": "#8fb9c1", "over": "#b3201f", "gap": "#d9dedb",
}  # fmt: skip


class Bar(NamedTuple):
    """How many lasted as long as the label says, and whether that is over the limit."""

    label: str
    calls: int
    is_over: bool


class Span(NamedTuple):
    """A part of a call on one lane, from and to in milliseconds since its start."""

    lane: int
    from_ms: int
    to_ms: int
    kind: str
    words: str


class Moment(NamedTuple):
    """Something that happened at once."""

    at_ms: int
    words: str


def histogram(bars: Sequence[Bar], name: str) -> SafeString:
    """Return upright bars with their counts; those over the limit are red."""
    most = max((bar.calls for bar in bars), default=0) or 1
    y, side = Scale(0, most, 200, 24), (WIDTH - 20) / max(len(bars), 1)
    parts = [tag("line", x1=10, x2=WIDTH - 10, y1=200, y2=200, class_="axis")]
    for place, bar in enumerate(bars):
        x, middle = 10 + place * side, 10 + (place + 0.5) * side
        parts.append(text(middle, 220, bar.label, text_anchor="middle"))
        if bar.calls:
            kind = "bar over" if bar.is_over else "bar"
            parts.append(tag("rect", x=x + 3, y=y(bar.calls), width=side - 6, height=200 - y(bar.calls), class_=kind))
            parts.append(text(middle, y(bar.calls) - 6, bar.calls, text_anchor="middle", class_="strong"))
    return picture(WIDTH, 230, name, parts)


def timeline(lanes: Sequence[str], spans: Sequence[Span], moments: Sequence[Moment], name: str) -> SafeString:
    """Return a call from left to right: a lane each for ringing, talking and holding, and what happened at once."""
    end_ms = max([span.to_ms for span in spans] + [moment.at_ms for moment in moments], default=0) or 1000
    x = Scale(0, end_ms, 96, WIDTH - 16)
    bottom = 20 + len(lanes) * 44
    parts = []
    for place, second in enumerate(range(0, end_ms // 1000 + 1, step_s(end_ms // 1000))):
        at = x(second * 1000)
        parts.append(tag("line", x1=at, x2=at, y1=12, y2=bottom, class_="axis"))
        parts.append(
            text(at, bottom + 18, f"{second // 60}:{second % 60:02}", text_anchor="middle" if place else "start")
        )
    for lane, words in enumerate(lanes):
        parts.append(text(86, 20 + lane * 44 + 22, words, text_anchor="end", class_="strong"))
    for moment in moments:
        d = f"M{x(moment.at_ms):.1f} 12V{bottom}"
        parts.append(tag("path", hint(moment.words), d=d, class_="moment"))
    for span in spans:
        width = max(3.0, x(span.to_ms) - x(span.from_ms))
        bar = tag("rect", hint(span.words), x=x(span.from_ms), y=24 + span.lane * 44, width=width, height=28, rx=4,
                  fill=COLOURS[span.kind])  # fmt: skip
        parts.append(bar)
        if width > ROOM_FOR_WORDS and span.kind in ("talk", "over"):
            parts.append(text(x(span.from_ms) + 8, 43 + span.lane * 44, span.words, class_="on"))
    return picture(WIDTH, bottom + 28, name, parts)


def step_s(seconds: int) -> int:
    """Return a round number of seconds that cuts the time into at most ten parts."""
    return next((step for step in (1, 2, 5, 10, 15, 30, 60, 120, 300, 600) if seconds <= step * 10), 1800)
