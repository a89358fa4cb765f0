"""Listens to the phone's conversation: speech on either side, and music and tones on the line."""

from collections.abc import Callable, Iterable

import numpy as np
import webrtcvad

from thirdring_unit.core.events import Signal

from .block import FRAME_MS, Block
from .character import NEVER, Character
from .judge import Verdict
from .leak import Leak, Sounding
from .loudness import Loudness
from .neural import Ask, Doubts
from .plans import tones_of
from .samples import NO_FLAGS, Flags, Reals
from .shadow import Shadow
from .spurts import Spurts
from .talk import Talk
from .tones import Tones
from .tunes import PROOF_MS, Tune, Tunes

VAD_MODE = 3  # the strictest; what it still lets through is ours to tell apart
SPOKEN_MS, SURE_MS = 120, 120  # a shorter sound is no word
BREATH_MS = 300  # a shorter pause is between words
MUSIC_MS, REST_MS = 4000, 10_000  # music is music when it goes on; a shorter rest is part of it
KNOWN_REST_MS = 30_000  # the site's own music: an announcement of 15 s is part of it, as speech counts twice
LEAD_IN_MS = 20_000  # so slow to recognise can the beginning of a tune be
LEAD_OUT_MS = 5000  # and so far can its end be told from the talk that ended it


class Phone:
    """The detectors of one side of the conversation, `agent` or `line`.

    `tunes` are the site's own hold music, `agent` gives what the agent said lately, whose echo is no caller's voice.
    """

    def __init__(
        self,
        channel: str,
        country: str,
        rate_hz: int,
        tunes: Iterable[Tune] = (),
        agent: Callable[[], Sounding] | None = None,
        ask: Ask | None = None,
    ) -> None:
        self._rate_hz = rate_hz
        self._vad = webrtcvad.Vad(VAD_MODE)
        self._tones = Tones(channel, tones_of(country), rate_hz)
        self._tunes = Tunes(tunes)
        self._agent, self._leak, self._shadow = agent, Leak(), Shadow()
        self._character = Character()
        self._doubts = Doubts(ask, rate_hz) if ask else None
        self._voice = Spurts(
            "voice", channel, shortest_ms=SPOKEN_MS, sure_ms=SURE_MS, pause_ms=BREATH_MS, regain_ms=BREATH_MS
        )
        self._music = Spurts(
            "music", channel, shortest_ms=MUSIC_MS, sure_ms=MUSIC_MS, pause_ms=REST_MS, regain_ms=FRAME_MS
        )
        self._talk = Talk(channel) if channel == "line" else None
        self._loudness = Loudness() if channel == "agent" else None
        self._power: Reals = np.zeros(0, np.float32)  # of the frames that wait for their verdict
        self._known = NO_FLAGS  # whether they are of a known tune

    def hear(self, block: Block) -> list[Signal]:
        """Returns what is certain after this block."""
        tones = self._tones.step(block)
        self._power = np.concatenate((self._power, block.power))
        self._known = np.concatenate((self._known, self._tunes.step(block)))
        if self._doubts:
            self._doubts.hear(block)
        return tones + self._follow(*self._character.step(block, self._gate(block), self._tones.heard))

    def settle(self) -> list[Signal]:
        """Returns what the line's going on-hook makes certain."""
        return self._follow(*self._character.rest()) + self._tones.on_hook() + self._paused()

    def end(self) -> list[Signal]:
        """Ends everything that is on."""
        return (
            self._follow(*self._character.rest())
            + self._tones.end()
            + self._spoken(self._voice.end())
            + self._paused()
            + self._music.end()
        )

    def _paused(self) -> list[Signal]:
        return self._talk.end() if self._talk else []

    def _follow(self, at_ms: list[int], verdict: Verdict) -> list[Signal]:
        power, self._power = self._power[: len(at_ms)], self._power[len(at_ms) :]
        if self._doubts:
            verdict = self._doubts.settle(verdict, spoken=self._voice.on)
        if self._loudness:
            self._loudness.step(verdict.sure, power)
        own = ~self._leak.hides(at_ms, power, self._agent()) if self._agent else np.True_
        own = own & self._shadow.leaves(power, verdict.likely)
        voice = self._spoken(self._voice.step(at_ms, verdict.likely & own, verdict.sure & own))
        if self._talk:
            voice += self._talk.step(at_ms, np.where(own, verdict.odds, NEVER), verdict.sure & own, power)
        return voice + [self._between_talk(signal) for signal in self._play(at_ms, verdict)]

    def _play(self, at_ms: list[int], verdict: Verdict) -> list[Signal]:
        """Follows music; the site's own is music at once, and longer."""
        known, self._known = self._known[: len(at_ms)] & ~verdict.sure, self._known[len(at_ms) :]
        music = verdict.music | known
        signals = self._music.step(at_ms, music, music, against=verdict.sure)
        if known.any():
            first, last = np.flatnonzero(known)[[0, -1]].tolist()
            self._music.pause_ms = KNOWN_REST_MS
            signals += self._music.assure(at_ms[first] - PROOF_MS, at_ms[last])
        elif not self._music.on:
            self._music.pause_ms = REST_MS
        return signals

    def _between_talk(self, music: Signal) -> Signal:
        """Dates music by the talk around it: first bars and last notes are slow to recognise, first words quick."""
        change_ms = self._talk.change_ms(to_talk=not music.on) if self._talk else None
        if change_ms is None:
            return music
        if music.on and 0 < music.at_ms - change_ms < LEAD_IN_MS:
            music.at_ms = change_ms
        elif not music.on and -LEAD_OUT_MS < music.at_ms - change_ms < LEAD_OUT_MS:
            music.at_ms = (music.at_ms + change_ms) // 2
        return music

    def _spoken(self, voice: list[Signal]) -> list[Signal]:
        """Adds to the end of a spurt how long it was loud, where that can be told."""
        for signal in voice:
            loud_ms = self._loudness.take_ms() if self._loudness and not signal.on else None
            if loud_ms is not None:
                signal.detail = {"loud_ms": loud_ms}
        return voice

    def _gate(self, block: Block) -> Flags:
        is_speech, rate_hz = self._vad.is_speech, self._rate_hz
        return np.array([is_speech(frame, rate_hz) for frame in block.frames])
