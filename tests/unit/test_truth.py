"""The truth of a scenario, checked against counts made by hand from the service rules."""

from thirdring_unit.sim.scenario import shipped
from thirdring_unit.sim.story import Call, Hold, Scenario, Service, Vip
from thirdring_unit.sim.truth import truth

TALK_MS = 20_000


def day_of(*calls: Call, **desk: object) -> Scenario:
    return Scenario(desk="desk-07", calls=calls, **desk)  # type: ignore[arg-type] # a day's other fields


def test_three_rings_are_timely_and_four_are_late() -> None:
    desk = day_of(
        Call(15_000, "answered", rings=3, after_ring_ms=4_900, talk_ms=TALK_MS),
        Call(90_000, "answered", rings=4, after_ring_ms=500, talk_ms=TALK_MS),
    )
    assert truth([desk]).rates["timely_answer"] == (1, 2)
    assert truth([desk]).durations["answer_time"] == (2, 14_900 + 15_500, 15_500)


def test_a_missed_call_counts_when_it_rang_five_seconds_and_dialled_calls_never_do() -> None:
    desk = day_of(
        Call(15_000, "missed", rings=1),
        Call(60_000, "missed", rings=2),
        Call(120_000, "dialled", talk_ms=TALK_MS),
        Call(180_000, "answered", rings=1, talk_ms=TALK_MS),
    )
    found = truth([desk])
    assert (found.rates["reach"], found.short) == ((1, 2), 1)


def test_a_hold_of_exactly_a_minute_passes_and_waiting_for_a_transfer_counts_as_a_hold() -> None:
    desk = day_of(
        Call(15_000, "answered", 1, talk_ms=TALK_MS, holds=(Hold(60_000, "key"), Hold(5_000, "key"))),
        Call(200_000, "answered", 1, talk_ms=TALK_MS, transfer_ms=60_001),
        Call(400_000, "answered", 1, talk_ms=TALK_MS),
    )
    assert truth([desk]).rates["hold_over_limit"] == (1, 2)


def test_who_hung_up_is_only_known_where_it_can_be_sensed() -> None:
    call = Call(15_000, "answered", 1, talk_ms=TALK_MS, hangup="caller")
    assert truth([day_of(call)]).rates["caller_hung_up_first"] == (1, 1)
    assert truth([day_of(call, ears="none")]).rates["caller_hung_up_first"] == (0, 0)
    assert truth([day_of(call, ears="none", far_end="open loop")]).rates["caller_hung_up_first"] == (1, 1)


def test_vips_are_late_by_the_limit_of_their_tier_however_they_go() -> None:
    desk = day_of(
        vips=(
            Vip(15_000, tier=2, served_after_ms=360_000),  # over five minutes
            Vip(20_000, tier=1, served_after_ms=360_000),  # under ten
            Vip(400_000, tier=2, left_after_ms=301_000),
            Vip(800_000, tier=1),  # has just come when the day ends: neither in time nor late
        )
    )
    assert truth([desk]).rates["vip_over_limit"] == (2, 3)


def test_ratings_are_counted_against_calls_and_customers_together() -> None:
    desk = day_of(
        Call(15_000, "answered", 1, talk_ms=TALK_MS, rating=3, resolved=True),
        Call(90_000, "answered", 1, talk_ms=TALK_MS),
        services=(Service(300_000, 30_000, rating=5, resolved=False),),
    )
    rates = truth([desk]).rates
    assert (rates["satisfaction"], rates["response"], rates["resolution"]) == ((1, 2), (2, 3), (1, 2))


def test_the_demonstration_shows_every_kpi_passing_and_failing() -> None:
    for key, (k, n) in truth(shipped()).rates.items():
        assert 0 < k < n, key
