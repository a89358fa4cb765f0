"""Hears the network's tones: narrowband energy at the right pitch, at a steady level, in the right cadence."""

from collections import deque

import numpy as np

from thirdring_unit.core.events import Signal

from .block import FRAME_MS, WINDOW, Block
from .bursts import Burst, Joiner, bursts_in_cadence
from .dtmf import Dtmf
from .pitch import Pitch
from .plans import Tone
from .samples import NO_FLAGS, Flags

STEADY_MS = 4000  # longer than any burst of a cadence, and than a held note
CYCLES = 3  # fewer could be two notes or two syllables
CYCLES_LONG, LONG_MS = 2, 3000  # a burst that comes back to the moment after a long pause is as good as a third one
CYCLES_ON_HOOK = 2  # the hang-up is the other half of the proof
SOUND_MS = 250  # of a cadence's bursts together: three clicks are not three beeps
CLEARING = {"busy", "congestion", "disconnect"}  # what the network sends to the one who is left
BURSTS_KEPT = 16  # of a tone and of noise in its pauses
PAUSE_PERCENT = 130  # of a cadence's longest pause: then the tone is over


class Tones:
    """All tones of one country on one channel."""

    def __init__(self, channel: str, tones: tuple[Tone, ...], rate_hz: int) -> None:
        self.heard = NO_FLAGS  # frames of the latest block that are one of the tones
        self._watches = [
            _Watch(channel, Pitch(hz, WINDOW[rate_hz] // 2), [tone for tone in tones if tone.hz == hz])
            for hz in dict.fromkeys(tone.hz for tone in tones)
        ]
        self._dtmf = Dtmf(channel, rate_hz)
        self._shares = np.column_stack([watch.pitch.share for watch in self._watches])

    def step(self, block: Block) -> list[Signal]:
        """Returns the tones that began or ended, at the time of their first or last burst."""
        self.heard = np.zeros(len(block.at_ms), np.bool_)
        dialling = self._dtmf.step(block, self.heard)
        likely = (block.spectrum @ self._shares).max(axis=0) >= 0
        return dialling + [
            signal
            for watch, worth_it in zip(self._watches, likely.tolist(), strict=True)
            if worth_it or watch.busy
            for signal in watch.step(block, self.heard)
        ]

    def on_hook(self) -> list[Signal]:
        """Returns the tones that two cycles prove, now that the line goes on-hook."""
        return [signal for watch in self._watches for signal in watch.on_hook()]

    def end(self) -> list[Signal]:
        """Ends the tones that are on."""
        return self._dtmf.end() + [signal for watch in self._watches for signal in watch.end()]


class _Watch:
    """Follows one pitch; at most one tone is on at a time."""

    def __init__(self, channel: str, pitch: Pitch, tones: list[Tone]) -> None:
        self._channel = channel
        self.pitch = pitch
        self._joiner = Joiner(pitch.level_step)
        self._cadenced = [tone for tone in tones if tone.cadence_ms]
        self._steady = [tone for tone in tones if not tone.cadence_ms]
        self._bursts: deque[Burst] = deque(maxlen=BURSTS_KEPT)
        self._on: Tone | None = None

    @property
    def busy(self) -> bool:
        """Whether a tone is on or may be coming on."""
        return self._on is not None or self._joiner.running_ms > 0

    def step(self, block: Block, heard: Flags) -> list[Signal]:
        """Follows the bursts of a block; adds its own frames to `heard`."""
        frames = self.pitch(block.spectrum)
        heard |= frames.clear
        signals: list[Signal] = []
        for burst in self._joiner.step(block.at_ms, frames):
            signals += self._take(burst)
        if self._joiner.running_ms:
            return signals + self._lasting(block)
        return signals + (self.end() if self._on and self._silent(self._on, block.end_ms) else [])

    def decide(self) -> list[Signal]:
        """Turns on the tone whose cadence was kept long enough."""
        return self._proven(self._cadenced, CYCLES, CYCLES_LONG)

    def _proven(self, tones: list[Tone], cycles: int, cycles_long: int) -> list[Signal]:
        for tone in () if self._on else tones:
            per_cycle = len(tone.cadence_ms) // 2
            enough = cycles_long if sum(tone.cadence_ms) >= LONG_MS else cycles
            wanted = per_cycle * max(enough, -(-SOUND_MS // sum(tone.cadence_ms[::2])))
            kept = bursts_in_cadence(self._bursts, tone.cadence_ms)
            if kept >= wanted:
                return self._turn_on(tone, self._bursts[-kept].from_ms)
        return []

    def on_hook(self) -> list[Signal]:
        """Turns on the tone that two cycles prove; noise at its pitch after its last burst does not count."""
        clearing = [tone for tone in self._cadenced if tone.name in CLEARING]
        while self._bursts and not self._on:
            signals = self._proven(clearing, CYCLES_ON_HOOK, CYCLES_ON_HOOK)
            if signals:
                return signals
            newest = self._bursts.pop()
            if not any(self._joiner.softer(newest.power, former.power) for former in self._bursts):
                break
        return []

    def end(self) -> list[Signal]:
        """Turns the tone off at the end of its last burst."""
        if not self._on:
            return []
        last = self._joiner.running() if self._joiner.running_ms else self._bursts[-1]
        signal = Signal("tone", self._channel, False, last.to_ms, self._on.name)
        self._on = None
        self._bursts.clear()
        return [signal]

    def _take(self, burst: Burst) -> list[Signal]:
        """Puts a burst to the others; what is much softer than it, or than the tone that is on, is noise."""
        if burst.to_ms - burst.from_ms <= FRAME_MS:
            return []  # a click
        if self._on and self._bursts and self._joiner.softer(burst.power, self._bursts[-1].power):
            return []
        louder = [former for former in self._bursts if not self._joiner.softer(former.power, burst.power)]
        self._bursts = deque([*louder, burst], maxlen=BURSTS_KEPT)
        return self._check(self._on) if self._on else self.decide()

    def _turn_on(self, tone: Tone, from_ms: int) -> list[Signal]:
        self._on = tone
        return [Signal("tone", self._channel, True, from_ms, tone.name)]

    def _check(self, tone: Tone) -> list[Signal]:
        """Turns the tone off when its newest burst is its end or breaks its cadence."""
        if not tone.cadence_ms:
            return self.end()
        if bursts_in_cadence(self._bursts, tone.cadence_ms) > 1:
            return []
        stranger = self._bursts.pop()
        signals = self.end()
        self._bursts.append(stranger)
        return signals

    def _lasting(self, block: Block) -> list[Signal]:
        """Turns a steady tone on when the present burst has outlasted every cadence."""
        if self._on or not self._steady or self._joiner.running_ms < STEADY_MS:
            return []
        running = self._joiner.running()
        if not (running.steady and running.pure and self.pitch.in_tune(block.spectrum)):
            return []
        return self._turn_on(self._steady[0], running.from_ms)

    def _silent(self, tone: Tone, now_ms: int) -> bool:
        longest_ms = max(tone.cadence_ms[1::2], default=0)
        return now_ms - self._bursts[-1].to_ms > longest_ms * PAUSE_PERCENT // 100
