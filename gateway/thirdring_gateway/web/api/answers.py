"""The types of the API's answers: what is sent, and what the description of the API says of it, from one place.

Moments are epoch milliseconds, beside them the branch's wall clock where a person may read it. What is not known or not
monitored is null. A description is given where a name does not say it all; it is translated where it is shown.
"""

from typing import Annotated, Any, Generic, Literal, TypeVar

import msgspec
from django.utils.translation import gettext_noop as _
from msgspec import UNSET, Meta, UnsetType

from thirdring_gateway.web.rows import CallRow

Ms = Annotated[int, Meta(description=_("Milliseconds."))]
Moment = Annotated[int, Meta(description=_("A moment, in milliseconds since 1970-01-01 UTC."))]
Day = Annotated[str, Meta(description=_("A day of the branch: 2026-11-02; a moment where a period ends within it."))]
DeskName = Annotated[str, Meta(description=_("The name of the desk's unit."))]
Key = Annotated[str, Meta(description=_("The call's key: desk/boot/number, as in the address of its timeline."))]
Count = int | UnsetType | None
Light = Annotated[
    Literal["off", "near", "over"], Meta(description=_("What the VIP light says: nothing, limit near, limit over."))
]
AnyRow = TypeVar("AnyRow")


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that the API answers."""


class Figure(Answer, frozen=True):
    """An indicator's value: from k on of a rate, from count on of a duration; then what stands beside it."""

    k: int | UnsetType = UNSET
    n: int | UnsetType = UNSET
    rate: Annotated[float | None, Meta(description=_("k/n, null without a denominator."))] | UnsetType = UNSET
    low: Annotated[float | None, Meta(description=_("Lower end of the 95-per-cent interval."))] | UnsetType = UNSET
    high: Annotated[float | None, Meta(description=_("Upper end of the 95-per-cent interval."))] | UnsetType = UNSET
    target_percent: int | UnsetType = UNSET
    met: bool | UnsetType | None = UNSET
    count: int | UnsetType = UNSET
    total_ms: Ms | UnsetType = UNSET
    mean_ms: Ms | UnsetType | None = UNSET
    median_ms: Ms | UnsetType | None = UNSET
    p90_ms: Annotated[Ms | None, Meta(description=_("Nine of ten are not longer."))] | UnsetType = UNSET
    max_ms: Ms | UnsetType | None = UNSET
    unclassified: Count = UNSET
    short: Count = UNSET
    out_of_hours: Count = UNSET
    unknown: Count = UNSET
    cut: Count = UNSET
    segments: Count = UNSET
    mean_per_answered_ms: Count = UNSET
    not_monitored: Count = UNSET
    left: Count = UNSET
    waiting: Count = UNSET
    unrecorded: Count = UNSET
    not_due: Count = UNSET
    unspoken: Count = UNSET


Figures = Annotated[dict[str, Figure], Meta(description=_("Each indicator by its key; /kpis defines them."))]


class Me(Answer, frozen=True):
    """Whose token it is, and what it opens."""

    name: str
    login: str
    role: str
    desks: Annotated[list[str] | None, Meta(description=_("The desks that may be seen, null for all."))]


class Desk(Answer, frozen=True):
    """A desk and its unit."""

    desk: DeskName
    title: Annotated[str, Meta(description=_("What people call the desk."))]
    heard_ms: Annotated[Moment | None, Meta(description=_("The unit's last sign of life."))]


class Known(Answer, frozen=True):
    """Somebody who is known to the gateway."""

    name: str
    login: str
    role: str
    desks: Annotated[list[str] | None, Meta(description=_("The desks that may be seen, null for all."))]
    is_active: Annotated[bool, Meta(description=_("Whether the person may sign in."))]


class Waiting(Answer, frozen=True):
    """A VIP customer who waits."""

    desk: DeskName
    tier: int | None
    since_ms: Moment
    limit_ms: Ms | None
    light: Light


class DeskNow(Answer, frozen=True):
    """A desk at the present moment."""

    desk: DeskName
    title: str
    state: Literal["idle", "ringing", "talking", "held", "lost"]
    since_ms: Moment | None
    rings: int
    heard_ms: Moment | None
    is_hold_over: Annotated[bool, Meta(description=_("Whether the customer has been on hold for too long."))]
    light: Light
    waiting: list[Waiting]


class Live(Answer, frozen=True):
    """The live board."""

    now_ms: Moment
    desks: list[DeskNow]


