"""Earshot: the phone's rings as ears in the room tell them, and the voice that answers where no loop is wired.

Ears tell late what they back-date. Where a wire has told a ring, they are not asked. A Pico has none, and spares this.
"""

from thirdring_unit.core.events import CHANNELS, Signal
from thirdring_unit.core.rings import Rings
from thirdring_unit.core.settings import Settings

LATE_MS = 1500  # so late do the ears tell a ring at most
CUT = "cut"  # the detail of a ring's end that came before a whole ring was over


class Earshot(Rings):
    """`Rings` that are also heard; one event more, `("heard", at_ms)`: ringing ended, and somebody spoke."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._answers = "loop" not in settings.inputs
        self._wired = False
        self._voice_ms: int | None = None  # first voice since the last ring
        self._cut_short = False  # the last ring, so far

    def pulse(self, at_ms: int, source: str, active: bool) -> "tuple[str, int] | None":
        """Take a change of the `ring` input, or of a channel as long as that input has told nothing."""
        if source == "ring":
            self._wired = True
        return None if self._wired and source != "ring" else super().pulse(at_ms, source, active)

    def hear(self, signal: Signal) -> "tuple[str, int] | None":
        """Take a ringer's burst or a voice."""
        if signal.what == "ring" and signal.channel in CHANNELS:
            self._cut_short = signal.detail == CUT
            return self.pulse(signal.at_ms, signal.channel, signal.on)
        if signal.what == "voice" and signal.on and self._voice_ms is None:
            self._voice_ms = signal.at_ms
        return None

    def completed(self, at_ms: int) -> bool:
        """Whether the last ring had sounded in full at `at_ms`, the time of an answer."""
        return not self._cut_short if self._ring_ms is None else super().completed(at_ms)

    def _begin(self, start_ms: int) -> tuple[str, int]:
        self._voice_ms = None
        return super()._begin(start_ms)

    def _quit(self) -> "tuple[str, int] | None":
        event = super()._quit()
        if event is None or self._voice_ms is None or not self._answers:
            return event
        return ("heard", event[1] if self._cut_short else max(event[1], self._voice_ms))

    def _plan(self) -> None:
        super()._plan()
        if self._burst_ms is None and self.due_ms is not None and not self._wired:
            self.due_ms += LATE_MS
