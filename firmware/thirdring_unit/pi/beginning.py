"""How a start differs from others: why the unit starts, and the last settings of its own file that were right."""

from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import structlog

from thirdring_unit import configfile
from thirdring_unit.core.settings import Settings
from thirdring_unit.errors import UserError, whole_file

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
GOOD, RUNNING = "unit.toml", "running"  # files in the state folder

_log = structlog.get_logger()


class Given(NamedTuple):
    """The settings to start with, and what is wrong with the unit's file when they are older ones."""

    settings: Settings
    wrong: str | None


def settings(config: Path, state: Path) -> Given:
    """Read the unit's file, and keep it; when it is wrong, take the last one that was right.

    Raises UserError when there has never been a right one.
    """
    good = state / GOOD
    try:
        found = _read(config)
    except UserError as error:
        try:
            kept = _read(good)
        except UserError:
            raise error from None
        _log.warning("the settings file is wrong, the last right one is used", why=str(error))
        return Given(kept, str(error))
    _keep(config.read_bytes(), good)
    return Given(found, None)


def reason(state: Path) -> str:
    """Return why the program starts: "power", "crash" or "restart"; `ended` is to be called at a graceful end."""
    boot, running = BOOT_ID.read_text(encoding="ascii"), state / RUNNING
    before = running.read_text(encoding="ascii", errors="replace") if running.exists() else ""
    running.write_text(boot, encoding="ascii")
    if before.partition(" ")[0].strip() != boot.strip():
        return "power"
    return "restart" if before.endswith(" ended") else "crash"


def ended(state: Path) -> None:
    """Note that the program ended because it was told to; on a full disk the next start takes it for a crash."""
    boot = BOOT_ID.read_text(encoding="ascii").strip()
    with suppress(OSError):
        (state / RUNNING).write_text(f"{boot} ended", encoding="ascii")


def _read(path: Path) -> Settings:
    return configfile.settings(configfile.tables(path), str(path))


def _keep(text: bytes, good: Path) -> None:
    """Keep a copy, written only when it differs: a card wears."""
    if good.exists() and good.read_bytes() == text:
        return
    try:
        with whole_file(good) as file:
            file.write(text)
    except UserError as error:
        _log.warning("the settings cannot be kept", why=str(error))
