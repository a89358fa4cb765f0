"""Breath and echoes around words are no talk; softer voices are."""

import secrets

import numpy as np
import pytest
from thirdring_unit.ears.shadow import Shadow

LOUD = 1e6  # power of a voice


def left(power_db: list[float], frames_at_once: int = 32) -> list[object]:
    shadow = Shadow()
    power = (LOUD * 10 ** (np.array(power_db) / 10)).astype(np.float32)
    parts = [power[at : at + frames_at_once] for at in range(0, len(power), frames_at_once)]
    return list(np.concatenate([shadow.leaves(part, np.ones(len(part), np.bool_)) for part in parts]))


def test_what_is_forty_decibels_softer_before_and_after_a_word_is_none_of_it() -> None:
    assert left([-40.0] * 5 + [0.0] * 10 + [-40.0] * 10) == [False] * 5 + [True] * 10 + [False] * 10


def test_the_shadow_of_a_word_reaches_into_the_next_block() -> None:
    assert left([0.0] * 10 + [-40.0] * 10, frames_at_once=10) == [True] * 10 + [False] * 10


def test_the_other_party_is_heard_though_twenty_decibels_softer() -> None:
    seed = secrets.randbelow(10**6)
    syllables_db = np.random.default_rng(seed).uniform(-12, 0, 100)
    assert all(left([0.0] * 50 + (syllables_db - 20).tolist())), f"seed {seed}"


def test_a_whisper_is_heard_once_the_loud_voice_is_some_seconds_past() -> None:
    shadow = Shadow()
    shadow.leaves(np.full(32, LOUD, np.float32), np.ones(32, np.bool_))
    for _ in range(8):  # five seconds of nobody
        shadow.leaves(np.zeros(32, np.float32), np.zeros(32, np.bool_))
    assert shadow.leaves(np.full(32, LOUD / 10**4.5, np.float32), np.ones(32, np.bool_)).all()


def test_where_nobody_speaks_nothing_is_left() -> None:
    assert not Shadow().leaves(np.full(8, LOUD, np.float32), np.zeros(8, np.bool_)).any()


@pytest.mark.parametrize("count", [0, 1])
def test_a_channel_that_ends_at_once_is_no_error(count: int) -> None:
    assert Shadow().leaves(np.full(count, LOUD, np.float32), np.ones(count, np.bool_)).tolist() == [True] * count
