"""The gateway is the clock: what beats and a unit's own time say about when something happened."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from thirdring_gateway.domain.clock import NO_TIME, Sample, Timeline, biggest_party, thin, timeline, timelines

EPOCH_MS = 1_793_581_200_000
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000


def beats(until_ms: int, ppm: int = 0, delay_ms: int = 0, every_ms: int = 600_000) -> list[Sample]:
    """What a gateway hears of a boot whose crystal runs slow by `ppm`."""
    ups = range(0, until_ms, every_ms)
    return [Sample(1, up_ms, EPOCH_MS + up_ms + up_ms * ppm // 1_000_000 + delay_ms, "beat") for up_ms in ups]


def test_a_boot_without_any_time_yields_none() -> None:
    assert timeline([]) == NO_TIME
    assert NO_TIME.epoch_ms(5_000) is None
    assert timelines([Sample(1, 0, EPOCH_MS, "guess")]).get(1, NO_TIME).epoch_ms(0) is None


def test_the_smallest_delay_wins() -> None:
    samples = [Sample(1, up_ms, EPOCH_MS + up_ms + delay, "beat") for up_ms, delay in ((0, 900), (10, 15), (20, 4_000))]
    assert timeline(samples).epoch_ms(100_000) == EPOCH_MS + 100_015


@pytest.mark.parametrize("place", [0, 5, 11])
def test_a_delay_of_ten_minutes_on_end_is_cut_off_by_what_its_neighbours_say(place: int) -> None:
    samples = [*beats(2 * HOUR)]
    samples[place] = samples[place]._replace(epoch_ms=samples[place].epoch_ms + 30_000)
    found = timeline(samples).epoch_ms(samples[place].up_ms)
    assert found is not None
    assert abs(found - (EPOCH_MS + samples[place].up_ms)) <= 120  # 200 ppm of ten minutes


def test_a_crystal_of_100_ppm_is_followed_over_three_months() -> None:
    found = timeline(beats(90 * DAY, ppm=100))
    for up_ms in (0, 45 * DAY + 123_456, 90 * DAY - HOUR):
        at_ms = found.epoch_ms(up_ms)
        assert at_ms is not None
        assert abs(at_ms - (EPOCH_MS + up_ms + up_ms // 10_000)) <= 1


@pytest.mark.parametrize("step_ms", [-DAY, DAY, -365 * DAY, 2 * HOUR])
def test_a_gateway_clock_that_is_wrong_for_a_while_dates_nothing(step_ms: int) -> None:
    samples = [
        sample._replace(epoch_ms=sample.epoch_ms + step_ms) if 3 * HOUR <= sample.up_ms < 6 * HOUR else sample
        for sample in beats(DAY)
    ]
    assert [timeline(samples).epoch_ms(up_ms) for up_ms in (0, 4 * HOUR, 20 * HOUR)] == [
        EPOCH_MS,
        EPOCH_MS + 4 * HOUR,
        EPOCH_MS + 20 * HOUR,
    ]


def test_a_units_own_ntp_time_outvotes_a_gateway_that_is_a_day_behind() -> None:
    wrong = [sample._replace(epoch_ms=sample.epoch_ms - DAY) for sample in beats(5 * HOUR)]
    right = [sample for sample in beats(6 * HOUR) if sample.up_ms >= 5 * HOUR]
    assert timeline([*wrong, *right, Sample(1, HOUR, EPOCH_MS + HOUR, "ntp")]).epoch_ms(2 * HOUR) == EPOCH_MS + 2 * HOUR


def test_a_real_time_clock_counts_only_when_nobody_knows_better() -> None:
    rtc = Sample(1, 0, EPOCH_MS - 20_000, "rtc")
    assert timeline([rtc]).epoch_ms(0) == EPOCH_MS - 20_000
    assert timeline([rtc, *beats(HOUR)]).epoch_ms(0) == EPOCH_MS


def test_a_recording_has_the_time_of_its_recording() -> None:
    assert (
        timeline([Sample(1, 0, EPOCH_MS, "replay"), Sample(1, 5, EPOCH_MS + DAY, "beat")]).epoch_ms(7) == EPOCH_MS + 7
    )


def test_a_unit_that_tells_a_new_time_with_every_beat_costs_no_more_than_others() -> None:
    wild = [Sample(1, up_ms, EPOCH_MS + up_ms * 50, "beat") for up_ms in range(600_000, 10**9, 600_000)]
    assert len(biggest_party([*wild, *beats(3 * HOUR)])) == 18


def test_boots_do_not_lend_each_other_their_time() -> None:
    found = timelines([Sample(1, 0, EPOCH_MS, "beat"), Sample(2, 0, EPOCH_MS + DAY, "beat")])
    assert (found[1].epoch_ms(1), found[2].epoch_ms(1)) == (EPOCH_MS + 1, EPOCH_MS + DAY + 1)


def test_a_new_beat_changes_only_what_lies_behind_the_last_but_one() -> None:
    old = timeline(beats(DAY, ppm=50))
    new = timeline(beats(DAY + 600_000, ppm=50))
    from_ms = new.differs_from(old)
    assert from_ms == DAY - 600_000
    assert new.differs_from(new) is None
    assert all(new.epoch_ms(up_ms) == old.epoch_ms(up_ms) for up_ms in range(0, from_ms + 1, 77_777))
    assert Timeline().differs_from(old) == 0


samples_of_a_boot = st.lists(
    st.builds(
        Sample,
        st.just(1),
        st.integers(0, 30 * DAY),
        st.integers(EPOCH_MS - 40 * DAY, EPOCH_MS + 40 * DAY),
        st.sampled_from(["beat", "ntp", "rtc", "replay", "other"]),
    ),
    max_size=30,
)


@given(samples_of_a_boot, st.randoms(use_true_random=False), st.integers(0, 30))
def test_order_repetition_and_thinning_in_parts_change_nothing(
    samples: list[Sample], chance: random.Random, split: int
) -> None:
    shuffled = samples + samples[:split]
    chance.shuffle(shuffled)
    assert timeline(shuffled) == timeline(samples)
    assert thin([*thin(shuffled[:split]), *shuffled[split:]]) == thin(samples)


@given(samples_of_a_boot, st.lists(st.integers(0, 40 * DAY), max_size=20))
def test_time_never_runs_backwards_whatever_the_samples_say(samples: list[Sample], ups: list[int]) -> None:
    found = timeline(samples)
    times = [found.epoch_ms(up_ms) for up_ms in sorted(ups)]
    assert all((a is None and b is None) or (a is not None and b is not None and a <= b) for a, b in pairwise(times))
