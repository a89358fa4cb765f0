"""The journal's files on a card that may be full or worn out: what it refuses is told, and so is its recovery."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import structlog

from thirdring_unit.core.unit import Unit
from thirdring_unit.filestorage import FileStorage

PART = "storage"
PROBE, PROBE_BYTES = "probe", 4_096

_log = structlog.get_logger()


class Disk(FileStorage):
    """Files that say in the log when they cannot be written; `look` tells the unit, and when it is over."""

    refused = 0  # writes, since it last worked

    def append(self, name: str, data: bytes) -> None:
        """Add `data` at the end of `name`."""
        with self._telling():
            super().append(name, data)

    def write(self, name: str, data: bytes) -> None:
        """Replace all bytes of `name`."""
        with self._telling():
            super().write(name, data)

    def look(self, unit: Unit, up_ms: int) -> None:
        """While the disk refuses, try whether it has recovered; to be called every few seconds."""
        if self.refused and self._works():
            _log.info("the disk works again", refused=self.refused)
            unit.fault(up_ms, PART, False, f"{self.refused} writes were refused")
            self.refused = 0

    def _works(self) -> bool:
        with suppress(OSError):
            super().write(PROBE, bytes(PROBE_BYTES))
            self.remove(PROBE)
            return True
        return False

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self.refused += 1
            _log.error("the disk refuses a write: is it full, or worn out?", why=error.strerror)
            raise
