"""Scenario files: what a non-programmer may write, and what the file's mistakes are answered with."""

import tomllib
from pathlib import Path

import pytest
from thirdring_unit.errors import UserError
from thirdring_unit.sim import scenario
from thirdring_unit.sim.day import work_out
from thirdring_unit.sim.plain import PlainError, clock, duration
from thirdring_unit.sim.story import Hold, Scenario

SMALL = """
desk = "desk-07"
[[call]]
at = "09:00:20"
rings = 2
talk = "40 s"
hold = { for = "75 s", how = "key" }
hangup = "caller"
"""


def read(text: str) -> Scenario:
    return scenario.parse(tomllib.loads(text))


@pytest.mark.parametrize(
    ("told", "length_ms"),
    [
        ("75 s", 75_000),
        ("6 min", 360_000),
        ("300 ms", 300),
        ("1.5 s", 1_500),
        ("5 min 30 s", 330_000),
        ("1 h", 3_600_000),
    ],
)
def test_a_time_with_its_unit_is_read_as_milliseconds(told: str, length_ms: int) -> None:
    assert duration(told) == length_ms


@pytest.mark.parametrize(
    "told", [75, "75", "75 sec", "-1 s", "1 s and more", "0.0001 s", "13 h", "", None, "9" * 400 + " s"]
)
def test_a_time_without_a_plain_unit_is_refused(told: object) -> None:
    with pytest.raises(PlainError):
        duration(told)


def test_a_time_of_day_may_be_text_or_tomls_own() -> None:
    moments = tomllib.loads('a = "09:00:05"\nb = 09:00:05\nc = "09:00"')
    assert [clock(moments[key]) for key in "abc"] == [32_405_000, 32_405_000, 32_400_000]


def test_a_small_file_tells_one_call_and_the_day_starts_before_it() -> None:
    day = read(SMALL)
    assert (day.branch, day.country, day.starts_ms) == ("b12", "CN", (9 * 3_600 + 5) * 1_000)
    (call,) = day.calls
    assert (call.at_ms, call.rings, call.talk_ms, call.hangup) == (15_000, 2, 40_000, "caller")
    assert call.holds == (Hold(75_000, "key"),)


@pytest.mark.parametrize(
    ("line", "mended", "says"),
    [
        ("rings = 2", "ring = 2", "[[call]] number 1: `ring` is not known; did you mean `rings`?"),
        ("rings = 2", "", "[[call]] number 1: `rings` is missing"),
        ("rings = 2", "rings = 0", "[[call]] number 1: `rings` is 0: write a whole number from 1 to 50"),
        ("rings = 2", "rings = true", "[[call]] number 1: `rings` is True: write a whole number from 1 to 50"),
        ('talk = "40 s"', "talk = 40", "[[call]] number 1: `talk` is 40: write a time with its unit"),
        ('"09:00:20"', '"9 o\'clock"', '[[call]] number 1: `at` is "9 o\'clock": write a time of day'),
        ('how = "key"', 'how = "hand"', "[[call]] number 1, hold: `how` is 'hand': write one of"),
        ('hold = { for = "75 s", how = "key" }', "hold = 75", "[[call]] number 1: `hold` is 75: write it like"),
        ('hangup = "caller"', 'hangup = "me"', "[[call]] number 1: `hangup` is 'me': write one of"),
        ('hangup = "caller"', 'hangup = "agent"\ntransfer = "9 s"', "[[call]] number 1: a transferred call leaves"),
        ('desk = "desk-07"', "", "the top of the file: `desk` is missing"),
        (
            'desk = "desk-07"',
            'desk = "Desk 7"',
            "the top of the file: `desk` is 'Desk 7': write something like 'desk-07'",
        ),
        ('desk = "desk-07"', 'desk = "a"\ncountry = "XX"', "the top of the file: `country` is 'XX': write one of"),
        ('desk = "desk-07"', 'desk = "a"\nstarts = "09:00:19"', "`starts` must be 15 s or more before 09:00:20"),
        ('desk = "desk-07"', 'desk = "a"\ncal = 1', "the top of the file: `cal` is not known; did you mean `call`?"),
        ("[[call]]", "[call]", "`call` must be written as [[call]]"),
        (
            "[[call]]",
            '[[vip]]\nat="09:00:00"\ntier=1\nserved_after="1 s"\nleft_after="1 s"\n[[call]]',
            "[[vip]] number 1: a VIP",
        ),
        (
            'talk = "40 s"',
            'talk = "40 s"\nafter_ring = "5 s"',
            "the call at 09:00:20: `after_ring` must be under 5000 ms",
        ),
        ('how = "key"', 'how = "key", after = "41 s"', "the call at 09:00:20: a hold begins after the end of `talk`"),
    ],
)
def test_a_mistake_is_answered_with_its_place_its_key_and_the_remedy(line: str, mended: str, says: str) -> None:
    with pytest.raises(UserError) as refused:
        read(SMALL.replace(line, mended))
    assert str(refused.value).startswith(says)
    assert "\n" not in str(refused.value)


def test_what_cannot_happen_on_one_line_is_refused() -> None:
    with pytest.raises(UserError, match=r"the call at 09:01:00 comes before the line is free again at 09:02:2"):
        read(SMALL + '[[missed]]\nat = "09:01:00"\nrings = 1\n')


def test_a_vip_cannot_be_served_before_one_who_has_waited_longer() -> None:
    waiting = '[[vip]]\nat = "09:0{}:00"\ntier = 1\nserved_after = "{} min"\n'
    with pytest.raises(UserError, match=r"the VIP of 09:02:00 goes before the one of 09:01:00"):
        read('desk = "a"\n' + waiting.format(1, 5) + waiting.format(2, 1))


def test_a_hold_that_only_ears_can_notice_needs_ears() -> None:
    with pytest.raises(UserError, match="can only be heard"):
        read('ears = "none"\n' + SMALL.replace('"key"', '"music"'))


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"desk = ", b"", b'desk = "a"'])
def test_a_file_that_is_no_scenario_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "day.toml"
    path.write_bytes(content)
    with pytest.raises(UserError, match=r"day\.toml: "):
        scenario.load(path)


def test_the_shipped_desks_fit_into_twenty_minutes() -> None:
    desks = scenario.shipped()
    assert [desk.desk for desk in desks] == [f"desk-{number:02}" for number in range(1, 7)]
    assert all(desk.starts_ms == 9 * 3_600_000 for desk in desks)
    assert max(work_out(desk).end_ms for desk in desks) <= 20 * 60_000
