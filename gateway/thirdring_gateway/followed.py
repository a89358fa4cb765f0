"""The settings file while the gateway runs: what somebody writes into it about the units is in force at once."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import structlog

from thirdring_gateway.config import read
from thirdring_gateway.trouble import Trouble

log = structlog.get_logger()


class Followed:
    """A settings file that is in force; to be asked every second or so."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen = self._state()

    def units_written(self) -> Mapping[str, Mapping[str, Any]] | None:
        """Return the units' settings when the file was written since, None when not; a wrong file is told once."""
        latest = self._state()
        if latest == self._seen:
            return None
        self._seen = latest
        try:
            units = read(self._path).units
        except Trouble as trouble:
            log.warning("the settings file is wrong, what was in it before stays in force", why=str(trouble))
            return None
        log.info("settings of the units are read again; other ones are in force after a restart")
        return units

    def _state(self) -> tuple[int, int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino
