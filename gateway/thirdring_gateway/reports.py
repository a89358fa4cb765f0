"""A report: the ledger's numbers of a period, as one dict, as JSON, and as words for a terminal (`reports_text`)."""

import json
from collections.abc import Iterable
from typing import Any

from rich.console import Console

from thirdring_gateway import reports_text
from thirdring_gateway.domain.report import Computed, Question, computed
from thirdring_gateway.domain.settings import BranchSettings
from thirdring_gateway.entered.store import with_entered
from thirdring_gateway.ledger import read
from thirdring_gateway.ledger.append import counters
from thirdring_gateway.ledger.project import catch_up

Report = dict[str, Any]
FILE_COLUMNS = 100  # of a text that is not for this terminal


def make(settings: BranchSettings, from_ms: int, to_ms: int, now_ms: int, units: Iterable[str]) -> Report:
    """Return the report of the `units` of a branch for `[from_ms, to_ms)`, all facts taken into account."""
    return compute(settings, from_ms, to_ms, now_ms, units).report


def compute(settings: BranchSettings, from_ms: int, to_ms: int, now_ms: int, units: Iterable[str]) -> Computed:
    """Return the report with the scopes it was made of.

    Minutes still to come are not held against a desk; facts that are ahead of `now_ms` prove that it is later.
    """
    catch_up(settings.hours.zone)
    desks = with_entered(read.desks(settings.branch, from_ms, to_ms, sorted(units)), settings, from_ms, to_ms)
    seen_ms = max((end for desk in desks.values() for _, end in desk.evidence), default=0)
    return computed(Question(from_ms, to_ms, max(now_ms, seen_ms)), settings, desks)


def as_text(made: Report, settings: BranchSettings, *, is_file: bool = False) -> str:
    """Return the report as tables, as wide as the terminal; in colour when it is one."""
    console = Console(width=FILE_COLUMNS, no_color=True) if is_file else Console()
    with console.capture() as captured:
        console.print(reports_text.as_text(made, settings, counters().get("quarantined", 0)))
    return captured.get()


def as_json(made: Report) -> str:
    """Return the report as JSON text: the same bytes for the same facts."""
    return json.dumps(made, ensure_ascii=False, indent=2) + "\n"
