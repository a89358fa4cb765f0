"""Projection: new facts to the hours that they touch, and to no others.

What is here can always be made again from the facts. Whoever needs numbers calls `catch_up` first: it looks at the
facts since the last time, finds what they tell of (a call, a visit, a mark), and makes the sums of the touched hours
again from all facts of those hours, within the row of their day. So late, early and repeated facts give the numbers
that an orderly stream gives.
"""

import json
from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q, QuerySet

from thirdring_gateway.domain.calls import RINGING, Records, Subject, finish, project, subject_of
from thirdring_gateway.domain.facts import Fact, FactError, fact_of
from thirdring_gateway.domain.hours import day_start_ms, hour_start_ms
from thirdring_gateway.domain.kpis import VERSION
from thirdring_gateway.domain.sums import LAYOUT, Sums, SumsRow, added, by_hour, sums_of
from thirdring_gateway.ledger import tables
from thirdring_gateway.ledger.append import quarantine
from thirdring_gateway.ledger.clocks import Clocks
from thirdring_gateway.ledger.facts import facts_of, subjects_since

SLICE = 2_000


def catch_up(zone: str) -> int:
    """Project what came since the last time, hours being those of time zone `zone`; return how many facts it was.

    Works in slices, each one transaction, so that a long backlog never keeps the appender waiting for long.
    """
    total = 0
    while True:
        with transaction.atomic():
            taken, dated = _slice(zone)
        total += taken
        if taken < SLICE and not dated:
            return total


def _slice(zone: str) -> tuple[int, int]:
    """Project one slice; return the number of facts and of boots whose clock had changed."""
    state = _state(zone)
    rows = list(
        tables.Fact.objects.filter(pk__gt=state.position)
        .order_by("pk")
        .values_list("pk", "boot__unit_id", "body")[:SLICE]
    )
    fresh: dict[int, list[Fact]] = defaultdict(list)
    for pk, unit_id, body in rows:
        state.position = pk
        try:
            fresh[unit_id].append(fact_of(json.loads(body)))
        except FactError as error:
            quarantine("a fact in the ledger", body.encode(), str(error), None)
    tables.Boot.objects.filter(pk__in=_boots_with_clock_facts(fresh)).update(clock_changed=True)
    changed = tables.Boot.objects.filter(clock_changed=True).values_list("unit_id", flat=True)
    dated = len(changed)
    for unit_id in {*fresh, *changed}:
        UnitProjection(unit_id, zone).update(fresh.get(unit_id, []))
    state.save()
    return len(rows), dated


def _state(zone: str) -> tables.Projection:
    """Return how far the projection is; forget everything that was projected by other rules."""
    rules = f"{zone} {VERSION} {LAYOUT}"
    state, _ = tables.Projection.objects.select_for_update().get_or_create(pk=1)
    if state.rules != rules:
        tables.DaySums.objects.all().delete()
        tables.Record.objects.all().delete()
        state.position, state.rules = 0, rules
    return state


def _boots_with_clock_facts(fresh: dict[int, list[Fact]]) -> list[int]:
    told = {(unit_id, fact.boot) for unit_id, facts in fresh.items() for fact in facts if fact.kind == "clock"}
    wanted = Q(pk__in=[])
    for unit_id, boot in told:
        wanted |= Q(unit_id=unit_id, number=boot)
    return list(tables.Boot.objects.filter(wanted).values_list("pk", flat=True)) if told else []


