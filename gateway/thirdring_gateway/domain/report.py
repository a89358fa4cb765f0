"""The report: every number of a period with the list of calls behind it, the same to the byte whenever it is made."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from thirdring_gateway.domain.entered import Callback, Outcome
from thirdring_gateway.domain.figures import Figure, Rate
from thirdring_gateway.domain.hours import Period, local, merged, overlap
from thirdring_gateway.domain.kpis import VERSION, figures
from thirdring_gateway.domain.lists import LISTS, rows_of
from thirdring_gateway.domain.scope import Scope, joined, scope_of
from thirdring_gateway.domain.settings import BranchSettings
from thirdring_gateway.domain.sums import Sums, SumsRow, added

ROWS_MAX = 1_000
"""Nobody reads more; whoever exports a whole list says so."""


@dataclass(frozen=True, slots=True)
class DeskData:
    """What the ledger holds of one desk for a period.

    `rows` are the sums of every local day that touches the period, in any order; `evidence` the spans in epoch
    milliseconds between the first and the last sign of life of each of its boots; `outcomes` what was entered for calls
    of the period; `revoked` the calls (boot, number)
    whose customer had to call again; `gaps` counts what is missing, such as calls without a time of day.
    """

    rows: Sequence[SumsRow] = ()
    evidence: Sequence[Period] = ()
    callbacks: Sequence[Callback] = ()
    outcomes: Sequence[Outcome] = ()
    revoked: Collection[tuple[int, int]] = ()
    gaps: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """What a report is asked: a half-open period, as things stood at `as_of_ms` (None: at the end of the period).

    The same `as_of_ms` for a day and for its hours makes their numbers agree: it decides which minutes have happened,
    whose wait is over the limit by now, and which callbacks are due.
    """

    from_ms: int
    to_ms: int
    as_of_ms: int | None = None

    @property
    def known_until_ms(self) -> int:
        """The moment as of which the question is answered."""
        return self.to_ms if self.as_of_ms is None else self.as_of_ms


@dataclass(frozen=True, slots=True)
class Computed:
    """The numbers of a period: the report, ready for JSON, and the scopes it was made of, for whoever draws them."""

    report: dict[str, object]
    scopes: Mapping[str, Scope]


def report(
    question: Question, settings: BranchSettings, desks: Mapping[str, DeskData], *, rows_max: int = ROWS_MAX
) -> dict[str, object]:
    """Return the report of a branch, ready for JSON: the same dict whatever the order of desks and rows.

    A list shows its first `rows_max` rows; `left_off` says of each longer list how many more there are.
    """
    return computed(question, settings, desks, rows_max=rows_max).report


def computed(
    question: Question, settings: BranchSettings, desks: Mapping[str, DeskData], *, rows_max: int = ROWS_MAX
) -> Computed:
    """Return the report with its scopes: the one computation that every format and every chart shows."""
    sums = {unit: added(desks[unit].rows).within(question.from_ms, question.to_ms) for unit in sorted(desks)}
    scopes = scopes_of(question, settings, desks, sums)
    rows = {name: rows_of(listing, scopes, rows_max) for name, listing in LISTS.items()}
    told: dict[str, object] = {
        "from": spoken(question.from_ms, settings.hours.zone),
        "to": spoken(question.to_ms, settings.hours.zone),
        "branch": settings.branch,
        "kpis": kpis_of(joined(list(scopes.values()), settings)),
        "desks": {unit: kpis_of(scope) for unit, scope in scopes.items()},
        "lists": {name: shown for name, (shown, _) in rows.items()},
        "left_off": {name: more for name, (_, more) in rows.items() if more},
        "gaps": {unit: dict(desks[unit].gaps) for unit in scopes if desks[unit].gaps},
        "definitions": VERSION,
        "digest": digest(question, desks, sums, scopes),
    }
    return Computed(told, scopes)


def scopes_of(
    question: Question, settings: BranchSettings, desks: Mapping[str, DeskData], sums: Mapping[str, Sums]
) -> dict[str, Scope]:
    """Return the scope of each desk."""
    as_of_ms = question.known_until_ms
    opened = settings.hours.open_periods(question.from_ms, question.to_ms)
    scopes = {}
    for unit, desk_sums in sums.items():
        desk = desks[unit]
        scopes[unit] = scope_of(
            desk_sums,
            settings,
            opened,
            desk.evidence,
            as_of_ms=as_of_ms,
            callbacks=[each for each in desk.callbacks if question.from_ms <= each.due_ms < question.to_ms],
            entered=desk.outcomes,
            revoked=desk.revoked,
        )
    return scopes


def kpis_of(scope: Scope) -> dict[str, object]:
    """Return the KPIs of a scope as they stand in the report, with the targets that the branch has set."""
    targets = scope.settings.targets_percent
    return {key: shown(figure, targets.get(key)) for key, figure in figures(scope).items()}


def shown(figure: Figure, target_percent: int | None) -> dict[str, object]:
    """Return a figure's numbers; a rate with a target says whether it is met."""
    if target_percent is None or not isinstance(figure, Rate):
        return figure.as_dict()
    return figure.as_dict() | {"target_percent": target_percent, "met": figure.meets(target_percent)}


def spoken(epoch_ms: int, zone: str) -> str:
    """Return the edge of a period: a date when it is the branch's midnight, else the moment with its offset."""
    moment = local(epoch_ms, zone)
    return (
        moment.date().isoformat()
        if moment == moment.replace(hour=0, minute=0, second=0, microsecond=0)
        else moment.isoformat()
    )


def digest(
    question: Question, desks: Mapping[str, DeskData], sums: Mapping[str, Sums], scopes: Mapping[str, Scope]
) -> str:
    """Return the SHA-256 over all that the numbers were made of: sums, signs of life, waits so far, what was entered.

    What happens after a period that is over changes its digest only where it changes a number.
    """
    seal = sha256()
    for unit, scope in scopes.items():
        seen = overlap(merged(desks[unit].evidence), [(question.from_ms, question.to_ms)])
        promised = sorted((each.key, each.due_ms, each.done_ms or 0) for each in scope.callbacks)
        entered = sorted((each.boot, each.number, each.resolved) for each in desks[unit].outcomes)
        arrays = (*sums[unit].row(), scope.waited_ms.tobytes(), scope.is_revoked.tobytes())
        for part in (unit.encode(), *arrays, repr((seen, promised, entered)).encode()):
            seal.update(len(part).to_bytes(8, "big") + part)
    return seal.hexdigest()
