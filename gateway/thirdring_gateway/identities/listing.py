"""Who is enrolled, for a terminal."""

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from thirdring_gateway.domain.hours import local
from thirdring_gateway.domain.settings import BranchSettings
from thirdring_gateway.identities import registry
from thirdring_gateway.identities.models import Enrolment

WIDTH = 100


def as_text(branch: BranchSettings, now_ms: int) -> str:
    """Return a table with a row for each identity that was ever given out, the latest of each unit last."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for title in ("unit", "by", "enrolled", "until", "state"):
        table.add_column(title, no_wrap=True)

    def day(at_ms: int | None) -> str:
        return "" if at_ms is None else f"{local(at_ms, branch.hours.zone):%Y-%m-%d}"

    rows = list(registry.everyone(branch.branch))
    for row in rows:
        by = "certificate" if row.cert else "password"
        table.add_row(row.unit, by, day(row.enrolled_ms), day(row.ends_ms), state_of(row, now_ms, day(row.revoked_ms)))
    if not rows:
        return "nobody is enrolled yet: thirdring-gateway enrol UNIT\n"
    console = Console(width=WIDTH)
    with console.capture() as shown:
        console.print(table)
    return shown.get()


def state_of(row: Enrolment, now_ms: int, revoked: str) -> str:
    """Return in words whether the identity may be used."""
    if row.revoked_ms is not None:
        return f"revoked {revoked}"
    if row.ends_ms is not None and row.ends_ms <= now_ms:
        return "ended: enrol it anew with --replace"
    return "enrolled"
