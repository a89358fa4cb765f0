"""The agent's own voice on the line, by the phone's side tone, is not the caller's."""

from typing import Literal

import numpy as np
import pytest
from thirdring_unit.core.events import Signal
from thirdring_unit.ears.ears import Ears
from thirdring_unit.ears.leak import Leak, Sounding
from thirdring_unit.sim import voices

RATE_HZ = 8000
DELAY = 160  # samples by which the echo comes later

Sound = np.ndarray


def said(who: Literal["agent", "caller"], seconds: float) -> Sound:
    return np.asarray(voices.repeated(voices.speech(who), 0, round(seconds * RATE_HZ)) * 6000.0)


def quiet(seconds: float) -> Sound:
    return np.zeros(round(seconds * RATE_HZ))


def heard(agent: Sound, line: Sound) -> list[Signal]:
    ears = Ears("CN", ["agent", "line"])
    hiss = np.random.default_rng(1).normal(0, 20, (2, len(agent)))
    cells = [
        (sound + noise).astype(np.int16).reshape(-1, 160) for sound, noise in zip((agent, line), hiss, strict=True)
    ]
    signals = []
    for number, (mine, theirs) in enumerate(zip(*cells, strict=True)):
        signals += ears.feed("line", theirs, number * 20) + ears.feed("agent", mine, number * 20)
    return [signal for signal in signals + ears.flush() if signal.what == "voice"]


def spoken_ms(signals: list[Signal], channel: str, from_ms: int = 0) -> int:
    times_ms = [max(from_ms, signal.at_ms) for signal in signals if signal.channel == channel]
    return sum(times_ms[1::2]) - sum(times_ms[::2])


@pytest.mark.parametrize("leak_db", [-25, -12, 0])
def test_side_tone_is_no_caller_and_the_caller_is_heard_all_the_same(leak_db: int) -> None:
    agent = np.concatenate((quiet(1), said("agent", 10), quiet(9), said("agent", 6)))
    caller = np.concatenate((quiet(12), said("caller", 7), quiet(7)))
    echo = np.concatenate((np.zeros(DELAY), agent[:-DELAY])) * 10 ** (leak_db / 20)
    signals = heard(agent, caller + echo)
    alone = heard(agent, caller)
    after_ms = 3000  # what it takes to know the leak
    own_ms = spoken_ms(signals, "line", after_ms)
    assert spoken_ms(signals, "agent") == pytest.approx(spoken_ms(alone, "agent"), abs=300)
    assert own_ms == pytest.approx(spoken_ms(alone, "line", after_ms), abs=900)


@pytest.mark.parametrize("leak_db", [-24, -15, -8])
def test_the_first_word_of_a_greeting_is_not_the_caller_s(leak_db: int) -> None:
    agent = np.concatenate((quiet(1), said("agent", 0.4), quiet(3)))
    assert spoken_ms(heard(agent, quiet(4.4)), "agent") > 200
    assert spoken_ms(heard(agent, agent * 10 ** (leak_db / 20)), "line") == 0


def test_a_caller_who_interrupts_is_heard_over_the_side_tone() -> None:
    agent = np.concatenate((quiet(1), said("agent", 15)))
    caller = np.concatenate((quiet(10), said("caller", 4), quiet(2)))
    signals = heard(agent, caller + agent * 10 ** (-15 / 20))
    assert spoken_ms(signals, "line", 4000) > 2500


def test_without_side_tone_a_long_talk_of_the_caller_hides_nothing() -> None:
    leak = Leak()
    rng = np.random.default_rng(2)
    at_ms = list(range(0, 40_000, 20))
    agent = Sounding(np.array(at_ms, np.int64), rng.exponential(400, len(at_ms)).astype(np.float32))
    assert not leak.hides(at_ms, rng.exponential(1e6, len(at_ms)).astype(np.float32), agent).any()
