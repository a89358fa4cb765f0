"""The ears of a desk on a Pi: frames of its sound cards in, signals to the unit."""

from collections import deque

from thirdring_unit import delivery
from thirdring_unit.core.unit import Unit
from thirdring_unit.ears.ears import BLOCK_FRAMES, Ears
from thirdring_unit.ears.samples import Samples
from thirdring_unit.edgefile import Edge
from thirdring_unit.runtime import Inbox

WAITING_MAX = 1_000  # frames: 20 s of one channel
HEAR_OUT_MS = 500  # a ringing line toggles the loop 50 times a second: the ears hear out what they have once in so long


class Listener:
    """A desk's ears. Cards offer frames from their threads; the ears hear them in the loop, block by block.

    The ears judge in blocks of 32 frames: fed so, they tell everything at the moment at which they would anyway.
    """

    def __init__(self, ears: Ears, inbox: Inbox) -> None:
        self._inbox = inbox
        self._ears = ears
        self._waiting: deque[tuple[str, Samples, int]] = deque()
        self._offered = 0
        self._heard_out_ms = -HEAR_OUT_MS

    @property
    def is_full(self) -> bool:
        """Whether the loop is far behind: cards are to wait, and lose sound that is then counted."""
        return len(self._waiting) >= WAITING_MAX

    def offer(self, channel: str, frame: Samples, at_ms: int) -> None:
        """Take a frame that began at `at_ms`, from any thread."""
        self._waiting.append((channel, frame, at_ms))
        self._offered += 1
        if self._offered % BLOCK_FRAMES == 0:
            self._inbox.put(self.listen)

    def listen(self, unit: Unit, up_ms: int) -> None:
        """Hear what has come."""
        for _ in range(len(self._waiting)):
            delivery.hear(unit, up_ms, signals=self._ears.feed(*self._waiting.popleft()))

    def edge(self, unit: Unit, up_ms: int, *, edge: Edge) -> None:
        """Bring in an edge; before the line closes or opens, what has sounded until then."""
        if edge.name == "loop" and up_ms - self._heard_out_ms >= HEAR_OUT_MS:
            self._heard_out_ms = up_ms
            self.listen(unit, up_ms)
            delivery.edge(unit, up_ms, ears=self._ears, edge=edge)
        else:
            unit.edge(up_ms, edge.name, edge.active)
