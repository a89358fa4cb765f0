"""`hear` tells and draws what the ears make of a recording."""

import wave
from base64 import b64decode
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from click.testing import CliRunner
from thirdring_unit.cli import cli
from thirdring_unit.ears.picture import COLUMNS_MAX, Strip
from thirdring_unit.errors import UserError

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def busy(tmp_path: Path) -> Path:
    """A second of silence, seven of busy tone, a second of silence."""
    at_s = np.arange(7 * 8000) / 8000
    tone = 3000 * np.sin(2 * np.pi * 450 * at_s) * (at_s * 1000 % 700 < 350)
    path = tmp_path / "busy.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(np.concatenate((np.zeros(8000), tone, np.zeros(8000))).astype(np.int16).tobytes())
    return path


def test_what_was_heard_is_told_with_its_times(busy: Path) -> None:
    result = CliRunner().invoke(cli, ["hear", str(busy)], catch_exceptions=False)
    (line,) = result.output.splitlines()
    from_s, _, to_s, _, what, name = line.split()
    assert (float(from_s), float(to_s)) == pytest.approx((1.0, 7.65), abs=0.06)
    assert (what, name) == ("tone", "busy")


def test_the_picture_shows_sound_spectrum_and_a_bar_where_the_tone_was(busy: Path, tmp_path: Path) -> None:
    plot = tmp_path / "out.svg"
    CliRunner().invoke(cli, ["hear", str(busy), "--plot", str(plot)], catch_exceptions=False)
    root = ET.fromstring(plot.read_text(encoding="utf-8"))  # noqa: S314 - our own file
    image = root.find(f"{SVG}image")
    assert image is not None
    assert b64decode(image.attrib["href"].split(",")[1]).startswith(b"\x89PNG")
    (bar,) = [title for title in root.iter(f"{SVG}title") if title.text and title.text.startswith("busy ")]
    assert bar.text is not None
    assert {text.text for text in root.iter(f"{SVG}text")} >= {"voice", "music", "tone", "0:09"}


def test_a_long_recording_is_drawn_coarser_in_the_same_memory() -> None:
    strip = Strip(160)
    for number in range(3 * COLUMNS_MAX):
        strip.add(np.full(160, number, np.int16))
    columns = strip.columns()
    assert COLUMNS_MAX // 2 <= len(columns) <= COLUMNS_MAX
    assert columns[-1, 0] == 3 * COLUMNS_MAX - 1
    assert (np.diff(columns[:, 0]) > 0).all()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["none.wav"], "none.wav: No such file"),
        (["none.wav", "--plot", "out.png"], "give a name that ends in .svg"),
    ],
)
def test_a_mistake_is_one_line_and_draws_nothing(tmp_path: Path, arguments: list[str], said: str) -> None:
    with pytest.raises(UserError, match=said) as refusal:
        CliRunner().invoke(
            cli, ["hear", *(str(tmp_path / one) if "." in one else one for one in arguments)], catch_exceptions=False
        )
    assert "\n" not in str(refusal.value)
    assert list(tmp_path.iterdir()) == []


def test_a_recording_without_sound_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
    with pytest.raises(UserError, match="no sound in it"):
        CliRunner().invoke(cli, ["hear", str(path)], catch_exceptions=False)
