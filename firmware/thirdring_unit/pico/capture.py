"""Edges, stamped in the interrupt and taken out by the loop.

An interrupt handler may not allocate, so everything it touches is made beforehand: a ring of stamps, a ring of codes,
one bound method for each pin. There is one writer (handlers do not interrupt each other) and one reader.
"""

from array import array
from time import ticks_ms

from machine import Pin

SIZE = 512  # edges; ringing gives at most 120 a second, and no turn of the loop takes four seconds
_MASK = SIZE - 1
_PULLS = {"up": Pin.PULL_UP, "down": Pin.PULL_DOWN}


class Capture:
    """A ring of edges between the interrupt handlers and the loop; `lost` counts those that found it full."""

    def __init__(self) -> None:
        self._ticks = array("i", [0] * SIZE)
        self._codes = bytearray(SIZE)
        self._head = 0  # written by handlers only
        self._tail = 0  # written by the loop only
        self.lost = 0

    def put(self, code: int) -> None:
        """Keep an edge with its time; for interrupt handlers, allocates nothing."""
        head = self._head
        following = (head + 1) & _MASK
        if following == self._tail:
            self.lost += 1
            return
        self._ticks[head] = ticks_ms()  # type: ignore[call-overload]  # the stubs keep ticks apart from int
        self._codes[head] = code
        self._head = following

    def take(self) -> "tuple[int, int] | None":
        """Return the ticks and the code of the oldest edge, None when there is none."""
        tail = self._tail
        if tail == self._head:
            return None
        edge = self._ticks[tail], self._codes[tail]
        self._tail = (tail + 1) & _MASK
        return edge


class Input:
    """One input: a pin whose every change goes into the capture under twice its number, plus one when it is active."""

    def __init__(self, capture: Capture, row: "tuple[str, int, int, str, int]", number: int) -> None:
        self.name, pin, self._active_level, pull, _ = row
        self._put = capture.put
        self._code = 2 * number
        self._pin = Pin(pin, Pin.IN) if pull == "none" else Pin(pin, Pin.IN, _PULLS[pull])
        self._pin.irq(handler=self._changed, trigger=Pin.IRQ_FALLING | Pin.IRQ_RISING, hard=True)

    def is_active(self) -> bool:
        """Tell the present level, after polarity."""
        return self._pin.value() == self._active_level

    def _changed(self, pin: Pin) -> None:
        self._put(self._code + (pin.value() == self._active_level))


class Inputs:
    """The inputs that are fitted, and their edges in the order in which they came."""

    def __init__(self, rows: "tuple[tuple[str, int, int, str, int], ...]", fitted: "tuple[str, ...]") -> None:
        self._capture = Capture()
        self._told = 0
        fitting = [row for row in rows if row[0] in fitted]
        self._inputs = [Input(self._capture, row, number) for number, row in enumerate(fitting)]

    def active(self) -> "list[str]":
        """Return the names of the inputs that are active now."""
        return [each.name for each in self._inputs if each.is_active()]

    def take(self) -> "tuple[int, str, bool] | None":
        """Return ticks, name and level of the next edge, None when there is none."""
        edge = self._capture.take()
        return edge and (edge[0], self._inputs[edge[1] >> 1].name, bool(edge[1] & 1))

    def levels(self) -> "list[tuple[str, bool]]":
        """Return every input with its present level."""
        return [(each.name, each.is_active()) for each in self._inputs]

    def lost(self) -> int:
        """Return how many edges were lost since this was asked last."""
        lost = self._capture.lost - self._told
        self._told += lost
        return lost


def fitted(names: "tuple[str, ...]") -> Inputs:
    """Return the inputs of this board that are called `names`."""
    from thirdring_unit.pico.pins import INPUTS  # noqa: PLC0415 -- forgotten once it is done

    return Inputs(INPUTS, names)
