"""What the demonstration shows: a live table on a terminal, plain lines in a pipe, and the summary."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.box import ROUNDED, SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text
from thirdring_unit.core.vip import NEAR, OFF, OVER

from thirdring_gateway.board import HOLDING, LOST, RINGING, TALKING, UNKNOWN, Board, DeskNow
from thirdring_gateway.demo.compare import Row
from thirdring_gateway.domain.settings import BranchSettings
from thirdring_gateway.reports_text import counts, desks, percent

WIDE = 110
SCENARIO_WIDTH = 30
LINE_STYLES = {RINGING: "bold yellow", TALKING: "green", HOLDING: "magenta", LOST: "bold red", UNKNOWN: "dim"}
LIGHTS = {OFF: Text("·", "dim"), NEAR: Text("◐ near", "yellow"), OVER: Text("● OVER", "bold red")}
KEYS = ("timely_answer", "reach", "hold_over_limit", "vip_over_limit", "satisfaction")
WORDS = {
    "timely_answer": "timely",
    "reach": "reached",
    "hold_over_limit": "holds over 60 s",
    "vip_over_limit": "VIP too late",
    "satisfaction": "satisfied",
}
Figures = Mapping[str, Mapping[str, Any]]


def header(pace: int, time: str) -> Panel:
    """Return the few lines that say what one sees."""
    text = Text.assemble(
        ("Six desks, a broker and a gateway", "bold"),
        ": the real programs; only the phones and their sound are made up. Each unit counts rings, times answers and "
        "holds, hears who speaks, and tells the gateway over MQTT. The gateway counts, and lights a counter's VIP "
        "light when a customer has waited too long. ",
        ("Timely", "bold"),
        " means answered by the third ring.\n",
        ("At the branch it is "),
        (time, "bold cyan"),
        f", {pace} times faster than life. Ctrl-C ends with the summary.",
    )
    return Panel(text, title="Thirdring", title_align="left", box=ROUNDED, border_style="cyan")


def live(
    console: Console, head: Panel, titles: Mapping[str, str], board: Board, made: Mapping[str, Any]
) -> RenderableType:
    """Return the live screen."""
    return Group(head, desk_table(console, titles, board, made["desks"]), kpi_line(made["kpis"]))


def summary(made: Mapping[str, Any], settings: BranchSettings, rows: Sequence[Row]) -> RenderableType:
    """Return the end of the story: each desk's numbers, and the branch's beside the truth."""
    return Group(desks(made["desks"], settings), comparison(rows))


def verdict(*, is_over: bool, is_equal: bool) -> Text:
    """Return the last line."""
    if not is_over:
        return Text("Ended before the day was over: what had not happened yet differs.", "yellow")
    if is_equal:
        return Text("✓ Every number of the gateway is what the scenario says.", "bold green")
    return Text("✗ Some numbers are not what the scenario says.", "bold red")


def desk_table(console: Console, titles: Mapping[str, str], board: Board, of_desks: Mapping[str, Figures]) -> Table:
    """Return a row per desk: what it does, its numbers, its two lights, and what happened last."""
    is_wide = console.width >= WIDE
    table = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True, header_style="bold", expand=True)
    table.add_column("desk", no_wrap=True)
    if is_wide:
        table.add_column("scenario", no_wrap=True, overflow="ellipsis", style="dim", max_width=SCENARIO_WIDTH)
    table.add_column("line", no_wrap=True, width=8)
    for name in ("calls", "timely", "holds"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("VIP", no_wrap=True, width=6)
    table.add_column("prompt", no_wrap=True, width=6)
    table.add_column("last event", no_wrap=True, overflow="ellipsis", ratio=1)
    for unit, desk in board.desks.items():
        named = [titles[unit]] if is_wide else []
        table.add_row(unit, *named, *_cells(desk, of_desks.get(unit)))
    return table


def _cells(desk: DeskNow, kpis: Figures | None) -> list[str | Text]:
    line = Text(desk.doing, LINE_STYLES.get(desk.doing, ""))
    numbers = ["", "", ""]
    if kpis:
        reach, held = kpis["reach"], kpis["hold_over_limit"]
        numbers = [str(reach["n"] + reach["short"]), counts(kpis["timely_answer"]), str(held["n"])]
    prompt = LIGHTS[OFF] if desk.prompt == OFF else Text("● on", "yellow")
    return [line, *numbers, LIGHTS[desk.vip], prompt, desk.event]


def kpi_line(kpis: Figures) -> Text:
    """Return the branch's headline numbers in a line."""
    parts = [f"{WORDS[key]} {counts(kpis[key])}" for key in KEYS]
    rate = percent(kpis["timely_answer"]["rate"])
    return Text.assemble((f" Branch: {rate} timely", "bold"), "   " + "   ".join(parts))


def plain(time: str, board: Board, made: Mapping[str, Any]) -> str:
    """Return the state of things as one line for a pipe."""
    kpis: Figures = made["kpis"]
    lit = [unit for unit, desk in board.desks.items() if desk.vip == OVER]
    parts = [f"{WORDS[key]} {counts(kpis[key])}" for key in KEYS]
    return f"{time}  {'  '.join(parts)}" + (f"  VIP light on: {', '.join(lit)}" if lit else "")


def comparison(rows: Sequence[Row]) -> Table:
    """Return the gateway's numbers beside the truth."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="bold")
    table.add_column("KPI", no_wrap=True)
    table.add_column("gateway", justify="right", no_wrap=True)
    table.add_column("scenario", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    for row in rows:
        table.add_row(row.title, row.told, row.true, Text("✓", "green") if row.equal else Text("✗ differs", "bold red"))
    return table
