"""Voice: who speaks when in a call, from the ears' back-dated beginnings and ends of speech.

Only what the installation can hear is measured: with an ear on the agent, the agent's speech; with one on the line, the
two-way silence; with both, whose turn it is. With the line alone, its speech is either party's.
"""

from thirdring_unit.core.deaf import Deaf
from thirdring_unit.core.dialogue import Dialogue
from thirdring_unit.core.events import Signal
from thirdring_unit.core.settings import Settings
from thirdring_unit.core.speech import SAME_TALK_MS, Speech

FAULTS_MAX = 12  # at once: four sources of faults on three channels
EARLY_MS = 500  # a greeting may begin while the handset is still being lifted


class Voice(Deaf):
    """The speech of both parties, and music on the line; the measures of one call at a time.

    `silent_ms` is since when nobody speaks (None: someone does). A hold begins and ends by what the agent says and by
    the dialogue on the line: single words there may be anybody's.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._heard = settings.channels
        self._agent = Speech(settings.voice_ms)
        self._line = Speech(0)
        self._dialogue = Dialogue()
        self._failing: list[str] = []  # channels, once for each fault that they have now
        self._deaf: list[str] = []  # channels whose ear failed in this call
        self.silent_ms: int | None = 0
        self.begin(0, answered=False)

    @property
    def music_ms(self) -> int | None:
        """Since when music or a hold tone plays to a caller to whom nobody talks."""
        music_ms, quiet_ms = self._dialogue.music_ms, self.quiet_ms
        return None if music_ms is None or quiet_ms is None else max(music_ms, quiet_ms)

    @property
    def quiet_ms(self) -> int | None:
        """Since when nobody has said more than a word; None while someone talks."""
        if self._agent.on_ms is not None or self._dialogue.on_ms is not None:
            return None
        return max(self._agent.conversed_ms, self._dialogue.end_ms)

    def silent_since(self, from_ms: int) -> bool:
        """Whether the agent has said nothing since a time."""
        return self._agent.since(from_ms, 0) is None

    def returned(self, how: str, since_ms: int) -> "tuple[int, int] | None":
        """When a hold that is known so ends by talk: `(certain_ms, at_ms)`, or None."""
        told = [self._agent.since(since_ms, self._agent.enough_ms)]
        if self._counts(how):
            told.append(self._dialogue.returned())
        return min([found for found in told if found is not None], default=None)

    def back_ms(self, how: str) -> int | None:
        """Since when talk on the line may have ended a hold that is known so, while it counts as one still."""
        return self._dialogue.back_ms if self._counts(how) else None

    def left_ms(self, how: str, at_ms: int) -> int:
        """When a hold that is known so ended, if the agent or the end of the call ends it at a time."""
        return self._dialogue.left_ms(at_ms) if how in {"music", "quiet"} else at_ms

    def _counts(self, how: str) -> bool:
        """Whether talk on the line ends such a hold: after a flash it is another party's."""
        return how == "quiet" or (how != "flash" and not self.hears("agent"))

    def hears(self, channel: str) -> bool:
        """Whether a channel is listened to and has not failed in this call."""
        return channel in self._heard and channel not in self._deaf

    def begin(self, at_ms: int, *, answered: bool) -> None:
        """A call begins; only a caller is greeted."""
        self._begin_ms = at_ms
        self._greeting_ms: int | None = None
        self._ungreeted = answered
        self._loud_ms: int | None = None
        self._overlap: tuple[int, int, bool] | None = None  # the last overlap: from, to, the agent came second
        self._overlap_ms = self._interruptions = self._silence_max_ms = 0
        self._paused = False
        self._deaf = self._failing[:]
        if self._agent.on_ms is not None:
            self._greet(self._agent.on_ms)
        self._agent.begin(at_ms)
        self._line.begin(at_ms)
        self._dialogue.begin(at_ms)
        if self.silent_ms is not None:
            self.silent_ms = max(at_ms, self.silent_ms)

    def hear(self, signal: Signal) -> None:
        """Take a beginning or an end of speech, music, a hold tone or an ear's failure."""
        if signal.what == "voice" and signal.channel in {"agent", "line"}:
            self._speech(signal)
        elif signal.channel == "line" and signal.what == "talk":
            self._dialogue.talk(signal.on, signal.at_ms)
        elif signal.channel == "line" and (signal.what == "music" or signal.detail == "hold"):
            self._dialogue.music(signal.on, signal.at_ms)
        elif signal.what == "fault":
            self._fail(signal.channel, signal.on)

    def _fail(self, channel: str, on: bool) -> None:
        """An ear fails or is mended; what it measured in this call is worthless in either case."""
        if not on:
            if channel in self._failing:
                self._failing.remove(channel)
        elif len(self._failing) < FAULTS_MAX:
            self._failing.append(channel)
        if channel not in self._deaf:
            self._deaf.append(channel)

    def wait(self, how: str, at_ms: int) -> None:
        """A hold begins; unless it is known by silence, silence in it is none of the conversation."""
        self._dialogue.wait(at_ms)
        if how != "quiet":
            self._end_silence(at_ms)
            self._paused = True

    def resume(self, at_ms: int) -> None:
        """The hold is over."""
        self._paused = False
        self._dialogue.resume(at_ms)
        if self.silent_ms is not None:
            self.silent_ms = max(at_ms, self.silent_ms)

    def finish(self, at_ms: int, left_ms: "int | None" = None) -> "dict[str, object]":
        """The call's measures at its end; only those that were sensed. Silence after the caller left is none."""
        self._end_silence(at_ms if left_ms is None else left_ms)
        speaking = [speech for speech in (self._agent, self._line) if speech.on_ms is not None]
        self._stop(self._agent, self._line, at_ms)
        self._stop(self._line, self._agent, at_ms)
        self._commit_overlap()
        measures = self._measures()
        for speech in speaking:
            speech.on_ms = at_ms
            self.silent_ms = None
        return measures

    def _measures(self) -> "dict[str, object]":
        measures: dict[str, object] = {}
        if self.hears("agent"):
            measures["agent_ms"] = self._agent.total_ms
            if self._greeting_ms is not None:
                measures["greeting_ms"] = self._greeting_ms
            if self._loud_ms is not None:
                measures["loud_ms"] = self._loud_ms
        if self.hears("line"):
            measures["silence_max_ms"] = self._silence_max_ms
        if self.hears("agent") and self.hears("line"):
            measures["caller_ms"] = self._line.total_ms
            measures["overlap_ms"] = self._overlap_ms
            measures["interruptions"] = self._interruptions
        return measures

    def _speech(self, signal: Signal) -> None:
        at_ms = max(signal.at_ms, self._begin_ms)
        by_agent = signal.channel == "agent"
        speech, other = (self._agent, self._line) if by_agent else (self._line, self._agent)
        if not signal.on:
            self._stop(speech, other, at_ms)
            if by_agent and isinstance(signal.detail, dict):
                self._add_loud(signal.detail.get("loud_ms"))
        elif speech.on_ms is None:
            self._start(speech, other, max(at_ms, speech.end_ms))
            if by_agent:
                self._greet(signal.at_ms)

    def _greet(self, at_ms: int) -> None:
        """The agent begins to speak: a greeting, unless the call had one, or it began long before off-hook."""
        if self._ungreeted and at_ms >= self._begin_ms - EARLY_MS:
            self._ungreeted = False
            self._greeting_ms = max(0, at_ms - self._begin_ms)

    def _start(self, speech: Speech, other: Speech, at_ms: int) -> None:
        speech.on_ms = at_ms
        if other.on_ms is None and other.end_ms > at_ms:  # told so late that the other has ended meanwhile
            self._overlap_is(
                max(at_ms, other.start_ms), other.end_ms, self._agent_came_second(at_ms, other.start_ms, speech)
            )
        self._end_silence(at_ms)
        self.silent_ms = None

    def _stop(self, speech: Speech, other: Speech, at_ms: int) -> None:
        start_ms = speech.on_ms
        if start_ms is None:
            return
        speech.stop(at_ms)
        if start_ms - (self._agent.conversed_ms if other is self._agent else self._dialogue.end_ms) <= SAME_TALK_MS:
            self._dialogue.answer(start_ms, speech.end_ms)
        if other.on_ms is not None:
            second = self._agent_came_second(start_ms, other.on_ms, speech)
            self._overlap_is(max(start_ms, other.on_ms), speech.end_ms, second)
            return
        if self._overlap is not None and self._overlap[1] > speech.end_ms:  # this end was told late
            from_ms, _, second = self._overlap
            self._overlap = (from_ms, max(from_ms, speech.end_ms), second)
        self.silent_ms = max(speech.end_ms, other.end_ms)

    def _agent_came_second(self, start_ms: int, other_start_ms: int, speech: Speech) -> bool:
        return start_ms > other_start_ms if speech is self._agent else other_start_ms > start_ms

    def _overlap_is(self, from_ms: int, to_ms: int, agent_came_second: bool) -> None:
        self._commit_overlap()
        self._overlap = (from_ms, max(from_ms, to_ms), agent_came_second)

    def _commit_overlap(self) -> None:
        """Count the last overlap: its end can change no more."""
        if self._overlap is None:
            return
        from_ms, to_ms, agent_came_second = self._overlap
        self._overlap = None
        self._overlap_ms += to_ms - from_ms
        if agent_came_second and to_ms - from_ms >= self._settings.interrupt_ms:
            self._interruptions += 1

    def _add_loud(self, loud_ms: object) -> None:
        if isinstance(loud_ms, int):
            self._loud_ms = loud_ms + (self._loud_ms or 0)

    def _end_silence(self, at_ms: int) -> None:
        if self.silent_ms is not None and not self._paused:
            self._silence_max_ms = max(self._silence_max_ms, at_ms - self.silent_ms)
