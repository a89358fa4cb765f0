"""A phone is heard to ring in a room: its learned ringer at once, an unknown one by its cadence."""

from itertools import pairwise

import numpy as np
import pytest
from thirdring_unit.core.countries import Country, codes
from thirdring_unit.ears.ears import Ears

from tests.unit.ringing import LOUD, RATE_HZ, Sound, frames, hear, noisy, quiet, ringer, ringing, rings, taught

PLAIN = ("bell", "warble", "trill", "beeps")
NEAR_MS = 60  # three frames


def room(*parts: Sound, below_db: float = 20) -> Sound:
    return noisy(np.concatenate((quiet(3), *parts, quiet(3))), below_db)


def assert_rings(found: list[tuple[int, int]], first_ms: int, count: int, country: str = "CN") -> None:
    cadence = Country(country)
    assert len(found) == count, found
    for number, (from_ms, to_ms) in enumerate(found):
        wanted_ms = first_ms + number * cadence.ring_cycle_ms
        assert from_ms == pytest.approx(wanted_ms, abs=NEAR_MS)
        assert to_ms == pytest.approx(wanted_ms + cadence.ring_on_ms, abs=NEAR_MS)


@pytest.mark.parametrize("kind", [*PLAIN, "tune"])
@pytest.mark.parametrize("count", [1, 3])
def test_a_learned_phone_is_counted_from_its_first_ring(kind: str, count: int) -> None:
    phone = ringer(kind, 1)
    assert_rings(rings(hear(room(ringing(phone, count), below_db=10), taught(phone))), 3000, count)


@pytest.mark.parametrize("country", codes())
def test_an_unknown_phone_is_counted_in_its_country_s_cadence(country: str) -> None:
    found = rings(hear(room(ringing(ringer("warble", 2), 3, country)), country=country))
    assert_rings(found, 3000, 3, country)


@pytest.mark.parametrize("kind", PLAIN)
@pytest.mark.parametrize("seed", [3, 4])
def test_bells_warbles_trills_and_beeps_need_no_lesson(kind: str, seed: int) -> None:
    assert_rings(rings(hear(room(ringing(ringer(kind, seed), 2)))), 3000, 2)


def test_a_lone_ring_of_an_unknown_phone_counts_when_it_is_whole_and_steady() -> None:
    assert_rings(rings(hear(room(ringing(ringer("bell", 5), 1)))), 3000, 1)


def test_a_lone_sound_that_is_shorter_than_a_ring_is_none() -> None:
    assert not rings(hear(room(ringing(ringer("bell", 5), 1, cut_ms=600), quiet(5))))


def test_a_tune_that_plays_on_is_no_ring() -> None:
    assert not rings(hear(room(np.tile(ringer("tune", 6), 5))))


def test_a_sound_that_comes_again_out_of_cadence_is_no_ring() -> None:
    beep = ringer("beeps", 7)[: RATE_HZ * 3 // 10]
    assert not rings(hear(room(*[part for _ in range(8) for part in (beep, quiet(1.7))])))


def test_a_ring_that_breaks_off_ends_where_it_does() -> None:
    phone = ringer("warble", 8)
    for known in (taught(phone), None):
        (_, _, (from_ms, to_ms)) = rings(hear(room(ringing(phone, 3, cut_ms=500)), known))
        assert (from_ms, to_ms) == pytest.approx((13_000, 13_500), abs=NEAR_MS)


def test_the_neighbour_s_phone_is_not_the_learned_one() -> None:
    mine, other = ringer("warble", 9), ringer("trill", 10)
    assert not rings(hear(room(ringing(other, 3)), taught(mine)))
    assert not rings(hear(room(ringing(mine, 3) * 10 ** (-10 / 20), below_db=30), taught(mine)))


def test_a_learned_phone_is_told_within_a_second_and_an_unknown_one_with_its_second_ring() -> None:
    phone = ringer("bell", 11)
    for known, late_ms in ((taught(phone), 1000), (None, 5000 + 1000)):
        ears = Ears("CN", ["room"], known)
        for number, frame in enumerate(frames(room(ringing(phone, 2)))):
            if told := ears.feed("room", frame, number * 20):
                break
        assert told[0].at_ms == pytest.approx(3000, abs=NEAR_MS)
        assert number * 20 - 3000 <= late_ms


def test_rings_and_pauses_alternate_whatever_is_heard() -> None:
    rng = np.random.default_rng(12)
    parts = [
        part
        for _ in range(12)
        for part in (ringer(str(rng.choice(PLAIN)), 13)[: int(rng.integers(1000, 50_000))], quiet(rng.uniform(0, 2)))
    ]
    for known in (taught(ringer("bell", 13)), None):
        signals = [signal for signal in hear(room(*parts), known) if signal.what == "ring"]
        assert [signal.on for signal in signals] == [True, False] * (len(signals) // 2)
        assert all(one.at_ms <= later.at_ms for one, later in pairwise(signals))


@pytest.mark.parametrize("part", [0.5, 0.7, 0.9, 1.1, 1.4])
def test_a_burst_that_was_told_is_ended_even_if_noise_swallows_it(part: float) -> None:
    phone, rng = ringer("warble", 15), np.random.default_rng(16)
    swallowed = (phone[: 3 * RATE_HZ] + rng.normal(0, part * LOUD, 3 * RATE_HZ)).astype(np.float32)
    signals = hear(room(phone[: RATE_HZ // 2], swallowed), taught(phone))
    assert [signal.on for signal in signals if signal.what == "ring"] == [True, False]


def test_the_line_may_close_and_open_at_any_frame() -> None:
    phone = ringer("trill", 14)
    for known in (taught(phone), None):
        ears = Ears("CN", ["room"], known)
        told = []
        for number, frame in enumerate(frames(room(ringing(phone, 3)))):
            told += ears.feed("room", frame, number * 20)
            told += ears.off_hook() if number % 7 == 0 else ears.on_hook() if number % 11 == 0 else []
        assert_rings(rings(told + ears.flush()), 3000, 3)
