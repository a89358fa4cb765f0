"""Rings: every cadence is counted in cycles, whatever the sensor makes of it."""

from thirdring_unit.core.callstate import Line
from thirdring_unit.core.countries import Country, codes
from thirdring_unit.core.earshot import CUT
from thirdring_unit.core.events import Signal

from tests.core.desk import Desk, kinds, only, settings


def desk(country: str = "CN", **line: object) -> Desk:
    return Desk(settings(country, line=line))


def starts(facts: "list[tuple[int, str, dict[str, object]]]") -> "list[int]":
    return [at_ms for at_ms, kind, _ in facts if kind == "ring"]


def test_every_cadence_of_the_table_is_counted_at_every_ringing_frequency() -> None:
    for country in [Country(code) for code in codes()]:
        for hz in (0, 15, 17, 20, 25, 50, 60):
            facts = desk(country.code).ring(2000, 3, country.ring_ms, hz).facts()
            wanted = [2000 + cycle * country.ring_cycle_ms for cycle in range(3)]
            assert starts(facts) == wanted, (country.code, hz, facts)
            assert kinds(facts)[-1] == "missed"
            assert only(facts, "missed")[2]["rings"] == 3


def test_ringing_current_on_the_loop_sensor_is_no_answer() -> None:
    for hz in range(15, 61):
        for full_wave in (False, True):
            alternating = desk()
            for start_ms in (1000, 6000):
                alternating.burst(start_ms, start_ms + 1000, hz)
                ripple(alternating, start_ms, start_ms + 1000, hz, full_wave)
            facts = alternating.facts()
            assert kinds(facts) == ["ring", "ring", "missed"], (hz, full_wave, facts)


def ripple(on: Desk, from_ms: int, to_ms: int, hz: int, full_wave: bool) -> None:
    """The loop sensor follows the ringing current: half of every cycle, or 54 % of every half-cycle."""
    if full_wave:
        on.wave("loop", from_ms, to_ms, 2 * hz, 54)
    else:
        on.wave("loop", from_ms, to_ms, hz)


def test_the_loop_may_ripple_before_a_slow_ring_sensor_wakes() -> None:
    for hz in (15, 17, 20, 25, 33, 50, 60):
        slow = desk()
        for start_ms in (1000, 6000):
            slow.burst(start_ms + 240, start_ms + 1400)
            ripple(slow, start_ms, start_ms + 1000, hz, full_wave=True)
        assert kinds(slow.facts()) == ["ring", "ring", "missed"], hz


def test_an_answer_inside_a_burst_is_dated_by_the_loop() -> None:
    for hz in (15, 17, 20, 25, 50, 60):
        inside = desk().ring(1000, 1, hz=hz).burst(6000, 6400, hz)
        ripple(inside, 1000, 2000, hz, full_wave=True)
        ripple(inside, 6000, 6399, hz, full_wave=True)
        facts = inside.off_hook(6400, 60_000).facts()
        at_ms, _, fields = only(facts, "answered")
        assert 6400 - 1000 // hz <= at_ms <= 6400, hz  # the last half-cycle may run into the answer
        assert (fields["rings"], fields["rings_completed"], fields["wait_ms"]) == (2, 1, at_ms - 1000), hz


def test_a_slow_ring_sensor_delays_the_answer_but_not_its_time() -> None:
    facts = desk().burst(1000, 2400).off_hook(2000, 60_000).facts()
    assert only(facts, "answered")[0] == 2000


def test_an_answer_before_the_first_burst_is_long_enough_has_one_ring() -> None:
    facts = desk().burst(1000, 1180, 25).off_hook(1150, 60_000).facts()
    assert facts[0] == (1000, "ring", {"call": 1, "n": 1})
    assert only(facts, "answered") == (
        1150,
        "answered",
        {"call": 1, "rings": 1, "rings_completed": 0, "wait_ms": 150},
    )


def test_timely_is_before_the_fourth_cycle_starts() -> None:
    for answer_ms, rings, completed in ((15_990, 3, 3), (16_100, 4, 3), (12_500, 3, 3), (11_900, 3, 2), (11_500, 3, 2)):
        ringing = desk()
        for start_ms in (1000, 6000, 11_000, 16_000):
            if start_ms < answer_ms:
                ringing.burst(start_ms, min(start_ms + 1000, answer_ms), 25)
        fields = only(ringing.off_hook(answer_ms, 60_000).facts(), "answered")[2]
        assert (fields["rings"], fields["rings_completed"]) == (rings, completed), answer_ms
        assert fields["wait_ms"] == answer_ms - 1000


def test_ringing_that_the_exchange_stops_late_is_no_further_ring() -> None:
    facts = desk().ring(1000, 3, hz=25).off_hook(15_900, 60_000).burst(16_000, 16_400, 25).facts()
    assert starts(facts) == [1000, 6000, 11_000]
    assert only(facts, "answered")[2]["rings"] == 3


def test_the_spark_of_the_handset_is_no_ring() -> None:
    facts = desk().ring(1000, 3).burst(14_990, 15_030).off_hook(15_000, 60_000).facts()
    assert only(facts, "answered")[2]["rings"] == 3


def test_an_answer_between_the_bursts_of_a_double_ring_leaves_it_incomplete() -> None:
    facts = desk("GB").ring(1000, 1, Country("GB").ring_ms, 25).burst(4000, 4400, 25).off_hook(4500, 60_000).facts()
    fields = only(facts, "answered")[2]
    assert (fields["rings"], fields["rings_completed"]) == (2, 1)


def test_a_pre_ring_is_no_ring() -> None:
    for length_ms in (160, 250, 290):
        facts = desk("FR").burst(1000, 1000 + length_ms, 25).ring(3000, 3, Country("FR").ring_ms, 25).facts()
        assert starts(facts) == [3000, 8000, 13_000], length_ms


def test_a_half_ring_alone_is_no_call() -> None:
    assert desk().burst(1000, 1250, 25).facts() == []
    assert kinds(desk().burst(1000, 1250, 25).off_hook(2500, 9000).facts()) == ["dialled", "ended"]


def test_half_rings_between_rings_do_not_count() -> None:
    facts = desk().ring(1000, 1).burst(3600, 3800).ring(6000, 2).facts()
    assert starts(facts) == [1000, 6000, 11_000]


def test_an_australian_caller_id_burst_is_no_ring() -> None:
    for length_ms in (400, 600, 800):
        australian = desk("AU").burst(1000, 1000 + length_ms).ring(3600, 3, Country("AU").ring_ms)
        facts = australian.facts()
        assert starts(facts) == [3600, 6600, 9600], length_ms
        assert only(facts, "missed")[2] == {"call": 1, "rings": 3, "wait_ms": 7000}


def test_a_lone_australian_burst_that_is_answered_was_a_ring() -> None:
    facts = desk("AU").burst(1000, 1600, 25).off_hook(2200, 60_000).facts()
    assert only(facts, "answered")[2]["rings"] == 1


def test_an_australian_exchange_that_rings_once_a_cycle_is_learned() -> None:
    single = desk("AU")
    for call in range(6):
        single.ring(1000 + call * 60_000, 6, (600, 2400))
    last = [fields["rings"] for _, kind, fields in single.facts() if kind == "missed"]
    assert last[0] == 5  # the first burst may carry caller ID
    assert last[-1] == 6


def test_internal_and_external_cadences_of_an_exchange_count_alike() -> None:
    for cadence in ((1000, 4000), (375, 250, 375, 4000), (400, 200, 400, 200, 800, 4000)):
        assert len(starts(desk().ring(1000, 4, cadence, 25).facts())) == 4, cadence


def test_the_cadence_of_a_line_is_learned() -> None:
    learning = desk("CN").ring(1000, 10, (1000, 2000), 25)
    line = Line(learning.settings)
    line.start(0, [])
    assert line.cycle_ms == 5000
    learning.facts(line=line)
    assert 3000 <= line.cycle_ms < 3300


def test_missed_is_said_one_and_a_half_cycles_after_the_last_ring() -> None:
    line = Line(settings())
    line.start(0, [])
    line.edge(1000, "ring", True)
    line.edge(2000, "ring", False)
    assert line.tick(8499) == []
    assert line.state == "ringing"
    assert line.tick(8500) == [(2000, "missed", {"call": 1, "rings": 1, "wait_ms": 1000})]
    assert line.state == "idle"
    assert line.call is None


def test_a_ring_that_begins_just_in_time_belongs_to_the_same_call() -> None:
    assert only(desk().burst(1000, 2000).burst(8400, 9400).facts(), "missed")[2]["rings"] == 2


def test_a_missing_ring_begins_another_call_only_after_the_limit() -> None:
    facts = desk().ring(1000, 1).ring(11_000, 1).facts()
    assert [fields["call"] for _, kind, fields in facts if kind == "missed"] == [1, 2]


def test_noise_on_the_ring_input_is_no_call() -> None:
    noise = desk()
    for at_ms in range(1000, 60_000, 700):
        noise.burst(at_ms, at_ms + 30)
    assert noise.facts() == []


def test_a_ringer_that_only_the_ears_hear_is_counted_the_same() -> None:
    by_ear = Desk(settings(unit={"inputs": ["loop"]}, sound={"room_device": "room"}))
    for start_ms in (1000, 6000, 11_000):
        by_ear.hear("ring", "room", start_ms, start_ms + 1000)
    facts = by_ear.off_hook(13_000, 60_000).facts()
    assert starts(facts) == [1000, 6000, 11_000]
    assert only(facts, "answered")[2] == {"call": 1, "rings": 3, "rings_completed": 3, "wait_ms": 12_000}


def test_a_ringer_that_wire_and_ears_both_tell_is_counted_once() -> None:
    both = Desk(settings(sound={"room_device": "room"})).ring(1000, 3, hz=25)
    for start_ms in (1000, 6000, 11_000):
        both.hear("ring", "room", start_ms + 60, start_ms + 1150)
    assert starts(both.facts()) == [1000, 6000, 11_000]


def test_a_stuck_ring_input_is_a_fault_and_the_line_goes_on() -> None:
    for hz in (0, 25):
        facts = desk(ring_stuck_ms=5000).burst(1000, 9000, hz).off_hook(45_000, 50_000).ring(60_000, 2).facts()
        assert kinds(facts) == ["ring", "missed", "fault", "dialled", "ended", "ring", "ring", "missed"], facts
        assert facts[1][2] == {"call": 1, "rings": None, "wait_ms": None}
        assert facts[2] == (6000, "fault", {"what": "stuck", "input": "ring"})


def test_a_ring_after_a_stuck_input_teaches_no_cadence() -> None:
    ringing = desk(ring_stuck_ms=5000)
    line = Line(ringing.settings)
    line.start(0, [])
    ringing.burst(1000, 6200).ring(7000, 1).facts(line=line)
    assert line.cycle_ms == 5000


def test_a_ring_that_became_certain_after_a_fault_is_not_told_as_before_it() -> None:
    facts = Desk(settings(hold={"key_stuck_ms": 60_000})).edge(1000, "hold_key", True).ring(60_900, 1).facts()
    assert [fact[:2] for fact in facts[:2]] == [(61_000, "fault"), (61_000, "ring")]


def test_a_call_can_be_made_while_the_ring_input_is_stuck() -> None:
    facts = desk().burst(1000, 90_000).off_hook(20_000, 50_000).facts()
    assert kinds(facts) == ["ring", "missed", "fault", "dialled", "ended"]


def test_a_call_answered_behind_a_ring_input_that_sticks_is_answered() -> None:
    facts = desk().burst(1000, 90_000).off_hook(3000, 50_000).facts()
    assert kinds(facts) == ["ring", "answered", "fault", "ended"]
    assert only(facts, "answered") == (
        3000,
        "answered",
        {"call": 1, "rings": 1, "rings_completed": 0, "wait_ms": 2000},
    )


def test_rings_soon_after_the_start_may_not_be_the_first() -> None:
    for first_ms, known in ((0, False), (5900, False), (6000, True)):
        facts = desk(boot_blind_ms=6000).ring(first_ms, 2).off_hook(first_ms + 7000, 60_000).facts()
        fields = only(facts, "answered")[2]
        assert (fields["rings"], fields["rings_completed"]) == ((2, 2) if known else (None, None))
        assert only(desk(boot_blind_ms=6000).ring(first_ms, 2).facts(), "missed")[2]["rings"] == (2 if known else None)


def test_a_line_that_rings_at_the_start_has_an_unknown_count() -> None:
    line = Line(settings(line={"boot_blind_ms": 6000}))
    line.start(500, ["ring", "loop"])
    facts = line.edge(900, "ring", False) + line.edge(910, "loop", False)
    facts += line.edge(5000, "loop", True) + line.tick(6000)
    assert kinds(facts) == ["ring", "answered"]
    assert facts[1][2]["rings"] is None
    assert facts[1][0] == 5000


def test_large_times_change_nothing() -> None:
    for start_ms in (2**30 - 3000, 2**31 - 7000, 2**32, 2**62):
        line = Line(settings())
        line.start(start_ms, [])
        facts = Desk().ring(start_ms + 1000, 2).off_hook(start_ms + 8400, start_ms + 20_000).facts(line=line)
        assert only(facts, "answered")[2]["wait_ms"] == 7400
        assert only(facts, "ended")[2]["talk_ms"] == 11_600


def test_once_the_wire_has_rung_the_ears_are_not_asked() -> None:
    wired = Desk(settings(sound={"room_device": "room"})).ring(1000, 1)
    wired.hear("ring", "room", 20_000, 21_000)
    assert starts(wired.facts()) == [1000]


def test_rings_that_the_ears_tell_with_the_second_are_dated_when_they_were() -> None:
    for country in ("CN", "US", "JP"):
        told = Line(settings(country, unit={"inputs": ["loop"]}, sound={"room_device": "room"}))
        told.start(0, [])
        cadence = Country(country)
        second_ms = 1000 + cadence.ring_cycle_ms
        facts = []
        for at_ms, on in ((1000, True), (1000 + cadence.ring_on_ms, False), (second_ms, True)):
            facts += told.hear(second_ms + 1000, Signal("ring", "room", on, at_ms))
        facts += told.tick(second_ms + 1300)
        assert starts(facts) == [1000, second_ms], country


def by_ear() -> Desk:
    """A desk on which nothing is wired: only the room is heard."""
    return Desk(settings(unit={"inputs": []}, sound={"room_device": "room"}))


def test_a_voice_after_the_last_ring_is_an_answer_where_no_loop_tells() -> None:
    for channel in ("room", "agent", "line"):
        heard = by_ear()
        for start_ms in (1000, 6000):
            heard.hear("ring", "room", start_ms, start_ms + 1000)
        facts = heard.hear("voice", channel, 8400, 9000).facts()
        assert kinds(facts) == ["ring", "ring", "answered"]
        assert facts[-1] == (8400, "answered", {"call": 1, "rings": 2, "rings_completed": 2, "wait_ms": 7400})


def test_a_ring_that_broke_off_before_the_voice_dates_the_answer() -> None:
    heard = by_ear().hear("ring", "room", 1000, 2000).hear("ring", "room", 6000, 6500, CUT)
    facts = heard.hear("voice", "room", 7300, 9000).facts()
    assert facts[-1] == (6500, "answered", {"call": 1, "rings": 2, "rings_completed": 1, "wait_ms": 5500})


def test_a_voice_before_the_last_ring_is_no_answer_and_neither_is_silence() -> None:
    heard = by_ear().hear("ring", "room", 1000, 2000).hear("voice", "room", 3000, 5000).hear("ring", "room", 6000, 6500)
    assert kinds(heard.facts()) == ["ring", "ring", "missed"]


def test_where_the_loop_is_wired_a_voice_answers_nothing() -> None:
    wired = Desk(settings(unit={"inputs": ["loop"]}, sound={"room_device": "room"}))
    facts = wired.hear("ring", "room", 1000, 2000).hear("voice", "room", 3000, 5000).facts()
    assert kinds(facts) == ["ring", "missed"]


def test_the_next_call_is_another_one_after_an_answer_that_was_only_heard() -> None:
    heard = by_ear().hear("ring", "room", 1000, 2000).hear("voice", "room", 3000, 9000)
    facts = heard.hear("ring", "room", 60_000, 61_000).facts()
    assert [(kind, fields["call"]) for _, kind, fields in facts] == [
        ("ring", 1),
        ("answered", 1),
        ("ring", 2),
        ("missed", 2),
    ]
