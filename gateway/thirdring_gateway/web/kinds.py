"""Every kind of list behind the numbers: its selections, its rows, and the titles of its columns."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from thirdring_gateway.web import rows
from thirdring_gateway.web.selections import CALLS, OUTCOMES, RATINGS, SERVICES, VISITS, VOICES, Selection

DESK_AND_START = {"desk": _("Desk"), "start": _("Start")}
CALL = {"call": _("Call")}


class Kind(NamedTuple):
    """A kind of list; `titles` are the columns of its files by the fields of its rows."""

    name: str
    title: Promise
    selections: Mapping[str, Selection]
    table: rows.Table[Any]
    titles: Mapping[str, Promise]
    template: str = "web/rows.html"


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "calls",
            _("Calls"),
            CALLS,
            rows.CALL_TABLE,
            DESK_AND_START
            | CALL
            | {
                "verdict": _("Verdict"),
                "rings": _("Rings"),
                "wait_ms": _("Answer time (ms)"),
                "talk_ms": _("Talk (ms)"),
                "held_ms": _("Hold (ms)"),
                "longest_hold_ms": _("Longest hold (ms)"),
                "ended_by": _("Hung up first"),
            },
            "web/calls.html",
        ),
        Kind(
            "visits",
            _("VIP visits"),
            VISITS,
            rows.VISIT_TABLE,
            DESK_AND_START
            | {
                "visit": _("Visit"),
                "tier": _("Tier"),
                "state": _("State"),
                "wait_ms": _("Wait (ms)"),
                "limit_ms": _("Limit (ms)"),
            },
            "web/visits.html",
        ),
        Kind("ratings", _("Ratings"), RATINGS, rows.RATING_TABLE, DESK_AND_START | {"score": _("Score")} | CALL),
        Kind(
            "outcomes",
            _("Outcomes"),
            OUTCOMES,
            rows.OUTCOME_TABLE,
            DESK_AND_START | {"resolved": _("Resolved"), "is_revoked": _("Called again")} | CALL,
        ),
        Kind("services", _("Services"), SERVICES, rows.SERVICE_TABLE, DESK_AND_START | {"what": _("What")} | CALL),
        Kind(
            "voices",
            _("What the ears heard"),
            VOICES,
            rows.VOICE_TABLE,
            DESK_AND_START
            | CALL
            | {
                "talk_ms": _("Talk (ms)"),
                "greeting_ms": _("Greeting after (ms)"),
                "agent_ms": _("Agent spoke (ms)"),
                "caller_ms": _("Caller spoke (ms)"),
                "overlap_ms": _("Both at once (ms)"),
                "silence_max_ms": _("Longest silence (ms)"),
                "interruptions": _("Interruptions"),
                "loud_ms": _("Agent loud (ms)"),
            },
        ),
    )
}
