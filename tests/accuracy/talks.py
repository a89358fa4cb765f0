"""How well two channels tell who talks when: agent and caller, overlap, interruptions, greeting and silence."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tests.accuracy import compose, desks, report
from tests.accuracy.corpus import Clip, Sound, chosen

RATE_HZ = 8000
CALLS = 60
TURNS, TURN_S, GAP_S = 14, (2.0, 8.0), (0.3, 1.5)
INTERRUPTED, EARLY_S = 0.2, (0.8, 2.0)  # the share of the agent's turns that begin before the caller has ended
LEAK_DB = (-24.0, -6.0)
ECHO_SAMPLES = 80
HISS = 12.0
BREATH_FRAMES = 25  # a shorter pause is part of the talk
CLICK_FRAMES = 3  # a shorter sound is none
FRAME = RATE_HZ // compose.FRAMES_PER_S

Right = Callable[[int, int], bool]
Marks = npt.NDArray[np.bool_]


def _within(share: float, slack_ms: int) -> Right:
    return lambda told, true: abs(told - true) <= share * true + slack_ms


WHAT: tuple[tuple[str, str, Right], ...] = (
    ("agent's talk right within 10 %", "agent_ms", _within(0.1, 500)),
    ("caller's talk right within 10 %", "caller_ms", _within(0.1, 500)),
    ("overlap right within 1.5 s", "overlap_ms", _within(0.1, 1500)),
    ("interruptions right, or one off", "interruptions", _within(0, 1)),
    ("greeting delay right within 300 ms", "greeting_ms", _within(0, 300)),
    ("longest silence right within 500 ms", "silence_max_ms", _within(0, 500)),
)


class Talk(NamedTuple):
    """Both sides' sound, and when each of them spoke."""

    agent: Sound
    caller: Sound
    spoke: dict[str, list[desks.Span]]


def measure() -> Iterator[report.Row]:
    """Yields the rows about two channels, without and with the agent's echo on the line."""
    clips = chosen("speech", tuning=False)
    for condition, leaking in (("own channels, mu-law", False), ("side tone 6 to 24 dB below, mu-law", True)):
        told = [_compared(np.random.default_rng([6, number]), clips, leaking) for number in range(CALLS)]
        for what, name, right in WHAT:
            yield report.counted(what, condition, [right(heard[name], true[name]) for heard, true in told])


def _compared(rng: np.random.Generator, clips: list[Clip], leaking: bool) -> tuple[dict[str, int], dict[str, int]]:
    talk = _talk(rng, clips)
    line, hiss = talk.caller, rng.normal(0, HISS, (2, len(talk.agent)))
    if leaking:
        line = line + np.roll(talk.agent, ECHO_SAMPLES) * 10 ** (rng.uniform(*LEAK_DB) / 20)
    sounds = {"agent": talk.agent + hiss[0], "line": compose.over_telephone(line + hiss[1], RATE_HZ)}
    true = desks.told_perfectly(talk.spoke, len(talk.agent) * 1000 // RATE_HZ)
    nothing = {name: 0 for _, name, _ in WHAT}
    return nothing | desks.measures(desks.call(sounds, RATE_HZ)), nothing | desks.measures(true)


def _talk(rng: np.random.Generator, clips: list[Clip]) -> Talk:
    """Turns of two voices; the agent speaks first, and sometimes too early."""
    frames = round(TURNS * (TURN_S[1] + GAP_S[1]) * compose.FRAMES_PER_S)
    sounds, spoken = np.zeros((2, frames * FRAME), np.float32), np.zeros((2, frames), np.bool_)
    at = round(rng.uniform(*GAP_S) * compose.FRAMES_PER_S)
    groups = sorted({clip.group for clip in clips if len(clip.sound(RATE_HZ)) > TURN_S[0] * RATE_HZ})
    voices = [[clip for clip in clips if clip.group == group] for group in rng.choice(groups, 2, replace=False)]
    for turn in range(TURNS):
        side = turn % 2
        part, marks = _turn(rng, voices[side])
        count = min(len(marks), frames - at)
        early = side == 0 and turn and rng.random() < INTERRUPTED
        at = max(0, at - round(rng.uniform(*EARLY_S) * compose.FRAMES_PER_S)) if early else at
        sounds[side, at * FRAME : (at + count) * FRAME] = part[: count * FRAME]
        spoken[side, at : at + count] |= marks[:count]
        at += count + round(rng.uniform(*GAP_S) * compose.FRAMES_PER_S)
    at = min(at, frames)
    spoke = {"agent": _spans(spoken[0, :at]), "line": _spans(spoken[1, :at])}
    return Talk(sounds[0, : at * FRAME], sounds[1, : at * FRAME], spoke)


def _turn(rng: np.random.Generator, clips: list[Clip]) -> tuple[Sound, Marks]:
    """What one voice says, from its first to its last word, and the frames in which it speaks.

    What is speech, and how loud, is told from whole recordings: a part in which somebody only listens is no speech.
    """
    said = [_levelled(clips[rng.integers(len(clips))]) for _ in range(3)]
    sound, marks = (np.concatenate(parts) for parts in zip(*said, strict=True))
    length = round(rng.uniform(*TURN_S) * compose.FRAMES_PER_S)
    words = np.flatnonzero(marks)
    first = int(rng.choice(words[words <= max(words[0], len(marks) - length)]))
    last = int(words[words < first + length][-1])
    return sound[first * FRAME : (last + 1) * FRAME], marks[first : last + 1]


def _levelled(clip: Clip) -> tuple[Sound, Marks]:
    """A recording in whole frames, its speech at the usual level, and the frames in which it is more than a click."""
    sound = clip.sound(RATE_HZ)
    sound = sound[: len(sound) // FRAME * FRAME]
    marks = compose.spoken(sound, RATE_HZ)
    loud = np.sqrt(np.mean(np.square(sound.reshape(-1, FRAME)[marks])))
    edges = np.flatnonzero(np.diff(marks, prepend=False, append=False))
    for begin, end in zip(edges[::2], edges[1::2], strict=True):
        marks[begin:end] = end - begin >= CLICK_FRAMES
    return sound * (compose.ACTIVE / loud), marks


def _spans(spoken: Marks) -> list[desks.Span]:
    """The stretches of speech, with their short pauses."""
    places = np.flatnonzero(spoken)
    cuts = [0, *(np.flatnonzero(np.diff(places) > BREATH_FRAMES) + 1).tolist(), len(places)]
    return [(int(places[first]) * 20, int(places[last - 1] + 1) * 20) for first, last in pairwise(cuts)]
