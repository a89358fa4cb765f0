"""A unit is taught its phone's ringer, and counts a call from the room's sound alone."""

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from thirdring_unit.cli import cli
from thirdring_unit.ears import ringer as ringers
from thirdring_unit.errors import UserError
from thirdring_unit.sim import voices

from tests.unit.ringing import LOUD, RATE_HZ, Sound, learned, noisy, quiet, ringer, ringing, save, taught

CHANGES: list[tuple[str, object]] = [("version", 3), ("ring_ms", -1), ("powers", [0]), ("powers", []), ("moments", 3)]
PHONE = ringer("warble", 1)


def invoke(*arguments: object) -> str:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments], catch_exceptions=False).output


def refusal(*arguments: object) -> str:
    with pytest.raises(UserError) as error:
        invoke(*arguments)
    assert "\n" not in str(error.value)
    return str(error.value)


def recorded(path: Path, *parts: Sound, below_db: float = 30) -> Path:
    return save(path, noisy(np.concatenate((quiet(1), *parts)), below_db))


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "unit.toml"
    path.write_text('[unit]\nbranch = "b12"\nid = "desk-07"\n[line]\ncountry = "CN"\nboot_blind_ms = 0\n')
    return path


def test_the_learned_ringer_lies_beside_the_settings_and_is_found_there(tmp_path: Path, config: Path) -> None:
    said = invoke("learn-ring", "--config", config, "--room", recorded(tmp_path / "ring.wav", ringing(PHONE, 3)))
    assert said == f"{tmp_path}/ringer.json: the ringer, learned from 3 rings\n"
    room = save(tmp_path / "room.wav", noisy(np.concatenate((quiet(2), ringing(PHONE, 1), quiet(6))), 15))
    facts = [json.loads(line) for line in invoke("replay", "--config", config, "--room", room).splitlines()]
    assert [fact["kind"] for fact in facts] == ["boot", "ring", "missed"]
    assert facts[1]["up_ms"] == pytest.approx(2000, abs=60)
    assert facts[2]["rings"] == 1


def test_rings_may_come_in_several_recordings(tmp_path: Path) -> None:
    files = [recorded(tmp_path / f"{number}.wav", PHONE[:RATE_HZ]) for number in range(3)]
    said = invoke("learn-ring", "--state", tmp_path, "--room", *files)
    assert said == f"{tmp_path}/ringer.json: the ringer, learned from 3 rings\n"


def test_a_cough_among_the_rings_is_left_out(tmp_path: Path) -> None:
    cough = np.random.default_rng(2).normal(0, LOUD, RATE_HZ // 2).astype(np.float32)
    file = recorded(tmp_path / "ring.wav", ringing(PHONE, 3), cough, quiet(2))
    assert "learned from 3 rings" in invoke("learn-ring", "--state", tmp_path, "--room", file)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ([quiet(5)], "there is no ring in it"),
        ([ringing(PHONE, 1)], "there is only one ring in it"),
        ([ringing(PHONE, 2), ringing(ringer("bell", 3), 2)], "its sounds are not alike"),
        ([ringing(PHONE, 1), ringing(ringer("bell", 3), 1)], "its sounds are not alike"),
        ([ringing(PHONE, 3) / 300], "the sound is too quiet"),
        ([ringing(PHONE, 3) * 20], "the rings are overdriven"),
        ([ringing(PHONE, 30)], "it is longer than two minutes"),
    ],
)
def test_what_cannot_be_learned_from_is_one_line_and_writes_nothing(
    tmp_path: Path, parts: list[Sound], said: str
) -> None:
    quieter = 75 if said == "the sound is too quiet" else 30
    file = recorded(tmp_path / "ring.wav", *parts, below_db=quieter)
    assert f"{file}: {said}" in refusal("learn-ring", "--state", tmp_path, "--room", file)
    assert list(tmp_path.iterdir()) == [file]


def test_without_a_recording_there_is_nothing_to_learn_from() -> None:
    assert "give --room ring.wav" in refusal("learn-ring")


