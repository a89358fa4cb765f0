"""The report of a period, computed once: what every format shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from thirdring_gateway import reports
from thirdring_gateway.branch import store
from thirdring_gateway.domain.figures import Rate
from thirdring_gateway.domain.settings import BranchSettings
from thirdring_gateway.reports import Report
from thirdring_gateway.web import words
from thirdring_gateway.web.numbers import Material
from thirdring_gateway.web.period import Period


@dataclass(frozen=True)
class PeriodReport:
    """The numbers of some desks in a period as they stood at `now_ms`: as the report, and as what charts draw."""

    branch: BranchSettings
    period: Period
    units: tuple[str, ...]
    now_ms: int
    made: Report
    material: Material
    titles: Mapping[str, str]

    @cached_property
    def before(self) -> Material:
        """The numbers of the period before, which changes are told against."""
        before = self.period.before
        found = reports.compute(self.branch, before.from_ms, before.to_ms, self.now_ms, self.units)
        return Material(self.branch, before, found.scopes)

    @property
    def said(self) -> str:
        """The period in words."""
        return words.days(self.period.first, self.period.last)

    @property
    def desk(self) -> str:
        """What people call the one desk that the report is about, empty for several."""
        return self.titles.get(self.units[0], self.units[0]) if len(self.units) == 1 else ""

    @property
    def coverage(self) -> Rate:
        """Which share of the opening minutes the numbers speak of."""
        covered = self.made["kpis"]["coverage"]
        return Rate(covered["k"], covered["n"])

    @property
    def stem(self) -> str:
        """The name of its files, without language and ending."""
        first, last = self.period.first, self.period.last
        days = f"{first}" if first == last else f"{first}..{last}"
        return "-".join(["thirdring", self.branch.branch, *(self.units if len(self.units) == 1 else ()), days])


def period_report(branch: BranchSettings, period: Period, units: tuple[str, ...], now_ms: int) -> PeriodReport:
    """Compute the report of a period, from all facts that are there."""
    found = reports.compute(branch, period.from_ms, period.to_ms, now_ms, units)
    material = Material(branch, period, found.scopes)
    return PeriodReport(branch, period, units, now_ms, found.report, material, store.titles())
