"""The wired inputs of a desk on GPIO pins: every raw edge, with the kernel's time of it.

The edges come from gpiozero's pins, below its devices: those lose edges when a line rings at 25 to 60 Hz, and their
debounce would drop what the core has to see.
"""

from collections.abc import Callable, Iterable

import structlog
from gpiozero.pins import Factory

from thirdring_unit.core.unit import Unit
from thirdring_unit.edgefile import Edge
from thirdring_unit.pi import pins
from thirdring_unit.pi.gpio import pin_error
from thirdring_unit.runtime import Clock

_log = structlog.get_logger()


class Inputs:
    """The inputs called `names`, each a contact on its pin; `put` is given every edge, from a thread of the pins.

    Raises UserError when a pin cannot be had.
    """

    def __init__(self, names: Iterable[str], factory: Factory, clock: Clock, put: Callable[[Edge], object]) -> None:
        self._inputs = [_Input(name, factory, clock, put) for name in names]

    def active(self) -> list[str]:
        """Return the names of the inputs that are active now."""
        return [each.name for each in self._inputs if each.is_active()]

    def look(self, unit: Unit, up_ms: int) -> None:
        """Look whether every pin is where its last edge has left it; to be called about once a second.

        A pin that is not, twice in a row, has lost an edge: the unit is told of the level and of the loss.
        """
        for each in self._inputs:
            if each.has_lost_an_edge():
                _log.warning("an edge was lost", input=each.name)
                each.tell(up_ms)
                unit.fault(
                    up_ms, each.name, True, "an edge was lost: the computer was too busy, or the kernel's queue full"
                )

    def close(self) -> None:
        """Tell no more, and give the pins back."""
        for each in self._inputs:
            each.close()


class _Input:
    """One contact: its pin, the level that means active, and what was last told of it."""

    def __init__(self, name: str, factory: Factory, clock: Clock, put: Callable[[Edge], object]) -> None:
        self.name = name
        self._clock = clock
        self._put = put
        number, self._active_level, pull = pins.INPUTS[name]
        try:
            self._pin = factory.pin(number)
            self._pin.input_with_pull(pull)
            self._pin.edges = "both"
            self._told = self.is_active()
            self._pin.when_changed = self._changed  # the pin holds it weakly: this object must live on
        except Exception as error:
            raise pin_error(f"input {name}", number, error) from error
        self._edges = 0
        self._doubted: int | None = None  # how many edges there had been when the pin was found elsewhere

    def is_active(self) -> bool:
        return bool(self._pin.state) == self._active_level

    def has_lost_an_edge(self) -> bool:
        before, active = self._edges, self.is_active()
        is_doubtful = active != self._told
        is_sure = is_doubtful and self._doubted == before
        self._doubted = before if is_doubtful else None
        return is_sure

    def tell(self, at_ms: int) -> None:
        """Tell the level that the pin has now."""
        self._tell(at_ms, self.is_active())

    def close(self) -> None:
        self._pin.when_changed = None
        self._pin.close()

    def _changed(self, ticks: float, state: int) -> None:
        if state in (0, 1):  # lgpio also knows a watchdog's 2
            self._tell(self._clock.up_ms_at(ticks), bool(state) == self._active_level)

    def _tell(self, at_ms: int, active: bool) -> None:
        self._edges += 1
        self._told = active
        self._put(Edge(at_ms, self.name, active))
