"""Who answers is heard where no wire tells it: by the ring that breaks off, or by the first word near the phone."""

import numpy as np
import pytest
from thirdring_unit.core.earshot import CUT
from thirdring_unit.core.events import Signal
from thirdring_unit.ears.whole import Whole
from thirdring_unit.sim import voices

from tests.unit.ringing import LOUD, RATE_HZ, Sound, hear, learned, noisy, quiet, ringer, ringing, taught

PHONE = ringer("warble", 21)
WORD = voices.speech("agent").repeat(RATE_HZ // voices.RATE_HZ).astype(np.float32)


def spoken(seconds: float, below_db: float) -> Sound:
    """A voice, so much softer than the phone's rings."""
    sound = np.resize(WORD, round(seconds * RATE_HZ))
    return np.asarray(sound * LOUD * 10 ** (-below_db / 20) / np.sqrt(np.mean(np.square(sound))), np.float32)


def voices_in(signals: list[Signal]) -> list[int]:
    return [signal.at_ms for signal in signals if signal.what == "voice"]


def ends(signals: list[Signal]) -> list[object]:
    return [signal.detail for signal in signals if signal.what == "ring" and not signal.on]


@pytest.mark.parametrize("country", ["CN", "SG", "GB"])
def test_the_first_word_after_a_ring_answers_however_often_the_phone_rings(country: str) -> None:
    rung = ringing(PHONE, 5, country)
    sound = noisy(np.concatenate((quiet(1), rung, spoken(3, 6), quiet(4))), 25)
    told = hear(sound, learned(np.concatenate((quiet(1), ringing(PHONE, 3, country)))), country)
    assert voices_in(told) == [pytest.approx(1000 + len(rung) * 1000 // RATE_HZ, abs=200)]


def test_voices_of_the_hall_are_no_answer_and_a_nearer_one_is() -> None:
    rung = ringing(PHONE, 3)
    answer_ms = 3000 + len(rung) * 1000 // RATE_HZ
    sound = np.concatenate((quiet(3), rung, spoken(3, 4), quiet(4)))
    hall = spoken(len(sound) / RATE_HZ, 16)
    assert voices_in(hear(noisy(sound + hall, 30), taught(PHONE))) == [pytest.approx(answer_ms, abs=200)]
    assert not voices_in(hear(noisy(np.concatenate((quiet(3), rung, quiet(7))) + hall, 30), taught(PHONE)))


@pytest.mark.parametrize("known", [True, False])
def test_a_ring_that_broke_off_shortly_before_its_end_is_told_as_such(known: bool) -> None:
    for cut_ms, detail in ((900, CUT), (None, None)):
        sound = noisy(np.concatenate((quiet(2), ringing(PHONE, 3, cut_ms=cut_ms), quiet(3))), 30)
        assert ends(hear(sound, taught(PHONE) if known else None)) == [None, None, detail]


def test_a_lone_ring_of_an_unknown_phone_that_broke_off_counts_when_somebody_answers_it() -> None:
    rung = ringing(PHONE, 1, cut_ms=600)
    for near_db, ended in ((4, [CUT]), (24, [])):
        hall = spoken(12, 22)
        parts = (quiet(3), rung, quiet(0.5), spoken(3, near_db), quiet(5))
        sound = np.concatenate(parts)
        told = hear(noisy(sound + np.resize(hall, len(sound)), 40))
        assert ends(told) == ended
        assert len(voices_in(told)) == len(ended)


def test_a_phone_that_rings_shorter_than_its_country_is_known_to_by_its_lesson() -> None:
    short = np.concatenate([part for _ in range(3) for part in (PHONE[: RATE_HZ * 7 // 10], quiet(4.3))])
    known = learned(np.concatenate((quiet(1), short)))
    assert known.ring_ms == pytest.approx(700, abs=40)
    for lasts_ms, detail in ((700, None), (600, CUT)):
        sound = np.concatenate((quiet(2), PHONE[: RATE_HZ * lasts_ms // 1000], quiet(7)))
        assert ends(hear(noisy(sound, 30), known)) == [detail]


def test_how_long_a_whole_ring_is_comes_from_those_that_others_followed() -> None:
    whole = Whole(1000)
    assert whole.cut(800)
    for lasted_ms in (780, 800, 820):
        whole.followed(lasted_ms)
    assert not whole.cut(760)
    assert whole.cut(740)