class UnitProjection:
    """The projection of one unit within one slice."""

    def __init__(self, unit_id: int, zone: str) -> None:
        self._unit_id = unit_id
        self._zone = zone
        self._clocks = Clocks(unit_id)

    def update(self, fresh: Iterable[Fact]) -> None:
        """Make again every hour that the `fresh` facts or a changed clock touch."""
        touched = {subject for fact in fresh if (subject := subject_of(fact))}
        for boot, since_up_ms in self._clocks.refresh():
            touched |= subjects_since(self._unit_id, boot, since_up_ms)
        days: dict[int, list[int]] = defaultdict(list)
        for hour_ms in self._place(touched):
            days[day_start_ms(hour_ms, self._zone)].append(hour_ms)
        for day_ms, hours in days.items():
            self._sum(day_ms, hours)

    def _place(self, touched: set[Subject]) -> set[int]:
        """Note which hour counts each subject; return the hours that lost, gained or hold one of them."""
        hours = self._hours_of(touched)
        records = self._project(touched)
        starts = {Subject("call", call.boot, str(call.number)): call.start_ms for call in records.calls}
        settled = {(call.boot, call.number) for call in records.calls if call.verdict != RINGING}
        starts |= {Subject("visit", 0, visit.ticket): visit.start_ms for visit in records.visits}
        for mark in records.marks:
            name = str(mark.seq if mark.call is None else mark.call)
            starts[Subject("mark" if mark.call is None else mark.kind, mark.boot, name)] = mark.start_ms
        rows = [
            tables.Record(
                unit_id=self._unit_id,
                what=subject.what,
                boot=subject.boot,
                name=subject.name,
                number=int(subject.name) if subject.what == "call" else 0,
                is_settled=subject.what == "call" and (subject.boot, int(subject.name)) in settled,
                hour_ms=None if start_ms is None else hour_start_ms(start_ms, self._zone),
            )
            for subject, start_ms in starts.items()
        ]
        tables.Record.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["unit", "what", "boot", "name"],
            update_fields=["hour_ms", "is_settled"],
        )
        hours |= {row.hour_ms for row in rows if row.hour_ms is not None}
        return hours | self._hours_beside({subject for subject in touched if subject.what == "call"})

    def _sum(self, day_ms: int, hours: Iterable[int]) -> None:
        """Make some hours of a day again, and leave its other hours as they are."""
        of_day = tables.DaySums.objects.filter(unit_id=self._unit_id, day_ms=day_ms)
        sums = added(SumsRow(*map(bytes, row)) for row in of_day.values_list(*SumsRow._fields))
        for hour_ms in hours:
            sums = sums.with_hour(hour_ms, self._hour(hour_ms), self._zone)
        tables.DaySums.objects.update_or_create(unit_id=self._unit_id, day_ms=day_ms, defaults=sums.row()._asdict())

    def _hour(self, hour_ms: int) -> Sums:
        """Return the sums of one hour from all facts of what lies in it, and of the calls beside those."""
        inside = _subjects(self._records.filter(hour_ms=hour_ms))
        calls = [(subject.boot, int(subject.name)) for subject in inside if subject.what == "call"]
        records = self._project(inside | self._run(calls))
        finished = Records(tuple(finish(records.calls)), records.visits, records.marks)
        return sums_of(by_hour(finished, self._zone).get(hour_ms, Records()))

    # ---- looking up

    @property
    def _records(self) -> QuerySet[tables.Record]:
        return tables.Record.objects.filter(unit_id=self._unit_id)

    def _project(self, subjects: set[Subject]) -> Records:
        return project(facts_of(self._unit_id, subjects), self._clocks)

    def _hours_of(self, subjects: Iterable[Subject]) -> set[int]:
        names: dict[tuple[str, int], list[str]] = defaultdict(list)
        for subject in subjects:
            names[subject.what, subject.boot].append(subject.name)
        hours: set[int | None] = set()
        for (what, boot), of_boot in names.items():
            found = self._records.filter(what=what, boot=boot, name__in=of_boot)
            hours.update(found.values_list("hour_ms", flat=True).distinct())
        return {hour for hour in hours if hour is not None}

    def _hours_beside(self, calls: set[Subject]) -> set[int]:
        """Return the hours of each call's neighbours: a call settles the one before it and may be its rest."""
        beside = self._run([(call.boot, int(call.name)) for call in calls]) if calls else set()
        return self._hours_of(beside - calls)

    def _run(self, calls: list[tuple[int, int]]) -> set[Subject]:
        """Return the calls around `calls` that are settled together: on both sides up to one that has a verdict."""
        if not calls:
            return set()
        ordered = self._records.filter(what="call")
        settled = ordered.filter(is_settled=True).values_list("boot", "number")
        before = settled.filter(_order("lt", min(calls))).order_by("-boot", "-number").first()
        after = settled.filter(_order("gt", max(calls))).order_by("boot", "number").first()
        if before:
            ordered = ordered.filter(_order("gte", before))
        if after:
            ordered = ordered.filter(_order("lte", after))
        return _subjects(ordered)


def _order(side: str, call: tuple[int, int]) -> Q:
    """Return the condition that a call is on one side (lt, lte, gt, gte) of `call` in the order of a unit's calls."""
    boot, number = call
    return Q(**{f"boot__{side[:2]}": boot}) | Q(boot=boot, **{f"number__{side}": number})


def _subjects(records: QuerySet[tables.Record]) -> set[Subject]:
    return {Subject(*row) for row in records.values_list("what", "boot", "name")}
