"""Every unit is asked to check itself five minutes before the branch opens; it answers with a `checked` fact (R11)."""

from collections.abc import Iterable

from thirdring_unit.core import wire

from thirdring_gateway.domain.hours import OpeningHours, local_date

EARLY_MS = 5 * 60_000

Question = tuple[str, bytes]
"""A topic and what is published there."""


class RollCall:
    """Says when the units are to be asked; what was due before it began is not made up for."""

    def __init__(self, now_ms: int) -> None:
        self._seen_ms = now_ms

    def due(self, now_ms: int, hours: OpeningHours, branch: str, units: Iterable[str]) -> list[Question]:
        """Return what to ask now; to be called about once a second."""
        opened = hours.openings(self._seen_ms + EARLY_MS, now_ms + EARLY_MS)
        self._seen_ms = now_ms
        if not opened:
            return []
        request = {"id": f"opening-{local_date(opened[-1], hours.zone)}", "do": "self-check"}
        payload = wire.encode("cmd", request)
        return [(wire.topic(branch, unit, "cmd"), payload) for unit in units]
