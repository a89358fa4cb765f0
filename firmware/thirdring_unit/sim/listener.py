"""The ears of a simulated desk: the day's own sound goes through the real ears, block by block, as time passes."""

from collections.abc import Mapping

from thirdring_unit import delivery
from thirdring_unit.core.unit import Unit
from thirdring_unit.ears.ears import BLOCK_FRAMES, Ears
from thirdring_unit.edgefile import Edge
from thirdring_unit.sim.day import Day
from thirdring_unit.sim.sound import FRAME_MS, FRAME_SAMPLES, Channel, Stream

LISTENED: Mapping[str, tuple[Channel, ...]] = {"both": ("line", "agent"), "line": ("line",), "none": ()}
"""The channels that a unit listens to, by the scenario's `ears`."""

BLOCK_MS = BLOCK_FRAMES * FRAME_MS


class Listener:
    """Ears that begin to listen `began_ms` into the day, where the unit began.

    The ears judge block by block: fed so, they tell everything at the moment at which they would if fed frame by frame.
    """

    def __init__(self, day: Day, began_ms: int) -> None:
        self._streams = {channel: Stream(day, channel, began_ms) for channel in LISTENED[day.scenario.ears]}
        self._ears = Ears(day.scenario.country, self._streams)
        self._heard_ms = 0  # by the unit's time: whole frames

    def next_ms(self) -> int | None:
        """Return when the next block has been heard, by the unit's time; None without ears."""
        return self._heard_ms + BLOCK_MS if self._streams else None

    def listen(self, unit: Unit, up_ms: int) -> None:
        """Hear what has sounded until now, in whole frames."""
        times_ms = range(self._heard_ms, up_ms - FRAME_MS + 1, FRAME_MS)
        for channel, stream in self._streams.items():
            sound = stream.read(len(times_ms) * FRAME_MS).reshape(-1, FRAME_SAMPLES)
            for at_ms, frame in zip(times_ms, sound, strict=True):
                delivery.hear(unit, up_ms, signals=self._ears.feed(channel, frame, at_ms))
        self._heard_ms += len(times_ms) * FRAME_MS

    def edge(self, unit: Unit, up_ms: int, *, edge: Edge) -> None:
        """Bring in an edge; before the line opens, what has sounded until then."""
        if delivery.opens_line(edge):
            self.listen(unit, up_ms)
        delivery.edge(unit, up_ms, ears=self._ears, edge=edge)
