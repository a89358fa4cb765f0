"""One call as its facts tell it: what happened when, drawn and in words, and why the unit says so."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thirdring_gateway.domain.calls import ANSWERED, CUT, DIALLED, LEFT, MISSED, RINGING, SERVED, WAITING, Call
from thirdring_gateway.domain.facts import Fact
from thirdring_gateway.domain.settings import BranchSettings
from thirdring_gateway.web import words
from thirdring_gateway.web.charts.spans import Moment, Span, timeline

VERDICTS: Mapping[str, Promise] = {
    RINGING: gettext_lazy("Ringing"),
    ANSWERED: gettext_lazy("Answered"),
    MISSED: gettext_lazy("Missed"),
    DIALLED: gettext_lazy("Dialled out"),
    CUT: gettext_lazy("Unit lost"),
    "test": gettext_lazy("Test call"),
}
ENDED_BY: Mapping[str | None, Promise] = {
    "caller": gettext_lazy("Caller"),
    "agent": gettext_lazy("Agent"),
    "unknown": gettext_lazy("Not known"),
    None: gettext_lazy("Not known"),
}
VISIT_STATES: Mapping[str, Promise] = {
    WAITING: gettext_lazy("Waiting"),
    SERVED: gettext_lazy("Served"),
    LEFT: gettext_lazy("Left"),
}
SERVICES: Mapping[str, Promise] = {
    "call": gettext_lazy("Call answered"),
    "service": gettext_lazy("Ordinary service"),
    "vip": gettext_lazy("VIP customer served"),
}
HOLDS: Mapping[str, Promise] = {
    "key": gettext_lazy("hold key"),
    "flash": gettext_lazy("flash without the agent's voice"),
    "music": gettext_lazy("music or a tone on the line"),
    "quiet": gettext_lazy("silence on both sides"),
    "unknown": gettext_lazy("not known how"),
}
WHYS: Mapping[str, Promise] = {
    "busy tone": gettext_lazy("busy tone before the hang-up"),
    "congestion tone": gettext_lazy("congestion tone before the hang-up"),
    "disconnect tone": gettext_lazy("disconnect tone before the hang-up"),
    "dial tone": gettext_lazy("dial tone before the hang-up"),
    "open loop": gettext_lazy("the exchange opened the line before the hang-up"),
    "on-hook first": gettext_lazy("hung up here while the line showed no sign of the caller's going"),
    "call waiting": gettext_lazy("another caller was waiting on the line"),
    "flash or open loop": gettext_lazy("a break that may be a flash or the exchange's"),
    "transfer": gettext_lazy("the caller was transferred"),
    "no tone sensing": gettext_lazy("nothing listens to the line's tones here"),
    "no clearing tone": gettext_lazy("this line sends no tone when the caller hangs up"),
    "dialled": gettext_lazy("a call that was dialled here"),
}
"""The unit's reasons in words; `core.verdict` says when each of them holds."""
VOICE: Mapping[str, Promise] = {
    "greeting_ms": gettext_lazy("Greeting after (R14)"),
    "agent_ms": gettext_lazy("Agent spoke"),
    "caller_ms": gettext_lazy("Caller spoke"),
    "overlap_ms": gettext_lazy("Both at once (R08)"),
    "silence_max_ms": gettext_lazy("Longest silence (R07)"),
    "loud_ms": gettext_lazy("Agent loud (R09)"),
}
RING_SHOWN_MS = 1000


@dataclass(frozen=True)
class Event:
    """A line of the call's record."""

    at_ms: int | None
    after_ms: int
    words: str


@dataclass(frozen=True)
class Told:
    """What the page of a call shows."""

    call: Call
    verdict: Promise
    ended_by: Promise
    why: str
    is_late: bool
    picture: SafeString
    events: list[Event]
    voice: list[tuple[Promise, int | None]]


def told_of(branch: BranchSettings, call: Call, facts: Sequence[Fact]) -> Told:
    """Return what is told of a call; `facts` are those of its boot that name it, in order of time."""
    return Told(
        call=call,
        verdict=VERDICTS[call.verdict],
        ended_by=ENDED_BY[call.by],
        why=str(WHYS.get(call.why or "", call.why or "")),
        is_late=call.verdict == ANSWERED and call.rings is not None and call.rings > branch.timely_rings,
        picture=drawn(branch, call, facts),
        events=[Event(at(call, fact.up_ms), fact.up_ms - call.start_up_ms, in_words(fact)) for fact in facts],
        voice=[(title, getattr(call.voice, name)) for name, title in VOICE.items()],
    )


def at(call: Call, up_ms: int) -> int | None:
    """Return the time of day of a moment of the unit, by the call's own start."""
    return None if call.start_ms is None else call.start_ms + up_ms - call.start_up_ms


def drawn(branch: BranchSettings, call: Call, facts: Sequence[Fact]) -> SafeString:
    """Return the picture of a call."""
    rings = [fact.up_ms - call.start_up_ms for fact in facts if fact.kind == "ring"]
    end_ms = max((fact.up_ms - call.start_up_ms for fact in facts), default=0)
    spans = [Span(0, ring, ring + RING_SHOWN_MS, "ring", _("ring %(n)d") % {"n": n}) for n, ring in enumerate(rings, 1)]
    answer = next((fact.up_ms - call.start_up_ms for fact in facts if fact.kind in (ANSWERED, DIALLED)), None)
    if answer is not None:
        spans.append(Span(1, answer, end_ms, "talk", words.duration(end_ms - answer)))
    for hold in call.holds:
        start = hold.at_up_ms - call.start_up_ms
        over = hold.held_ms is not None and hold.held_ms > branch.hold_limit_ms
        length = hold.held_ms if hold.held_ms is not None else max(end_ms - start, 0)
        spans.append(Span(2, start, start + length, "over" if over else "hold", words.duration(hold.held_ms)))
    moments = [Moment(fact.up_ms - call.start_up_ms, in_words(fact)) for fact in facts if fact.kind != "ring"]
    return timeline([_("Rings"), _("Talk"), _("Hold")], spans, moments, _("The call from left to right"))


def in_words(fact: Fact) -> str:
    """Return what a fact says."""
    return WORDS[fact.kind](fact) if fact.kind in WORDS else fact.kind


def answered(fact: Fact) -> str:
    """Return an answer in words."""
    rings = fact.integer("rings")
    return _("Answered") if rings is None else _("Answered, %(n)d rings") % {"n": rings}


WORDS: Mapping[str, Callable[[Fact], str]] = {
    "ring": lambda fact: _("Ring %(n)s began") % {"n": fact.integer("n") or "?"},
    "answered": answered,
    "missed": lambda _fact: _("Missed"),
    "dialled": lambda _fact: _("Dialled out"),
    "flashed": lambda _fact: _("Flash: hook pressed briefly"),
    "held": lambda fact: _("Hold began: %(how)s") % {"how": HOLDS.get(fact.text("how") or "", HOLDS["unknown"])},
    "resumed": lambda fact: _("Hold ended after %(time)s") % {"time": words.duration(fact.integer("held_ms"))},
    "ended": lambda fact: _("Ended, first hung up: %(who)s") % {"who": ENDED_BY[fact.text("by")]},
    "rated": lambda fact: _("Rated %(n)s of 5") % {"n": fact.integer("score") or "?"},
    "outcome": lambda fact: _("Resolved") if fact.data.get("resolved") else _("Not resolved"),
}
