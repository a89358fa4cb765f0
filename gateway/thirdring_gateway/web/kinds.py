"""Every kind of list: its selections, its rows, and the titles of its columns."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from thirdring_gateway.web import entered_lists, rows
from thirdring_gateway.web.asked import Asked
from thirdring_gateway.web.numbers import Material
from thirdring_gateway.web.selections import CALLS, OUTCOMES, RATINGS, SERVICES, VISITS, VOICES, Selection

DESK_AND_START = {"desk": _("Desk"), "start": _("Start")}
CALL = {"call": _("Call")}


class Titled(Protocol):
    """A selection, as far as a list's page cares."""

    @property
    def title(self) -> Promise:
        """What the selection is called."""


class Found(Protocol):
    """What an address asked for, ready to be counted and shown."""

    def counts(self) -> dict[str, int]:
        """Return how many rows each selection has."""

    def rows(self, which: str, first: int = 0, most: int | None = None) -> Iterable[rows.Row]:
        """Return at most `most` rows of a selection, from the one at place `first` on."""


class Kind(NamedTuple):
    """A kind of list; `titles` are the columns of its files by the fields of its rows."""

    name: str
    title: Promise
    selections: Mapping[str, Titled]
    row: type[rows.Row]
    titles: Mapping[str, Promise]
    found: Callable[[Asked], Found]
    template: str = "web/rows.html"

    @property
    def usual(self) -> str:
        """The selection that is shown when none is asked for: the first one."""
        return next(iter(self.selections))


class InScopes(NamedTuple):
    """Rows of the desks' sums."""

    material: Material
    selections: Mapping[str, Selection]
    table: rows.Table[Any]

    def counts(self) -> dict[str, int]:
        """Return how many rows each selection has."""
        return rows.counts(self.material, self.selections)

    def rows(self, which: str, first: int = 0, most: int | None = None) -> Iterable[rows.Row]:
        """Return rows of a selection."""
        return rows.rows_of(self.table, self.material, self.selections[which], first, most)


def sensed(
    name: str,
    title: Promise,
    selections: Mapping[str, Selection],
    table: rows.Table[Any],
    titles: Mapping[str, Promise],
    template: str = "web/rows.html",
) -> Kind:
    """Return a kind of list of what the units sensed."""
    return Kind(
        name,
        title,
        selections,
        table.row,
        {**DESK_AND_START, **titles},
        lambda question: InScopes(question.material(), selections, table),
        template,
    )


WHO_CALLED = {"name": _("Name"), "contact": _("Contact")}
RECORD_LIST = Kind(
    "records",
    _("Records"),
    entered_lists.RECORDS,
    entered_lists.RecordRow,
    DESK_AND_START
    | CALL
    | {"matter": _("Class")}
    | WHO_CALLED
    | {
        "business": _("Customer and business type"),
        "problem": _("Problem"),
        "handling": _("Handling"),
        "result": _("Result"),
        "marks": _("Marks"),
        "resolved": _("Resolved"),
        "owner": _("Who sees to it"),
        "due": _("Due"),
        "entered_by": _("Entered by"),
    },
    entered_lists.records,
    "web/records.html",
)
PROMISE_LIST = Kind(
    "callbacks",
    _("Callbacks"),
    entered_lists.PROMISES,
    entered_lists.PromiseRow,
    {"desk": _("Desk"), "start": _("Promised by")}
    | CALL
    | {"what": _("What")}
    | WHO_CALLED
    | {"state": _("State"), "done": _("Done"), "entered_by": _("Entered by")},
    entered_lists.promises,
    "web/callbacks.html",
)
KINDS = {
    kind.name: kind
    for kind in (
        sensed(
            "calls",
            _("Calls"),
            CALLS,
            rows.CALL_TABLE,
            CALL
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
        sensed(
            "visits",
            _("VIP visits"),
            VISITS,
            rows.VISIT_TABLE,
            {
                "visit": _("Visit"),
                "tier": _("Tier"),
                "state": _("State"),
                "wait_ms": _("Wait (ms)"),
                "limit_ms": _("Limit (ms)"),
            },
            "web/visits.html",
        ),
        sensed("ratings", _("Ratings"), RATINGS, rows.RATING_TABLE, {"score": _("Score")} | CALL),
        sensed(
            "outcomes",
            _("Outcomes"),
            OUTCOMES,
            rows.OUTCOME_TABLE,
            {"resolved": _("Resolved"), "is_revoked": _("Called again")} | CALL,
        ),
        sensed("services", _("Services"), SERVICES, rows.SERVICE_TABLE, {"what": _("What")} | CALL),
        sensed(
            "voices",
            _("What the ears heard"),
            VOICES,
            rows.VOICE_TABLE,
            CALL
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
        RECORD_LIST,
        PROMISE_LIST,
    )
}