def test_a_file_that_is_no_ringer_is_refused_wherever_it_is_used(tmp_path: Path, config: Path) -> None:
    room = save(tmp_path / "room.wav", quiet(1))
    good = json.loads(ringers.written(taught(PHONE)))
    bad = ["", "[]", "{}", "null", '{"version":2,"powers":[1],"moments":[[1]]}']
    bad += [json.dumps(good | {name: value}) for name, value in CHANGES]
    bad += [json.dumps(good | {"moments": [[0] * len(row) for row in good["moments"]]})]
    for text in bad:
        (tmp_path / "ringer.json").write_text(text)
        said = f"{tmp_path}/ringer.json: is no learned ringer: teach it anew with thirdring-unit learn-ring"
        assert refusal("replay", "--config", config, "--room", room) == said, text
        assert refusal("hear", room, "--channel", "room", "--ringer", tmp_path / "ringer.json") == said


def test_a_ringer_that_the_settings_name_must_be_there(tmp_path: Path, config: Path) -> None:
    room = save(tmp_path / "room.wav", quiet(1))
    config.write_text(config.read_text() + '[sound]\nringer_file = "phone.json"\n')
    assert refusal("replay", "--config", config, "--room", room).startswith(f"{tmp_path}/phone.json: there is no such")


def test_what_is_written_is_read_again() -> None:
    learned = taught(ringer("tune", 4))
    again = ringers.read(ringers.written(learned))
    assert np.allclose(again.moments, learned.moments, atol=0.001)
    assert np.allclose(again.powers, learned.powers, atol=0.5)


@pytest.mark.parametrize("cut_ms", [None, 600])
def test_the_room_s_track_shows_the_rings(tmp_path: Path, cut_ms: int | None) -> None:
    file = recorded(tmp_path / "room.wav", quiet(1), ringing(PHONE, 2, cut_ms=cut_ms), quiet(2))
    lines = [line.split() for line in invoke("hear", file, "--channel", "room").splitlines()]
    assert [line[4] for line in lines] == ["ring", "ring"]
    assert [float(line[0]) for line in lines] == pytest.approx([2.0, 7.0], abs=0.06)


def test_an_answer_that_cuts_a_lone_ring_short_is_an_answer(tmp_path: Path) -> None:
    room = save(tmp_path / "room.wav", noisy(np.concatenate((quiet(2), ringing(PHONE, 1, cut_ms=700), quiet(8))), 20))
    edges = tmp_path / "edges.csv"
    edges.write_text("at_ms,input,active\n2700,loop,1\n9000,loop,0\n")
    facts = [json.loads(line) for line in invoke("replay", "--room", room, "--edges", edges).splitlines()]
    answered = next(fact for fact in facts if fact["kind"] == "answered")
    assert (answered["rings"], answered["rings_completed"]) == (1, 0)
    assert answered["wait_ms"] == pytest.approx(700, abs=60)


def test_a_call_is_answered_by_ear_alone_when_somebody_speaks_beside_the_phone(tmp_path: Path) -> None:
    spoken = np.resize(voices.speech("agent"), 4 * voices.RATE_HZ).repeat(RATE_HZ // voices.RATE_HZ) * 20_000
    for cut_ms, answer_ms in ((500, 5500), (None, 10_000)):
        rung = ringing(PHONE, 2, cut_ms=cut_ms)
        room = save(tmp_path / "room.wav", noisy(np.concatenate((quiet(3), rung, spoken, quiet(8))), 25))
        facts = [json.loads(line) for line in invoke("replay", "--room", room).splitlines()]
        assert [fact["kind"] for fact in facts] == ["boot", "ring", "ring", "answered"]
        assert facts[-1]["wait_ms"] == pytest.approx(answer_ms, abs=300)
        assert (facts[-1]["rings"], facts[-1]["rings_completed"]) == (2, 2 if cut_ms is None else 1)


def test_a_lesson_knows_the_cadence_though_something_sounds_before_a_ring() -> None:
    rung = ringing(PHONE, 3)
    rung[round(9.5 * RATE_HZ) : 10 * RATE_HZ] = ringer("trill", 2)[: RATE_HZ // 2] / 2
    known = learned(np.concatenate((quiet(1), rung)))
    assert known.cycle_ms == pytest.approx(5000, abs=20)
    assert known.ring_ms == pytest.approx(1000, abs=40)
