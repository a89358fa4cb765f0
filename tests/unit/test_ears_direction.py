"""Two microphones tell the desk's own phone from the same one on another desk, as loud as it may be."""

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from thirdring_unit.cli import cli
from thirdring_unit.ears.direction import NEAR_US, agreement, delay_us
from thirdring_unit.ears.ears import Ears
from thirdring_unit.ears.ringer import Ringer, read, written
from thirdring_unit.errors import UserError

from tests.unit.ringing import RATE_HZ, Sound, by_two, frames, hear, learned, noisy, quiet, ringer, ringing, rings, save

KINDS = ("bell", "warble", "trill", "tune")
UNIT = '[unit]\nbranch = "b12"\nid = "desk-07"\n[line]\ncountry = "CN"\n[sound]\nroom_channels = 2\n'


def rung(kind: str, count: int, delay_us: float) -> Sound:
    return by_two(np.concatenate((quiet(2), ringing(ringer(kind, 31), count), quiet(3))), delay_us)


def taught_at(kind: str, delay_us: float) -> Ringer:
    return learned(rung(kind, 3, delay_us), 30, 2)


@given(st.sampled_from(KINDS), st.integers(-500, 500))
@settings(max_examples=25, deadline=None)
def test_the_delay_of_a_ring_is_found(kind: str, wanted_us: int) -> None:
    sound = noisy(by_two(ringer(kind, 31)[: RATE_HZ // 2], wanted_us), 15).astype(np.int16)
    found_us = delay_us([(sound[::2], sound[1::2])])
    assert found_us is not None
    assert abs(found_us - wanted_us) <= NEAR_US


def test_a_sound_that_is_too_short_or_another_at_each_microphone_has_no_delay() -> None:
    rng = np.random.default_rng(1)
    first, second = rng.normal(0, 1000, (2, RATE_HZ)).astype(np.int16)
    assert delay_us([(first, second)]) is None
    assert delay_us([(first[:1000], first[:1000])]) is None
    assert delay_us([]) is None
    assert agreement(first, first).max() == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_ringer_from_another_side_is_another_desk_s(kind: str) -> None:
    mine = taught_at(kind, 120)
    for near_us in (120, 150):
        assert len(rings(hear(noisy(rung(kind, 3, near_us), 20), mine, microphones=2))) == 3
    assert not rings(hear(noisy(rung(kind, 3, -230), 20), mine, microphones=2))


def test_both_phones_may_ring_in_turn() -> None:
    theirs, mine = rung("trill", 2, -300), rung("trill", 2, 200)
    told = hear(noisy(np.concatenate((theirs, mine, theirs)), 20), taught_at("trill", 200), microphones=2)
    first_ms = len(theirs) // 2 * 1000 // RATE_HZ + 2000
    assert [from_ms for from_ms, _ in rings(told)] == pytest.approx([first_ms, first_ms + 5000], abs=60)


def test_a_lesson_or_a_room_of_one_microphone_knows_no_direction() -> None:
    one = np.concatenate((quiet(2), ringing(ringer("trill", 31), 2), quiet(3)))
    by_one, by_both = learned(one), taught_at("trill", 200)
    assert by_one.delay_us is None
    assert read(written(by_both)).delay_us == pytest.approx(200, abs=20)
    assert len(rings(hear(noisy(rung("trill", 2, -300), 20), by_one, microphones=2))) == 2
    assert len(rings(hear(noisy(one, 20), by_both))) == 2


def test_a_recording_in_stereo_teaches_and_replays_with_its_direction(tmp_path: Path) -> None:
    (tmp_path / "unit.toml").write_text(UNIT)
    config = ["--config", str(tmp_path / "unit.toml")]
    lesson = save(tmp_path / "ring.wav", noisy(rung("warble", 3, 150)), 2)
    assert "3 rings" in invoke("learn-ring", *config, "--room", str(lesson))
    for delay, kinds in ((150, ["boot", "ring", "ring", "missed"]), (-250, ["boot"])):
        room = save(tmp_path / "room.wav", noisy(rung("warble", 2, delay)), 2)
        facts = [json.loads(line) for line in invoke("replay", *config, "--room", str(room)).splitlines()]
        assert [fact["kind"] for fact in facts] == kinds
    mono = save(tmp_path / "mono.wav", quiet(1))
    with pytest.raises(UserError, match=r"mono.wav: has one channel, two microphones are set"):
        invoke("replay", *config, "--room", str(mono))


def test_a_frame_of_two_microphones_is_the_room_s_alone() -> None:
    with pytest.raises(ValueError, match="a frame of 1280 bytes"):
        Ears("CN", ["line"]).feed("line", frames(quiet(1), 2)[0], 0)


def invoke(*arguments: str) -> str:
    return CliRunner().invoke(cli, list(arguments), catch_exceptions=False).output
