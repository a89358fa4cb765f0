"""The numbers behind the pages: one way from the ledger to the domain, for what a person may see."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from thirdring_gateway.accounts.roles import Sight
from thirdring_gateway.branch import store
from thirdring_gateway.domain.figures import Figure
from thirdring_gateway.domain.hours import Period as Span
from thirdring_gateway.domain.kpis import KPIS
from thirdring_gateway.domain.report import DeskData, Question, scopes_of
from thirdring_gateway.domain.scope import Scope, joined
from thirdring_gateway.domain.settings import BranchSettings
from thirdring_gateway.domain.sums import added
from thirdring_gateway.entered.store import with_entered
from thirdring_gateway.ledger import read
from thirdring_gateway.web import site
from thirdring_gateway.web.period import Period


@dataclass(frozen=True)
class Material:
    """What every number of a page is computed from: the desks that the person may see, in one period."""

    settings: BranchSettings
    period: Period
    desks: Mapping[str, Scope]

    @cached_property
    def whole(self) -> Scope:
        """All these desks together."""
        return joined(list(self.desks.values()), self.settings)

    @cached_property
    def figures(self) -> dict[str, Figure]:
        """Every indicator of all these desks together."""
        return {kpi.key: kpi.compute(self.whole) for kpi in KPIS}


def now_ms() -> int:
    """Return the branch's present moment."""
    return site.composed.clock.now_ms()


def settings() -> BranchSettings:
    """Return the branch's settings as they are now."""
    return store.load(site.composed.branch)


def material(branch: BranchSettings, period: Period, sight: Sight, desks: Collection[str] = ()) -> Material:
    """Return the material of `desks`, or of all that `sight` allows."""
    allowed = sight.narrowed(desks).desks
    return cut(branch, period, allowed, read.evidence(branch.branch, allowed))


def with_before(
    branch: BranchSettings, period: Period, sight: Sight, desks: Collection[str] = ()
) -> tuple[Material, Material]:
    """Return the material of a period and of the one before it."""
    allowed = sight.narrowed(desks).desks
    evidence = read.evidence(branch.branch, allowed)
    return cut(branch, period, allowed, evidence), cut(branch, period.before, allowed, evidence)


def cut(
    branch: BranchSettings, period: Period, desks: Collection[str] | None, evidence: Mapping[str, Sequence[Span]]
) -> Material:
    """Return the material of a period, as things stand now."""
    rows = read.sums(branch.branch, period.from_ms, period.to_ms, desks)
    sensed = {unit: DeskData(rows[unit], evidence.get(unit, ())) for unit in sorted(rows)}
    data = with_entered(sensed, branch, period.from_ms, period.to_ms)
    sums = {unit: added(desk.rows).within(period.from_ms, period.to_ms) for unit, desk in data.items()}
    question = Question(period.from_ms, period.to_ms, now_ms())
    return Material(branch, period, scopes_of(question, branch, data, sums))
