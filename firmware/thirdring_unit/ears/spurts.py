"""Joins flags of frames into talk spurts or stretches of music: on and off at their true start and end."""

from thirdring_unit.core.events import Signal

from .block import FRAME_MS
from .samples import Flags

AGAINST = 2  # so much more than silence does speech tell that music is over


class Spurts:
    """What is on when `shortest_ms` more of it was heard than not, `sure_ms` beyond doubt, and off after a pause.

    While it is on, every frame of it makes up for `regain_ms` of the pause: a stray one does not make a long pause
    of music shorter, but a syllable keeps a spurt of talk alive.
    """

    def __init__(
        self, what: str, channel: str, *, shortest_ms: int, sure_ms: int, pause_ms: int, regain_ms: int
    ) -> None:
        self._what, self._channel = what, channel
        self._shortest_ms, self._sure_ms, self._regain_ms = shortest_ms, sure_ms, regain_ms
        self.pause_ms = pause_ms
        self.on = False
        self._proof_ms = 0  # when off, towards on; when on, what is left of the pause
        self._known_ms = 0  # of the proof, beyond doubt
        self._from_ms = self._to_ms = 0

    def step(self, at_ms: list[int], likely: Flags, sure: Flags, against: Flags | None = None) -> list[Signal]:
        """Returns the beginnings and ends that are certain by now; `against` marks what cannot be part of it."""
        if not (self.on or self._proof_ms or likely.any()):
            return []
        if at_ms and self.on and self._regain_ms >= self.pause_ms and likely.all():
            self.assure(at_ms[-1], at_ms[-1])
            return []
        contrary = [False] * len(at_ms) if against is None else against.tolist()
        signals: list[Signal] = []
        for frame_ms, flag, known, no in zip(at_ms, likely.tolist(), sure.tolist(), contrary, strict=True):
            loss_ms = FRAME_MS * AGAINST if no else FRAME_MS
            signals += self._last(frame_ms, flag, loss_ms) if self.on else self._begin(frame_ms, flag, known, loss_ms)
        return signals

    def assure(self, from_ms: int, frame_ms: int) -> list[Signal]:
        """Leaves no doubt that it is on at `frame_ms`, and has been since `from_ms` at the latest."""
        was_on, self.on, self._proof_ms, self._to_ms = self.on, True, self.pause_ms, frame_ms + FRAME_MS
        return [] if was_on else [Signal(self._what, self._channel, True, from_ms, None)]

    def end(self) -> list[Signal]:
        """Ends what is on."""
        was_on, self.on, self._proof_ms = self.on, False, 0
        return [Signal(self._what, self._channel, False, self._to_ms, None)] if was_on else []

    def _begin(self, frame_ms: int, flag: bool, known: bool, loss_ms: int) -> list[Signal]:
        if not flag:
            self._proof_ms = max(0, self._proof_ms - loss_ms)
            return []
        if not self._proof_ms:
            self._from_ms, self._known_ms = frame_ms, 0
        self._proof_ms += FRAME_MS
        self._known_ms += FRAME_MS if known else 0
        if self._proof_ms < self._shortest_ms or self._known_ms < self._sure_ms:
            return []
        return self.assure(self._from_ms, frame_ms)

    def _last(self, frame_ms: int, flag: bool, loss_ms: int) -> list[Signal]:
        change_ms = self._regain_ms if flag else -loss_ms
        self._proof_ms = min(self.pause_ms, self._proof_ms + change_ms)
        if self._proof_ms == self.pause_ms:
            self._to_ms = frame_ms + FRAME_MS
        return self.end() if self._proof_ms <= 0 else []
