"""What `thirdring-gateway report` is asked, and what it writes."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.utils import translation

from thirdring_gateway import reports
from thirdring_gateway.branch import store
from thirdring_gateway.clock import Clock
from thirdring_gateway.config import Config
from thirdring_gateway.domain.hours import EPOCH, MILLISECOND, local_date, midnight_ms, zone_of
from thirdring_gateway.domain.settings import BranchSettings
from thirdring_gateway.ledger import read
from thirdring_gateway.ledger.database import complaints_told
from thirdring_gateway.trouble import Trouble
from thirdring_gateway.web import site
from thirdring_gateway.web.files.formats import FORMATS
from thirdring_gateway.web.files.report import period_report
from thirdring_gateway.web.period import CUSTOM, Period

ONE_DAY = timedelta(days=1)


class Asked(NamedTuple):
    """The period and the units that a person asked for, and the branch's settings."""

    settings: BranchSettings
    from_ms: int
    to_ms: int
    units: tuple[str, ...]


def asked(config: Config, from_: str, to: str, desk: str | None) -> Asked:
    """Understand what a person typed; raises Trouble when it is wrong or the ledger does not work.

    Without a branch in the settings, the ledger's only branch is meant.
    """
    with complaints_told():
        settings = store.load(config.branch)
        if settings.branch == BranchSettings().branch:
            settings = replace(settings, branch=read.the_branch())
        units = {*read.units(settings.branch), *config.units}
    from_ms, to_ms = moment_ms(from_, settings.hours.zone, "--from"), moment_ms(to, settings.hours.zone, "--to")
    if from_ms >= to_ms:
        raise Trouble(f"--to {to} is not after --from {from_}; for one day, give the next day as --to")
    if desk is not None and desk not in units:
        raise Trouble(f"--desk {desk} is not known; known are {', '.join(sorted(units)) or 'none'}")
    return Asked(settings, from_ms, to_ms, tuple(sorted(units)) if desk is None else (desk,))


def written(question: Asked, form: str, language: str, clock: Clock, *, is_file: bool) -> bytes:
    """Return the report in a format: `text`, or one of the formats that the pages offer too; raises Trouble."""
    settings, from_ms, to_ms, units = question
    with complaints_told(), translation.override(language):
        if form == "text":
            made = reports.make(settings, from_ms, to_ms, clock.now_ms(), units)
            return reports.as_text(made, settings, is_file=is_file).encode()
        if form == "json":
            return reports.as_json(reports.make(settings, from_ms, to_ms, clock.now_ms(), units)).encode()
        site.compose(site.Composed(settings, clock))
        report = period_report(settings, whole_days(question, form), units, clock.now_ms())
        return FORMATS[form].write(report)


def whole_days(question: Asked, form: str) -> Period:
    """Return the days of the period; raises Trouble when it begins or ends within one."""
    zone = question.settings.hours.zone
    first, after = local_date(question.from_ms, zone), local_date(question.to_ms, zone)
    if (midnight_ms(first, zone), midnight_ms(after, zone)) != (question.from_ms, question.to_ms):
        raise Trouble(f"--format {form} is about whole days; leave out the time of day, or use text or json")
    return Period(CUSTOM, first, after - ONE_DAY, zone)


def moment_ms(text: str, zone: str, option: str) -> int:
    """Return the moment that a day (its local midnight) or a date with a time names; raises Trouble."""
    try:
        moment = datetime.fromisoformat(text) if len(text) > len("2026-11-02") else _midnight(text)
    except ValueError:
        raise Trouble(f"{option} {text}: not a day; write it as 2026-11-02 or 2026-11-02T09:00") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone_of(zone))
    return (moment - EPOCH) // MILLISECOND


def _midnight(text: str) -> datetime:
    day = date.fromisoformat(text)
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 -- the zone is the branch's, set by the caller
