"""Rings: from bursts of ringing current, or of a ringer's sound, to the beginnings of rings.

A *burst* is ringing without a pause longer than `ring_hang_ms`; raw edges of every half-cycle make one burst. A *ring*
is one cycle of the cadence: bursts closer than `ring_gap_ms` (the British double ring) are one. A burst under
`ring_min_ms` is a pre-ring, a half-ring or a caller-ID alert, and starts none. A *series* is the rings of one call. All
times are milliseconds since boot.
"""

from thirdring_unit.core.events import Signal
from thirdring_unit.core.settings import Settings

LEARNING = 4  # a line's cadence moves by this part of the difference to each new cycle
SPARK_MS = 50  # the handset's own contact may spark so long on both sensors

# What a burst is known to be.
NEW = "new"  # too short to tell
ALERT = "alert"  # perhaps a caller-ID alert: a lone burst ahead of the first ring
RING = "ring"
SPENT = "spent"  # not of a call: the line is off-hook
STUCK = "stuck"


class Rings:
    """Says when a ring began, when the ringing is over, when its input is stuck.

    `pulse` takes changes of a source, `run` does what is due at `due_ms`, `cut` takes an off-hook. Each returns None or
    one event: `("ring", first_edge_ms)`, `("quit", last_sound_ms)` or `("stuck", since_ms)`.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.cycle_ms = settings.ring_cycle_ms  # learned
        self.on_ms = settings.ring_on_ms  # learned
        self.due_ms: int | None = None
        self.closed_ms: int | None = None  # since when the loop is closed: nothing rings on a closed loop
        self._sounding: list[str] = []  # the sources that are active now
        self._burst_ms: int | None = None  # first edge of the present burst
        self._last_ms = 0  # last known moment of ringing
        self._what = NEW
        self._short_ms: int | None = None  # first edge of the last burst, if it was too short to tell
        self._ring_ms: int | None = None  # first edge of the last ring of this series
        self._ring_end_ms = 0
        self._alert_ms: int | None = None  # first edge of what may be an alert
        self._alert_end_ms = 0
        self._alerted = False  # this series had its alert

    @property
    def quiet_from_ms(self) -> int | None:
        """When ringing has surely ceased; None while it sounds, 0 when there is none. A stuck input does not ring."""
        if self._burst_ms is None or self._what == STUCK:
            return 0
        return None if self._sounding else self._last_ms + self._settings.ring_hang_ms

    def pulse(self, at_ms: int, source: str, active: bool) -> "tuple[str, int] | None":
        """Take one source's change: the `ring` input, or a channel whose ear hears the ringer."""
        if (source in self._sounding) == active:
            return None
        if active:
            self._sounding.append(source)
        else:
            self._sounding.remove(source)
        if self._burst_ms is None:
            self._burst_ms, self._what = at_ms, NEW
        self._last_ms = max(at_ms, self._last_ms)
        event = self._judge()
        self._plan()
        return event

    def hear(self, signal: Signal) -> "tuple[str, int] | None":  # noqa: ARG002 -- see Earshot
        """Take a signal of the ears; here, nobody listens for rings."""
        return None

    def run(self, now_ms: int) -> "tuple[str, int] | None":
        """Judge a burst, end it, or end the series: whatever is due."""
        event = None
        if self._burst_ms is None:
            event = self._quit()
        elif self._sounding:
            self._last_ms = max(self._last_ms, min(now_ms, self.due_ms or now_ms))  # ears tell late what is over by now
            event = self._judge() or self._stick(self._burst_ms)
        else:
            self._close(self._burst_ms)
        self._plan()
        return event

    def cut(self, at_ms: int) -> "tuple[str, int] | None":
        """Take an off-hook at `at_ms`: a burst that it cut short was a ring all the same."""
        event = None
        start_ms = self._burst_ms if self._what == NEW else None
        if start_ms is None and at_ms - self._last_ms < self._settings.ring_hang_ms:
            start_ms = self._short_ms
        end_ms = at_ms if self._sounding else min(at_ms, self._last_ms)
        if start_ms is not None and end_ms - start_ms >= SPARK_MS:
            event = self._accept(start_ms)
        if self._alert_ms is not None:
            event = self._begin(self._alert_ms)
        return event

    def completed(self, at_ms: int) -> bool:
        """Whether the last ring had sounded in full at `at_ms`, the time of an off-hook."""
        if self._ring_ms is None:
            return False
        sounding = self._burst_ms is not None and self._what == RING
        end_ms = self._last_ms if sounding else self._ring_end_ms
        paused = at_ms - end_ms >= self._settings.ring_hang_ms
        return paused and at_ms - self._ring_ms >= self.on_ms * 3 // 4  # and not between the bursts of a double ring

    def forget(self) -> None:
        """End the series: a call was answered, and what still sounds belongs to none."""
        self._end_series()
        if self._burst_ms is not None and self._what != STUCK:
            self._what = SPENT
        self._plan()

    def _judge(self) -> "tuple[str, int] | None":
        start_ms = self._burst_ms
        if start_ms is None:
            return None
        length_ms = self._last_ms - start_ms
        if self._what == NEW and length_ms >= self._settings.ring_min_ms:
            if self.closed_ms is not None and start_ms - self.closed_ms >= SPARK_MS:
                self._what = SPENT
                return None
            return self._accept(start_ms)
        if self._what == ALERT and length_ms > self._settings.ring_alert_max_ms:
            return self._begin(start_ms)
        return None

    def _accept(self, start_ms: int) -> "tuple[str, int] | None":
        """The burst is ringing: part of the present ring, the beginning of a new one, or perhaps an alert."""
        gap_ms = self._settings.ring_gap_ms
        if self._ring_ms is not None and start_ms - self._ring_end_ms < gap_ms:
            self._what, self._ring_end_ms = RING, self._last_ms
            return None
        if self._alert_ms is not None and start_ms - self._alert_end_ms < gap_ms:
            return self._begin(self._alert_ms)
        if self._ring_ms is None and not self._alerted and self.on_ms > self._settings.ring_alert_max_ms > 0:
            self._what, self._alert_ms, self._alert_end_ms, self._alerted = ALERT, start_ms, start_ms, True
            return None
        return self._begin(start_ms)

    def _begin(self, start_ms: int) -> tuple[str, int]:
        if self._ring_ms is not None:
            self._learn(start_ms - self._ring_ms, self._ring_end_ms - self._ring_ms)
        self._ring_ms, self._ring_end_ms = start_ms, self._last_ms
        self._alert_ms = None
        if self._burst_ms is not None:
            self._what = RING
        return ("ring", start_ms)

    def _learn(self, cycle_ms: int, on_ms: int) -> None:
        if self.cycle_ms <= 2 * cycle_ms <= 3 * self.cycle_ms and on_ms > 0:
            self.cycle_ms += (cycle_ms - self.cycle_ms) // LEARNING
            self.on_ms += (on_ms - self.on_ms) // LEARNING

    def _close(self, start_ms: int) -> None:
        """The burst is over."""
        self._short_ms = start_ms if self._what == NEW else None
        if self._what == RING:
            self._ring_end_ms = self._last_ms
        elif self._what == ALERT and self._alert_ms == start_ms:
            self._alert_end_ms = self._last_ms
        self._burst_ms = None

    def _quit(self) -> "tuple[str, int] | None":
        event = None if self._ring_ms is None else ("quit", self._ring_end_ms)
        self._end_series()
        return event

    def _stick(self, start_ms: int) -> "tuple[str, int] | None":
        if self._what == STUCK or self._last_ms - start_ms < self._settings.ring_stuck_ms:
            return None
        self._end_series()
        self._what = STUCK
        return ("stuck", start_ms)

    def _end_series(self) -> None:
        self._ring_ms = self._alert_ms = None
        self._alerted = False

    def _plan(self) -> None:
        start_ms = self._burst_ms
        if start_ms is None:
            series_ms = self._alert_ms if self._ring_ms is None else self._ring_ms
            self.due_ms = None if series_ms is None else series_ms + self.cycle_ms * 3 // 2
        elif not self._sounding:
            self.due_ms = self._last_ms + self._settings.ring_hang_ms
        elif self._what == NEW:
            self.due_ms = start_ms + self._settings.ring_min_ms
        elif self._what == ALERT:
            self.due_ms = start_ms + self._settings.ring_alert_max_ms + 1
        elif self._what == STUCK:
            self.due_ms = None
        else:
            self.due_ms = start_ms + self._settings.ring_stuck_ms
