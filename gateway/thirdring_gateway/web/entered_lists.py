"""Lists of what people entered: records of calls, and promised replies. Who called, only those see who may."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet
from django.utils.functional import Promise as Text
from django.utils.translation import gettext_lazy as _

from thirdring_gateway.domain.hours import local
from thirdring_gateway.entered.models import CallRecord, Matter, Promise
from thirdring_gateway.web.asked import Asked
from thirdring_gateway.web.numbers import now_ms
from thirdring_gateway.web.rows import Row

SOON_MS = 3_600_000
OPEN, SOON, OVERDUE, KEPT, LATE = "open", "soon", "overdue", "kept", "late"
STATES: Mapping[str, Text] = {
    OPEN: _("Open"),
    SOON: _("Due soon"),
    OVERDUE: _("Overdue"),
    KEPT: _("Done in time"),
    LATE: _("Done late"),
}
KINDS_OF_STATE = {OPEN: "off", SOON: "near", OVERDUE: "over", KEPT: "good", LATE: "near"}


class RecordRow(Row, frozen=True):
    """The record of a call; `name` and `contact` are null for whoever may not see who called."""

    call: str
    matter: str
    name: str | None
    contact: str | None
    business: str
    problem: str
    handling: str
    result: str
    marks: str
    resolved: bool | None
    owner: str | None
    due_ms: int | None
    due: str | None
    entered_by: str


class PromiseRow(Row, frozen=True):
    """A promised reply; `start` is the time by which it was promised."""

    key: int
    call: str
    what: str
    name: str | None
    contact: str | None
    state: str
    done: str | None
    done_ms: int | None
    entered_by: str


class Chosen(NamedTuple):
    """Some of the rows: what they are called, which these are now, and whether the period matters."""

    title: Text
    which: Callable[[int], Q]
    is_of_period: bool = True


def of_matter(matter: Matter) -> Chosen:
    """Return the records of a class."""
    return Chosen(matter.label, lambda _now: Q(matter=matter))


COMPLAINT_OPEN = Q(matter=Matter.COMPLAINT) & ~Q(resolved=True)
RECORDS: Mapping[str, Chosen] = {
    "all": Chosen(_("All records"), lambda _now: Q()),
    **{matter.value: of_matter(matter) for matter in Matter},
    "unresolved": Chosen(_("Not resolved"), lambda _now: Q(resolved=False)),
    "complaints-open": Chosen(_("Open complaints"), lambda _now: COMPLAINT_OPEN, is_of_period=False),
    "complaints-overdue": Chosen(
        _("Overdue complaints"), lambda now: COMPLAINT_OPEN & Q(due_ms__lt=now), is_of_period=False
    ),
}
NOT_DONE = Q(done_ms__isnull=True)
PROMISES: Mapping[str, Chosen] = {
    "open": Chosen(_("All open"), lambda _now: NOT_DONE, is_of_period=False),
    "overdue": Chosen(_("Overdue now"), lambda now: NOT_DONE & Q(due_ms__lt=now), is_of_period=False),
    "soon": Chosen(_("Due soon"), lambda now: NOT_DONE & Q(due_ms__range=(now, now + SOON_MS)), is_of_period=False),
    "all": Chosen(_("Promised in the period"), lambda _now: Q()),
    "due": Chosen(_("Due by now"), lambda now: Q(due_ms__lt=now)),
    "kept": Chosen(_("Kept in time"), lambda now: Q(due_ms__lt=now, done_ms__lte=F("due_ms"))),
    "failed": Chosen(_("Not kept"), lambda now: Q(due_ms__lt=now) & (NOT_DONE | Q(done_ms__gt=F("due_ms")))),
}


class InTable(NamedTuple):
    """Rows of a table of entered things, for the desks and the period that were asked for."""

    question: Asked
    now_ms: int
    things: "QuerySet[Any]"
    selections: Mapping[str, Chosen]
    moment: str  # the column that says which period a row belongs to
    show: Callable[[Any, Asked, int], Row]

    def chosen(self, which: str) -> "QuerySet[Any]":
        """Return what a selection is of."""
        selection, period = self.selections[which], self.question.period
        found = self.things.filter(selection.which(self.now_ms), unit__in=self.question.units())
        if selection.is_of_period:
            between = {f"{self.moment}__gte": period.from_ms, f"{self.moment}__lt": period.to_ms}
            return found.filter(**between).order_by(f"-{self.moment}", "-pk")
        return found.order_by(self.moment, "pk")

    def counts(self) -> dict[str, int]:
        """Return how many rows each selection has."""
        return {name: self.chosen(name).count() for name in self.selections}

    def rows(self, which: str, first: int = 0, most: int | None = None) -> Iterator[Row]:
        """Yield rows of a selection."""
        last = None if most is None else first + most
        for thing in self.chosen(which)[first:last]:
            yield self.show(thing, self.question, self.now_ms)


def records(question: Asked) -> InTable:
    """Return the records of the calls that were asked for."""
    things = CallRecord.objects.select_related("owner", "by")
    return InTable(question, now_ms(), things, RECORDS, "start_ms", record_row)


def promises(question: Asked) -> InTable:
    """Return the promises that are due in the period, or open now."""
    things = Promise.objects.select_related("by")
    return InTable(question, now_ms(), things, PROMISES, "due_ms", promise_row)


def overdue(units: list[str], now: int) -> int:
    """Return how many promises of the desks are overdue."""
    return Promise.objects.filter(PROMISES["overdue"].which(now), unit__in=units).count()


def record_row(record: CallRecord, question: Asked, _now: int) -> RecordRow:
    """Return the row of a record."""
    zone, sees = question.period.zone, question.sees_customers
    return RecordRow(
        desk=record.unit,
        start=wall(record.start_ms, zone) or "",
        start_ms=record.start_ms,
        call=record.call,
        matter=record.matter,
        name=record.name if sees else None,
        contact=record.contact if sees else None,
        business=record.business,
        problem=record.problem,
        handling=record.handling,
        result=record.result,
        marks=record.marks,
        resolved=record.resolved,
        owner=record.owner.name if record.owner else None,
        due_ms=record.due_ms,
        due=wall(record.due_ms, zone),
        entered_by=record.by.name,
    )


def promise_row(promise: Promise, question: Asked, now: int) -> PromiseRow:
    """Return the row of a promise."""
    of_call = {"unit": promise.unit, "boot": promise.boot, "number": promise.number}
    record = CallRecord.objects.filter(**of_call).first() if question.sees_customers else None
    return PromiseRow(
        desk=promise.unit,
        start=wall(promise.due_ms, question.period.zone) or "",
        start_ms=promise.due_ms,
        key=promise.pk,
        call=promise.call,
        what=promise.what,
        name=record.name if record else None,
        contact=record.contact if record else None,
        state=state_of(promise, now),
        done=wall(promise.done_ms, question.period.zone),
        done_ms=promise.done_ms,
        entered_by=promise.by.name,
    )


def state_of(promise: Promise, now: int) -> str:
    """Return how it stands with a promise; one that is done on the very moment is kept."""
    if promise.done_ms is not None:
        return KEPT if promise.done_ms <= promise.due_ms else LATE
    return OVERDUE if promise.due_ms < now else SOON if promise.due_ms <= now + SOON_MS else OPEN


def wall(epoch_ms: int | None, zone: str) -> str | None:
    """Return a moment by the branch's wall clock."""
    return None if epoch_ms is None else local(epoch_ms, zone).isoformat(timespec="milliseconds")