class Today(Answer, frozen=True):
    """What must be seen first."""

    now_ms: Moment
    waiting: list[Waiting]
    ringing: list[DeskNow]
    lost: list[DeskNow]
    kpis: Figures
    notable: Annotated[
        list[CallRow], Meta(description=_("Today's latest calls that were late, missed or held too long."))
    ]
    overdue_callbacks: Annotated[int, Meta(description=_("Promised replies that nobody gave in time."))]


class DayRate(Answer, frozen=True):
    """A rate on one day."""

    day: Day
    k: int
    n: int


class HourRate(Answer, frozen=True):
    """A rate in one hour of one weekday."""

    weekday: Annotated[int, Meta(ge=0, le=6, description=_("Monday is 0."))]
    hour: Annotated[int, Meta(ge=0, le=23)]
    k: int
    n: int


class HoldBar(Answer, frozen=True):
    """How many calls had a longest hold of a length."""

    label: str
    calls: int
    is_over: bool


class Summary(Answer, frozen=True):
    """The numbers of a period, those of the one before it, and one rate by day, and by weekday and hour."""

    first: Day
    last: Day
    definitions: str
    kpis: Figures
    before: Figures
    desks: dict[str, Figures]
    rate: Annotated[str, Meta(description=_("The key of the rate that days and hours are about."))]
    days: list[DayRate]
    hours: list[HourRate]
    holds: list[HoldBar]


class Report(Answer, frozen=True, rename={"from_": "from"}):
    """The report of a period: byte for byte that of the command line."""

    from_: Day
    to: Annotated[Day, Meta(description=_("The day after the last one."))]
    branch: str
    kpis: Figures
    desks: dict[str, Figures]
    lists: dict[str, list[dict[str, int | str | None]]]
    left_off: Annotated[dict[str, int], Meta(description=_("How many more rows each longer list has."))]
    gaps: Annotated[dict[str, dict[str, int]], Meta(description=_("What is missing, by desk."))]
    definitions: str
    digest: Annotated[str, Meta(description=_("SHA-256 of the data that the numbers were made of."))]


class Page(Answer, Generic[AnyRow], frozen=True):
    """A part of a list, newest first."""

    count: Annotated[int, Meta(description=_("Rows of the whole list."))]
    page: int
    pages: int
    rows: list[AnyRow]


class Happened(Answer, frozen=True):
    """Something that the unit told of a call."""

    at_ms: Moment | None
    after_ms: Annotated[Ms, Meta(description=_("Since the first ring."))]
    kind: Annotated[str, Meta(description=_("The fact's kind, such as ring, answered, held."))]
    said: Annotated[dict[str, Any], Meta(description=_("The fact's other fields."))]


class Hold(Answer, frozen=True):
    """A time that the customer was kept waiting; `held_ms` is null when its end is not known."""

    after_ms: Ms
    how: str
    held_ms: Ms | None


class Call(Answer, frozen=True):
    """A call from its first ring to its end."""

    call: Key
    desk: DeskName
    start_ms: Moment | None
    verdict: str
    rings: int | None
    wait_ms: Ms | None
    talk_ms: Ms | None
    held_ms: Ms | None
    ended_by: str | None
    why: Annotated[str | None, Meta(description=_("Why the unit says who hung up first."))]
    holds: list[Hold]
    voice: Annotated[
        dict[str, int | None], Meta(description=_("What the ears heard, null where nothing was monitored."))
    ]
    events: list[Happened]


class Tier(Answer, frozen=True):
    """The waiting limit of a VIP tier for those who come from `since_ms` on."""

    tier: int
    limit_ms: Ms
    since_ms: Moment


Periods = Annotated[list[tuple[int, int]], Meta(description=_("From and to, in minutes since midnight."))]


class Settings(Answer, frozen=True):
    """The branch's settings that its numbers depend on."""

    branch: str
    zone: str
    week: Annotated[list[Periods], Meta(description=_("Opening hours from Monday to Sunday."))]
    days: Annotated[dict[str, Periods], Meta(description=_("Single days with hours of their own."))]
    limits: dict[str, int]
    tiers: list[Tier]
    targets_percent: dict[str, int]


class Words(Answer, frozen=True):
    """An indicator's definition in one language."""

    title: str
    formula: str
    edges: str


class Kpi(Answer, frozen=True):
    """An indicator's definition."""

    key: str
    rules: list[str]
    is_rate: bool
    en: Words
    zh: Words


class Definitions(Answer, frozen=True):
    """What every indicator means."""

    version: str
    kpis: list[Kpi]


class Refusal(Answer, frozen=True):
    """Why there is no answer, and what to do."""

    error: str
