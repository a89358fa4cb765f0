"""How what happens around a unit is brought to it: signals as the ears tell them, edges with the sound before them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the ears bring numpy along, which a desk without sound does not need
    from collections.abc import Iterable

    from thirdring_unit.core.events import Signal
    from thirdring_unit.core.unit import Unit
    from thirdring_unit.ears.ears import Ears
    from thirdring_unit.edgefile import Edge


def hear(unit: Unit, up_ms: int, *, signals: Iterable[Signal]) -> None:
    """Bring in what the ears have told."""
    for signal in signals:
        unit.hear(up_ms, signal)


def edge(unit: Unit, up_ms: int, *, ears: Ears, edge: Edge) -> None:
    """Bring in an edge, after the sound until then has been fed."""
    if closes_line(edge):
        hear(unit, up_ms, signals=ears.off_hook())  # the burst that is cut short now was a ring
    if opens_line(edge):
        hear(unit, up_ms, signals=ears.on_hook())  # a clearing tone needs less proof when the handset goes down
    unit.edge(up_ms, edge.name, edge.active)


def closes_line(edge: Edge) -> bool:
    """Tell whether the line closes with this edge: whoever rang is answered, if anybody did."""
    return edge.name == "loop" and edge.active


def opens_line(edge: Edge) -> bool:
    """Tell whether the line opens with this edge: the ears then judge at once what they have heard."""
    return edge.name == "loop" and not edge.active
