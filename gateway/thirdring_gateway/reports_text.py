"""A report for people at a terminal: one table of the branch's KPIs, one of its desks, in 80 columns or more."""

from collections.abc import Mapping
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from thirdring_gateway.domain.figures import Rate
from thirdring_gateway.domain.kpis import KPIS
from thirdring_gateway.domain.settings import BranchSettings

NOTHING = "–"
SECOND_MS = 1000
MINUTE_S = 60
DESK_COLUMNS = ("timely_answer", "reach", "hold_over_limit", "vip_over_limit", "satisfaction", "coverage")
SHORT = {
    "timely_answer": "timely",
    "reach": "reach",
    "hold_over_limit": "long holds",
    "vip_over_limit": "VIP late",
    "satisfaction": "satisfied",
    "coverage": "coverage",
}
GAPS = {
    "undated_calls": "calls without a time of day, in no number above: the unit restarted before it was in touch",
    "lost_facts": "facts were lost before they came here",
}
Figures = Mapping[str, Mapping[str, Any]]


def as_text(made: Mapping[str, Any], settings: BranchSettings, quarantined: int = 0) -> RenderableType:
    """Return the report as tables; rates stand with k, n and their Wilson 95 % interval.

    `quarantined` messages were not understood, ever: they stand below, since they may be missing above.
    """
    title = Text(f"Branch {made['branch']}, {made['from']} to {made['to']} (not included)", style="bold")
    versions = f"Definitions {made['definitions']}, data {made['digest'][:12]}."
    notes = Text(f"Interval: Wilson 95 %. {NOTHING}: nothing to count. {versions}", style="dim")
    tables = (rates(made["kpis"], settings), spreads(made["kpis"]), desks(made["desks"], settings))
    return Group(title, *tables, *(Text(line, "yellow") for line in missing(made["gaps"], quarantined)), notes)


def missing(gaps: Mapping[str, Mapping[str, int]], quarantined: int) -> list[str]:
    """Return a line for everything, of whatever time, that may be missing above."""
    lines = [f"{unit}: {n} {GAPS[name]}" for unit, of_unit in gaps.items() for name, n in of_unit.items()]
    return lines + ([f"{quarantined} messages were not understood: they are in quarantine"] if quarantined else [])


def rates(kpis: Figures, settings: BranchSettings) -> Table:
    """Return the table of the rates."""
    table = _table("rate", "k/n", "value", "95 % interval", *(["target"] if settings.targets_percent else []), "beside")
    for kpi in KPIS:
        figure = kpis[kpi.key]
        if "k" in figure:
            target: list[str | Text] = [_target(kpi.key, figure, settings)] if settings.targets_percent else []
            cells = (counts(figure), percent(figure["rate"]), interval(figure), *target, _beside(figure))
            table.add_row(kpi.en.title, *cells)
    return table


def spreads(kpis: Figures) -> Table:
    """Return the table of the durations."""
    table = _table("time", "count", "median", "90 %", "longest", "total")
    for kpi in KPIS:
        figure = kpis[kpi.key]
        if "total_ms" in figure:
            lengths = (duration(figure[name]) for name in ("median_ms", "p90_ms", "max_ms", "total_ms"))
            table.add_row(kpi.en.title, str(figure["count"]), *lengths)
    return table


def desks(of_desks: Mapping[str, Figures], settings: BranchSettings) -> Table:
    """Return the table of the desks; one under the coverage limit is greyed, since its numbers say little."""
    table = _table("desk", *(SHORT[key] for key in DESK_COLUMNS))
    for unit, kpis in of_desks.items():
        coverage = kpis["coverage"]
        covered = Rate(coverage["k"], coverage["n"]).meets(settings.coverage_percent)
        table.add_row(unit, *(counts(kpis[key]) for key in DESK_COLUMNS), style="" if covered else "dim")
    return table


def counts(figure: Mapping[str, Any]) -> str:
    """Return `k/n`."""
    return f"{figure['k']}/{figure['n']}" if figure["n"] else NOTHING


def percent(rate: float | None) -> str:
    """Return a rate in per cent with one decimal."""
    return NOTHING if rate is None else f"{rate * 100:.1f} %"


def interval(figure: Mapping[str, Any]) -> str:
    """Return the Wilson interval."""
    return NOTHING if figure["low"] is None else f"{figure['low'] * 100:.1f}–{figure['high'] * 100:.1f} %"


def duration(length_ms: int | None) -> str:
    """Return a length of time as people say it: 7.4 s, 12:05 min."""
    if length_ms is None:
        return NOTHING
    if length_ms < MINUTE_S * SECOND_MS:
        return f"{length_ms / SECOND_MS:.1f} s"
    minutes, seconds = divmod(round(length_ms / SECOND_MS), MINUTE_S)
    return f"{minutes}:{seconds:02} min"


def _target(key: str, figure: Mapping[str, Any], settings: BranchSettings) -> Text:
    target = settings.targets_percent.get(key)
    if target is None:
        return Text(NOTHING)
    met = Rate(figure["k"], figure["n"]).meets(target)
    mark, style = {True: ("✓", "green"), False: ("✗", "red"), None: ("", "")}[met]
    return Text(f"{target} % {mark}", style=style)


def _beside(figure: Mapping[str, Any]) -> str:
    """Return what could not be counted."""
    named = {name: n for name, n in figure.items() if name not in ("k", "n", "rate", "low", "high") and n}
    return ", ".join(f"{n} {name.replace('_', ' ')}" for name, n in named.items())


def _table(first: str, *others: str) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="bold")
    table.add_column(first, no_wrap=True)
    for name in others:
        table.add_column(name, justify="left" if name == "beside" else "right", no_wrap=name != "beside")
    return table
