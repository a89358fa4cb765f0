"""A report: the ledger's numbers of a period, as one dict, as JSON, and as words for a terminal (`reports_text`)."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from rich.console import Console

from thirdring_gateway import reports_text
from thirdring_gateway.branch import store
from thirdring_gateway.config import Config
from thirdring_gateway.domain.hours import EPOCH, MILLISECOND, zone_of
from thirdring_gateway.domain.report import Question, report
from thirdring_gateway.domain.settings import BranchSettings
from thirdring_gateway.ledger import read
from thirdring_gateway.ledger.append import counters
from thirdring_gateway.ledger.database import complaints_told
from thirdring_gateway.ledger.project import catch_up
from thirdring_gateway.trouble import Trouble

Report = dict[str, Any]
FILE_COLUMNS = 100  # of a text that is not for this terminal


def of_period(config: Config, from_: str, to: str, desk: str | None, now_ms: int) -> tuple[Report, BranchSettings]:
    """Return the report that a person asked for, and the settings used.

    Without a branch in the settings, the ledger's only branch is meant. Raises Trouble when the question is wrong or
    the ledger does not work.
    """
    with complaints_told():
        return _of_period(config, from_, to, desk, now_ms)


def _of_period(config: Config, from_: str, to: str, desk: str | None, now_ms: int) -> tuple[Report, BranchSettings]:
    settings = store.load(config.branch)
    if settings.branch == BranchSettings().branch:
        settings = replace(settings, branch=read.the_branch())
    from_ms, to_ms = moment_ms(from_, settings.hours.zone, "--from"), moment_ms(to, settings.hours.zone, "--to")
    if from_ms >= to_ms:
        raise Trouble(f"--to {to} is not after --from {from_}; for one day, give the next day as --to")
    units = {*read.units(settings.branch), *config.units}
    if desk is not None and desk not in units:
        raise Trouble(f"--desk {desk} is not known; known are {', '.join(sorted(units)) or 'none'}")
    return make(settings, from_ms, to_ms, now_ms, units if desk is None else [desk]), settings


def make(settings: BranchSettings, from_ms: int, to_ms: int, now_ms: int, units: Iterable[str]) -> Report:
    """Return the report of the `units` of a branch for `[from_ms, to_ms)`, all facts taken into account.

    Minutes still to come are not held against a desk; facts that are ahead of `now_ms` prove that it is later.
    """
    catch_up(settings.hours.zone)
    desks = read.desks(settings.branch, from_ms, to_ms, sorted(units))
    seen_ms = max((end for desk in desks.values() for _, end in desk.evidence), default=0)
    return report(Question(from_ms, to_ms, max(now_ms, seen_ms)), settings, desks)


def as_text(made: Report, settings: BranchSettings, *, is_file: bool = False) -> str:
    """Return the report as tables, as wide as the terminal; in colour when it is one."""
    console = Console(width=FILE_COLUMNS, no_color=True) if is_file else Console()
    with console.capture() as captured:
        console.print(reports_text.as_text(made, settings, counters().get("quarantined", 0)))
    return captured.get()


def as_json(made: Report) -> str:
    """Return the report as JSON text: the same bytes for the same facts."""
    return json.dumps(made, ensure_ascii=False, indent=2) + "\n"


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
