"""`hear` tells and draws what the ears make of a recording."""

import wave
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image, ImageColor
from thirdring_unit.cli import cli
from thirdring_unit.ears.picture import GAP, HEAD, LEFT, RIGHT, SPECTRUM, TRACK, TRACKS, WAVE, WIDTH, draw
from thirdring_unit.ears.strip import COLUMNS_MAX, Strip
from thirdring_unit.errors import UserError


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
    plot = tmp_path / "out.png"
    CliRunner().invoke(cli, ["hear", str(busy), "--plot", str(plot)], catch_exceptions=False)
    pixels = np.asarray(Image.open(plot).convert("RGB")).astype(int)

    wave = (pixels[HEAD + 5, LEFT + 1 : LEFT + WIDTH] < 128).any(), at_s(pixels[HEAD + WAVE // 2 - 3])
    assert wave[0] == 0, "a tone ten times below full scale does not reach the top"
    assert wave[1] == pytest.approx((1.0, 7.65), abs=0.1)

    spectrum = pixels[HEAD + WAVE + GAP : HEAD + WAVE + GAP + SPECTRUM, LEFT + WIDTH * 2 // 9 + 5].sum(axis=1)
    assert (1 - spectrum.argmax() / SPECTRUM) * 4000 == pytest.approx(450, abs=40)

    for number, track in enumerate(TRACKS):
        top = HEAD + WAVE + GAP + SPECTRUM + GAP + TRACK * number
        bar = (pixels[top + 4] == ImageColor.getrgb(track.colour)).all(axis=1)
        assert bar.any() == (track.what == "tone"), track.what
        if bar.any():
            found_s = [(x - LEFT) * 9 / WIDTH for x in (np.flatnonzero(bar)[0], np.flatnonzero(bar)[-1])]
            assert found_s == pytest.approx([1.0, 7.65], abs=0.1)


def at_s(row: np.ndarray) -> tuple[float, float]:
    """From when to when a row of pixels inside the picture's frame is inked, in a picture of nine seconds."""
    inked = np.flatnonzero((row[LEFT + 1 : LEFT + WIDTH - 1] < 160).any(axis=1))
    return inked[0] * 9 / WIDTH, inked[-1] * 9 / WIDTH


def test_a_picture_keeps_its_size_however_long_the_recording_and_whatever_its_name() -> None:
    strip = Strip(8000, 160)
    for _ in range(COLUMNS_MAX * 5):
        strip.add(np.full(160, 1000, np.int16))
    short, long = (Image.open(BytesIO(draw(name, 160_000, strip, []))) for name in ("a", "录音" * 1000))
    assert short.size == long.size == (LEFT + WIDTH + RIGHT, short.height)


def test_a_long_recording_is_drawn_coarser_in_the_same_memory() -> None:
    strip = Strip(8000, 160)
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
        (["none.wav", "--plot", "out.svg"], "give a name that ends in .png"),
    ],
)
def test_a_mistake_is_one_line_and_draws_nothing(tmp_path: Path, arguments: list[str], said: str) -> None:
    with pytest.raises(UserError, match=said) as refusal:
        CliRunner().invoke(
            cli, ["hear", *(str(tmp_path / one) if "." in one else one for one in arguments)], catch_exceptions=False
        )
    assert "\n" not in str(refusal.value)
    assert list(tmp_path.iterdir()) == []


def test_a_picture_that_cannot_be_written_is_one_line(busy: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"none/out\.png: cannot be written \(No such file or directory\)"):
        CliRunner().invoke(cli, ["hear", str(busy), "--plot", str(tmp_path / "none/out.png")], catch_exceptions=False)


def test_a_recording_without_sound_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
    with pytest.raises(UserError, match="no sound in it"):
        CliRunner().invoke(cli, ["hear", str(path)], catch_exceptions=False)
