"""What the bench's commands print."""

from rich.table import Table

from thirdring_bench.bom import Row, total_usd
from thirdring_bench.pins import Pins
from thirdring_bench.proof.proof import Verdict
from thirdring_bench.proof.requirement import REQUIREMENTS
from thirdring_bench.targets import PI, PICO_W


def _table(title: str, *columns: str, wrap: tuple[str, ...] = ()) -> Table:
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column, no_wrap=column not in wrap, overflow="fold")
    return table


def pin_table(pins: Pins, *, zh: bool = False) -> Table:
    """Every input and light with its pin number and its place on both connectors."""
    columns = ("name", "Raspberry Pi", "Pico W", "active", "pull", "debounce", "what")
    table = _table("引脚" if zh else "Pins of a desk unit", *columns, wrap=("what",))
    for pin in pins:
        table.add_row(
            pin.name,
            f"BCM {pin.pi}, place {pin.place(PI)}",
            f"GP{pin.pico}, place {pin.place(PICO_W)}",
            "high" if pin.active_high else "low",
            pin.pull,
            f"{pin.debounce_ms} ms" if pin.debounce_ms else "–",
            pin.zh if zh else pin.en,
        )
    return table


def bom_table(rows: list[Row], variant: str) -> Table:
    """The parts list with second sources and the estimated cost of one board."""
    columns = ("n", "references", "value", "order", "second source", "USD")
    table = _table(f"Parts of one board, variant {variant}", *columns, wrap=("references", "order", "second source"))
    table.columns[-1].justify = "right"
    for row in rows:
        table.add_row(str(row.count), " ".join(row.refs), row.item.value, *row.item.order, f"{row.usd:.2f}")
    table.add_section()
    table.add_row(
        str(sum(row.count for row in rows)), "", "", "estimate, without the bare board", "", f"{total_usd(rows):.2f}"
    )
    return table


def proof_table(verdicts: dict[str, Verdict], corners: int) -> Table:
    """Every requirement with the worst that was measured, and where."""
    table = _table(
        f"Proof of the line front end at {corners} corners", "requirement", "limit", "worst", "margin", "where"
    )
    for column in table.columns[1:4]:
        column.justify = "right"
    for column in (table.columns[0], table.columns[4]):
        column.no_wrap = False
    for name, verdict in verdicts.items():
        requirement, worst = REQUIREMENTS[name], verdict.worst
        table.add_row(
            f"[bold]{name}[/]\n{requirement.text}",
            requirement.limit,
            f"{worst.value:.4g}",
            f"{worst.margin:.3g}" if verdict.passed else f"[bold red]{worst.margin:.3g} FAIL[/]",
            f"{worst.stimulus}\n{worst.corner}, of {verdict.count}",
        )
    return table
