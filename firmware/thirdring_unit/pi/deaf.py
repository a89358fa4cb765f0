"""A desk without a sound card: its edges go to the unit as they are. It needs no numpy, which spares 30 MB."""

from thirdring_unit.core.unit import Unit
from thirdring_unit.edgefile import Edge


class Deaf:
    """Stands where the microphones are on a desk that listens."""

    def start(self) -> None:
        """Nothing is to be begun."""

    def edge(self, unit: Unit, up_ms: int, *, edge: Edge) -> None:
        """Bring in an edge."""
        unit.edge(up_ms, edge.name, edge.active)

    def are_alive(self) -> bool:
        """Nothing can hang."""
        return True

    def close(self) -> None:
        """Nothing is open."""
