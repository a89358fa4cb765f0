"""The table of the API: every address with what it needs, what it may be asked, and what it answers.

A new address is a line here; its description, its help and the walk over all addresses follow from it.
"""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from django.utils.translation import gettext_noop as _

from thirdring_gateway.accounts.roles import Ability
from thirdring_gateway.web.api import BASE, answers, making
from thirdring_gateway.web.api.parameters import PAGE, PERIOD, Parameter
from thirdring_gateway.web.gate import Needs
from thirdring_gateway.web.kinds import KINDS, Kind
from thirdring_gateway.web.records import CHANGES, SEEN, Record
from thirdring_gateway.web.selections import CALLS_BEHIND

IN_PATH = re.compile(r"<(str|int):(\w+)>")
NUMBERS = Needs(Ability.NUMBERS, shows_people=True, for_programs=True)
RECORDS = Needs(Ability.READ_RECORDS, for_programs=True)
ANYBODY = Needs(for_programs=True)


class Endpoint(NamedTuple):
    """An address of the API: its name and path below the base, and everything that its description says.

    `make` answers a request; for a stream, it answers a person each time that something has changed.
    """

    name: str
    path: str
    about: str
    needs: Needs
    answer: Any
    make: Callable[..., Any]
    parameters: tuple[Parameter, ...] = ()
    is_stream: bool = False

    @property
    def template(self) -> str:
        """The address as OpenAPI writes it."""
        return "/" + BASE + IN_PATH.sub(r"{\2}", self.path)

    @property
    def path_parameters(self) -> list[Parameter]:
        """The parameters within the path."""
        kinds = {"str": "string", "int": "integer"}
        return [Parameter(name, PATH_WORDS[name], {"type": kinds[kind]}) for kind, name in IN_PATH.findall(self.path)]


PATH_WORDS = {
    "unit": _("The desk's unit."),
    "boot": _("The unit's start in which the call began."),
    "number": _("The call's number since then."),
}


def endpoint_of(kind: Kind) -> Endpoint:
    """Return the address of a kind of list."""
    which = Parameter("which", _("A selection of the list."), {"type": "string", "enum": list(kind.selections)})
    return Endpoint(
        kind.name,
        kind.name,
        _("A list behind the numbers, newest first, a page at a time."),
        NUMBERS,
        answers.Page[kind.row],  # type: ignore[name-defined] # a type that the table names
        lambda request: making.list_of(request, kind),
        (which, *PERIOD, PAGE),
    )


def record_endpoint(kind: Record, about: str) -> Endpoint:
    """Return the address of a record."""
    answer = answers.Page[kind.row]  # type: ignore[name-defined] # a type that the record names
    return Endpoint(kind.name, kind.name, about, RECORDS, answer, lambda ask: making.record_of(ask, kind), (PAGE,))


RATE = Parameter(
    "kpi", _("The rate by day and hour; the timely answer rate otherwise."),
    {"type": "string", "enum": list(CALLS_BEHIND)},
)  # fmt: skip
ENDPOINTS = (
    Endpoint("me", "me", _("Whose token this is."), ANYBODY, answers.Me, making.me),
    Endpoint(
        "desks",
        "desks",
        _("The desks, what people call them, and when their units were last heard."),
        Needs(Ability.LIVE, for_programs=True),
        list[answers.Desk],
        making.desks,
    ),
    Endpoint("today", "today", _("What must be seen first."), NUMBERS, answers.Today, making.today_now),
    Endpoint(
        "today-stream",
        "today/stream",
        _("The same again whenever it has changed, as server-sent events."),
        NUMBERS,
        answers.Today,
        making.today_of,
        is_stream=True,
    ),
    Endpoint(
        "live",
        "live",
        _("The live board: every desk at this moment."),
        Needs(Ability.LIVE, for_programs=True),
        answers.Live,
        making.live,
    ),
    Endpoint(
        "live-stream",
        "live/stream",
        _("The same again whenever it has changed, as server-sent events."),
        Needs(Ability.LIVE, for_programs=True),
        answers.Live,
        making.live_of,
        is_stream=True,
    ),
    Endpoint(
        "summary",
        "summary",
        _("Every indicator of a period, of each desk, of the period before, and a rate over time."),
        NUMBERS,
        answers.Summary,
        making.summary,
        (*PERIOD, RATE),
    ),
    Endpoint(
        "report",
        "report",
        _("The report of a period with its lists and the digest of its data."),
        NUMBERS,
        answers.Report,
        making.report,
        PERIOD,
    ),
    *(endpoint_of(kind) for kind in KINDS.values()),
    Endpoint(
        "call",
        "calls/<str:unit>/<int:boot>/<int:number>",
        _("One call's timeline, and why the unit says so."),
        NUMBERS,
        answers.Call,
        making.call,
    ),
    Endpoint(
        "kpis", "kpis", _("What every indicator means, in both languages."), ANYBODY, answers.Definitions,
        making.definitions,
    ),
    Endpoint(
        "settings",
        "settings",
        _("Opening hours, limits, tiers and targets."),
        Needs(Ability.READ_SETTINGS, for_programs=True),
        answers.Settings,
        making.settings,
    ),
    Endpoint("people", "people", _("Who may sign in."), RECORDS, list[answers.Known], making.people),
    record_endpoint(CHANGES, _("Who changed which setting, and the old value.")),
    record_endpoint(SEEN, _("Who saw which data about people.")),
)  # fmt: skip
