"""Turns flags of frames into talk spurts: on and off at the true start and end of what was said."""

from thirdring_unit.core.events import Signal

from .block import FRAME_MS
from .samples import Flags

SHORTEST_MS = 120  # a spurt; a click or a cough's onset is shorter than any word
PAUSE_MS = 300  # between words of one spurt


class Spurts:
    """The spurts of one channel."""

    def __init__(self, what: str, channel: str, shortest_ms: int = SHORTEST_MS, pause_ms: int = PAUSE_MS) -> None:
        self._what, self._channel = what, channel
        self._shortest_ms, self._pause_ms = shortest_ms, pause_ms
        self._on = False
        self._heard_ms = 0  # in the present spurt, or in what may become one
        self._from_ms = self._to_ms = -pause_ms

    def step(self, at_ms: list[int], flags: Flags) -> list[Signal]:
        """Returns the beginnings and ends that are certain by now."""
        if not (flags.any() or self._heard_ms):
            return []
        signals = []
        for frame_ms, flag in zip(at_ms, flags.tolist(), strict=True):
            if frame_ms - self._to_ms >= self._pause_ms:
                signals += self.end()
            if flag:
                signals += self._hear(frame_ms)
        return signals

    def end(self) -> list[Signal]:
        """Ends the present spurt."""
        was_on, self._on, self._heard_ms = self._on, False, 0
        return [Signal(self._what, self._channel, False, self._to_ms, None)] if was_on else []

    def _hear(self, frame_ms: int) -> list[Signal]:
        if not self._heard_ms:
            self._from_ms = frame_ms
        self._heard_ms += FRAME_MS
        self._to_ms = frame_ms + FRAME_MS
        if self._on or self._heard_ms < self._shortest_ms:
            return []
        self._on = True
        return [Signal(self._what, self._channel, True, self._from_ms, None)]
