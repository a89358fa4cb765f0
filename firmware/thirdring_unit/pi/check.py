"""`thirdring-unit check`, composed and shown: a table that lives on a terminal, plain lines or JSON anywhere else."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import click
from gpiozero.pins import Factory
from rich.console import Console
from rich.live import Live
from rich.table import Table

from thirdring_unit import configfile
from thirdring_unit.drivers.credentials import credentials_of
from thirdring_unit.pi import checks
from thirdring_unit.pi.checklist import NOTE, OK, WAITING, WRONG, Checklist
from thirdring_unit.pi.gpio import open_controller

STYLES = {OK: ("✔", "green"), NOTE: ("!", "yellow"), WAITING: ("…", "cyan"), WRONG: ("✘", "bold red")}


def check(
    config: Path,
    state: Path,
    wait_s: int,
    *,
    as_json: bool,
    controller: Callable[[str, Path], Factory] = open_controller,
) -> bool:
    """Check a desk, show what is found, and tell whether it may open; see `checks.check`."""
    settings = configfile.settings(configfile.tables(config), str(config))
    credentials = credentials_of(settings, state)
    with (
        closing(controller(settings.chip, state)) as factory,
        _json(settings.unit) if as_json else _lines(settings.unit) as found,
    ):
        checks.check(settings, credentials, state, factory, found, wait_s)
    return found.may_open


@contextmanager
def _json(unit: str) -> Iterator[Checklist]:
    yield (found := Checklist())
    click.echo(found.as_json(unit))


@contextmanager
def _lines(unit: str) -> Iterator[Checklist]:
    console, found = Console(), Checklist()
    if console.is_terminal:
        with Live(console=console, auto_refresh=False) as live:
            found.changed = lambda: live.update(_table(unit, found), refresh=True)
            yield found
    else:
        yield found
        for part, item in found.items.items():
            click.echo(f"{item.verdict:8}{part:18}{item.words}")
    words = "this desk may open" if found.may_open else "this desk may NOT open"
    console.print(words, style="bold green" if found.may_open else "bold red", highlight=False)


def _table(unit: str, found: Checklist) -> Table:
    table = Table(title=unit, box=None)
    for heading in ("", "part", "", "what"):
        table.add_column(heading)
    for part, item in found.items.items():
        sign, style = STYLES[item.verdict]
        table.add_row(sign, part, item.verdict, item.words, style=style)
    return table
