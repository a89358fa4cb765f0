"""The report: every number of a period with the list of calls behind it, the same to the byte whenever it is made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from thirdring_gateway.domain.hours import Period, local, merged, overlap
from thirdring_gateway.domain.kpis import VERSION, figures
from thirdring_gateway.domain.lists import LISTS, rows_of
from thirdring_gateway.domain.scope import Callback, Scope, joined, scope_of
from thirdring_gateway.domain.settings import BranchSettings
from thirdring_gateway.domain.sums import Sums, SumsRow, added

ROWS_MAX = 1_000
"""Nobody reads more; whoever exports a whole list says so."""


@dataclass(frozen=True, slots=True)
class DeskData:
    """What the ledger holds of one desk for a period.

    `rows` are the sums of every local hour that touches the period, in any order; `evidence` the spans in epoch
    milliseconds between the first and the last sign of life of each of its boots.
    """

    rows: Sequence[SumsRow] = ()
    evidence: Sequence[Period] = ()
    callbacks: Sequence[Callback] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What a report is asked: the half-open period, and the moment up to which minutes count as having happened.

    `as_of_ms` is the end of the period, or the present moment when that is earlier: minutes still to come are not
    open minutes without coverage.
    """

    from_ms: int
    to_ms: int
    as_of_ms: int | None = None

    @property
    def until_ms(self) -> int:
        """The end of the period as far as it has happened."""
        return self.to_ms if self.as_of_ms is None else min(self.to_ms, self.as_of_ms)


def report(
    question: Question, settings: BranchSettings, desks: Mapping[str, DeskData], *, rows_max: int = ROWS_MAX
) -> dict[str, object]:
    """Return the report of a branch, ready for JSON: the same dict whatever the order of desks and rows.

    A list shows its first `rows_max` rows; `left_off` says of each longer list how many more there are.
    """
    sums = {unit: added(desks[unit].rows).within(question.from_ms, question.to_ms) for unit in sorted(desks)}
    scopes = scopes_of(question, settings, desks, sums)
    rows = {name: rows_of(listing, scopes, rows_max) for name, listing in LISTS.items()}
    return {
        "from": spoken(question.from_ms, settings.hours.zone),
        "to": spoken(question.to_ms, settings.hours.zone),
        "branch": settings.branch,
        "kpis": kpis_of(joined(list(scopes.values()), settings)),
        "desks": {unit: kpis_of(scope) for unit, scope in scopes.items()},
        "lists": {name: shown for name, (shown, _) in rows.items()},
        "left_off": {name: more for name, (_, more) in rows.items() if more},
        "definitions": VERSION,
        "digest": digest(question, desks, sums),
    }


def scopes_of(
    question: Question, settings: BranchSettings, desks: Mapping[str, DeskData], sums: Mapping[str, Sums]
) -> dict[str, Scope]:
    """Return the scope of each desk."""
    opened = settings.hours.open_periods(question.from_ms, question.until_ms)
    return {
        unit: scope_of(
            desk_sums,
            settings,
            opened,
            desks[unit].evidence,
            callbacks=desks[unit].callbacks,
            as_of_ms=question.until_ms,
        )
        for unit, desk_sums in sums.items()
    }


def kpis_of(scope: Scope) -> dict[str, object]:
    """Return the KPIs of a scope as they stand in the report."""
    return {key: figure.as_dict() for key, figure in figures(scope).items()}


def spoken(epoch_ms: int, zone: str) -> str:
    """Return the edge of a period: a date when it is the branch's midnight, else the moment with its offset."""
    moment = local(epoch_ms, zone)
    return (
        moment.date().isoformat()
        if moment == moment.replace(hour=0, minute=0, second=0, microsecond=0)
        else moment.isoformat()
    )


def digest(question: Question, desks: Mapping[str, DeskData], sums: Mapping[str, Sums]) -> str:
    """Return the SHA-256 over all that the numbers were made of: sums, signs of life and callbacks of every desk."""
    seal = sha256()
    for unit, desk_sums in sums.items():
        desk = desks[unit]
        seen = overlap(merged(desk.evidence), [(question.from_ms, question.to_ms)])
        promised = sorted((each.key, each.due_ms, each.done_ms) for each in desk.callbacks)
        for part in (unit.encode(), *desk_sums.row(), repr((seen, promised)).encode()):
            seal.update(len(part).to_bytes(8, "big") + part)
    return seal.hexdigest()
