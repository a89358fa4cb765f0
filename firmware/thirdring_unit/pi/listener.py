"""The ears of a desk on a Pi: frames of its sound cards in, signals to the unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from thirdring_unit import delivery

if TYPE_CHECKING:
    from collections.abc import Iterable

    from thirdring_unit.core.unit import Unit
    from thirdring_unit.ears.ears import Ears
    from thirdring_unit.edgefile import Edge


class Listener:
    """Ears for `channels`; a desk without any has none, and spares their memory."""

    def __init__(self, country: str, channels: Iterable[str]) -> None:
        self._ears: Ears | None = None
        if channels:
            from thirdring_unit.ears.ears import Ears  # noqa: PLC0415 -- numpy comes with it, 30 MB

            self._ears = Ears(country, channels)

    def edge(self, unit: Unit, up_ms: int, *, edge: Edge) -> None:
        """Bring in an edge, after the sound that has come until then."""
        if self._ears:
            delivery.edge(unit, up_ms, ears=self._ears, edge=edge)
        else:
            unit.edge(up_ms, edge.name, edge.active)
