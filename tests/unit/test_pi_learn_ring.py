"""A unit is taught its phone's ringer live, through real PortAudio and ALSA."""

import wave
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from thirdring_unit.cli import cli
from thirdring_unit.errors import UserError

from tests.unit import alsa
from tests.unit.ringing import noisy, quiet, ringer, ringing, save

SECONDS = 16


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A room in which a phone rings three times, as a recording and as what the room's microphone gives."""
    sound = np.concatenate((quiet(1), ringing(ringer("warble", 1), 3)))[: SECONDS * 16_000]
    path = save(tmp_path / "room.wav", noisy(sound, 30))
    with wave.open(str(path)) as file:
        (tmp_path / "room.raw").write_bytes(file.readframes(file.getnframes()))
    for key, value in alsa.configure(tmp_path, [("room_mic", tmp_path / "room.raw")]).items():
        monkeypatch.setenv(key, value)
    return path


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "unit.toml"
    path.write_text(
        '[unit]\nbranch = "b12"\nid = "desk-07"\n[line]\ncountry = "CN"\n[sound]\nroom_device = "room_mic"\n'
    )
    return path


def learn(*arguments: object) -> str:
    return CliRunner().invoke(cli, ["learn-ring", *map(str, arguments)], catch_exceptions=False).output


def test_what_is_learned_live_is_what_is_learned_from_a_recording(tmp_path: Path, config: Path, room: Path) -> None:
    live, recorded = tmp_path / "live", tmp_path / "recorded"
    live.mkdir()
    recorded.mkdir()
    assert "learned from 3 rings" in learn("--config", config, "--state", live, "--seconds", SECONDS)
    assert "learned from 3 rings" in learn("--config", config, "--state", recorded, "--room", room)
    assert (live / "ringer.json").read_text() == (recorded / "ringer.json").read_text()


def test_a_unit_that_has_no_room_microphone_cannot_be_taught_live(tmp_path: Path, config: Path) -> None:
    config.write_text(config.read_text().replace('"room_mic"', '""'))
    with pytest.raises(UserError, match="name it in"):
        learn("--config", config)
    assert not (tmp_path / "ringer.json").exists()


@pytest.mark.usefixtures("room")
def test_a_room_microphone_that_is_not_there_is_told_in_one_line(config: Path) -> None:
    config.write_text(config.read_text().replace('"room_mic"', '"headset"'))
    with pytest.raises(UserError, match="the room cannot be heard: no sound card is called 'headset'"):
        learn("--config", config)
