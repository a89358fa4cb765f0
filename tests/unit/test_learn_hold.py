"""A unit is taught the site's own hold music, and knows it again: fainter, in noise, after a telephone's codecs."""

import json
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from thirdring_unit.cli import cli
from thirdring_unit.core.events import Signal
from thirdring_unit.ears import tunes
from thirdring_unit.ears.block import Block, past_samples
from thirdring_unit.ears.ears import Ears
from thirdring_unit.ears.tunes import Tune, TuneError, learn
from thirdring_unit.errors import UserError
from thirdring_unit.sim import voices

RATE_HZ = 8000
SCALE_HZ = 220 * 2 ** (np.array([0, 2, 4, 7, 9, 12, 14, 16]) / 12)
SNR_DB = 10

Sound = np.ndarray


def tune(seed: int, seconds: int = 30) -> Sound:
    """Chords of plucked strings, a new one every third of a second; the same seed, the same tune."""
    rng = np.random.default_rng(seed)
    since_s = np.arange(RATE_HZ // 3) / RATE_HZ
    sound = []
    for _ in range(seconds * 3):
        notes = rng.choice(SCALE_HZ, 3)
        partials = [(hz * overtone, overtone) for hz in notes for overtone in range(1, 7)]
        sound.append(sum(np.sin(2 * np.pi * hz * since_s) / n * np.exp(-since_s * n) for hz, n in partials))
    whole = np.concatenate(sound)
    return np.asarray(whole * 3000 / np.abs(whole).max())


def frames(sound: Sound) -> list[np.ndarray]:
    return list(sound.astype(np.int16)[: len(sound) // 160 * 160].reshape(-1, 160))


def save(path: Path, sound: Sound) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE_HZ, 0, "NONE", ""))
        file.writeframes(sound.astype(np.int16).tobytes())
    return path


def invoke(*arguments: object) -> str:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments], catch_exceptions=False).output


def refusal(*arguments: object) -> str:
    with pytest.raises(UserError) as error:
        invoke(*arguments)
    assert "\n" not in str(error.value)
    return str(error.value)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "unit.toml"
    path.write_text('[unit]\nbranch = "b12"\nid = "desk-07"\n[line]\ncountry = "CN"\nboot_blind_ms = 0\n')
    return path


def taught(sound: Sound) -> tuple[Tune, ...]:
    return tunes.read(tunes.written([learn("music.wav", frames(sound))]))


def heard(sound: Sound, known: tuple[Tune, ...] = ()) -> list[Signal]:
    ears = Ears("CN", ["line"], tunes=known)
    signals = [signal for i, frame in enumerate(frames(sound)) for signal in ears.feed("line", frame, i * 20)]
    return [signal for signal in signals + ears.flush() if signal.what == "music"]


def known_share(sound: Sound, known: tuple[Tune, ...]) -> float:
    """Share of the frames, from the eighth second on, in which the tune is known."""
    follower, past, flags = tunes.Tunes(known), np.zeros(past_samples(RATE_HZ), np.int16), []
    cells = frames(sound)
    for at in range(0, len(cells), 32):
        some = cells[at : at + 32]
        block = Block([cell.tobytes() for cell in some], [0] * len(some), past, RATE_HZ)
        past = block.tail
        flags.append(follower.step(block))
    return float(np.concatenate(flags)[400:].mean())


def band_limited(sound: Sound, low_hz: int, high_hz: int) -> Sound:
    bins = np.fft.rfft(sound)
    hz = np.fft.rfftfreq(len(sound), 1 / RATE_HZ)
    bins[(hz < low_hz) | (hz > high_hz)] = 0
    return np.asarray(np.fft.irfft(bins, len(sound)))


def mu_law(sound: Sound) -> Sound:
    coarse = np.round(np.log1p(255 * np.abs(sound) / 32768) / np.log(256) * 127) / 127
    return np.asarray(np.sign(sound) * np.expm1(coarse * np.log(256)) / 255 * 32768)


def a_law(sound: Sound) -> Sound:
    size, bend = np.abs(sound) / 32768, 1 + np.log(87.6)
    squeezed = np.where(size < 1 / 87.6, 87.6 * size, 1 + np.log(np.maximum(87.6 * size, 1))) / bend
    coarse = np.round(squeezed * 127) / 127
    size = np.where(coarse < 1 / bend, coarse * bend / 87.6, np.exp(coarse * bend - 1) / 87.6)
    return np.asarray(np.sign(sound) * size * 32768)


def noisy(sound: Sound, seed: int) -> Sound:
    noise = np.random.default_rng(seed).normal(0, 1, len(sound))
    return np.asarray(sound + noise * np.std(sound) * 10 ** (-SNR_DB / 20))


@pytest.mark.parametrize(
    ("changed", "how"),
    [
        ("as it is", lambda sound: sound),
        ("fainter", lambda sound: sound * 0.1),
        ("in noise", lambda sound: noisy(sound, 1)),
        ("mu-law", lambda sound: mu_law(noisy(sound * 0.3, 2))),
        ("A-law", lambda sound: a_law(noisy(sound * 0.3, 3))),
        ("narrow band", lambda sound: band_limited(noisy(sound, 4), 300, 3400)),
    ],
)
def test_a_learned_tune_is_known_again(changed: str, how: Callable[[Sound], Sound]) -> None:
    played = how(tune(1)[7 * RATE_HZ + 77 :])
    assert known_share(played, taught(tune(1))) > 0.95, changed


def test_a_tune_that_begins_anew_is_followed_on() -> None:
    assert known_share(np.tile(tune(1), 2)[RATE_HZ * 10 :], taught(tune(1))) > 0.95


def test_neither_another_tune_nor_speech_nor_noise_is_taken_for_it() -> None:
    known = taught(tune(1))
    speech = voices.repeated(voices.speech("agent"), 0, 30 * RATE_HZ) * 8000.0
    for other in (tune(2), speech, np.random.default_rng(3).normal(0, 800, 30 * RATE_HZ)):
        assert known_share(other, known) == 0


def test_a_learned_tune_is_music_at_once_and_an_announcement_does_not_end_it() -> None:
    talk = voices.repeated(voices.speech("agent"), 0, 6 * RATE_HZ) * 8000.0
    announcement = voices.repeated(voices.speech("caller"), 0, 12 * RATE_HZ) * 8000.0
    music = tune(1)
    call = np.concatenate((talk, music[: 15 * RATE_HZ], announcement, music[15 * RATE_HZ :], talk, talk, talk))
    signals = heard(call, taught(music))
    assert [signal.on for signal in signals] == [True, False]
    assert signals[0].at_ms == pytest.approx(6000, abs=500)
    assert signals[1].at_ms == pytest.approx(48_000, abs=2000)


def test_what_is_no_music_is_refused() -> None:
    with pytest.raises(TuneError, match="shorter than 8 seconds"):
        learn("music.wav", frames(tune(1, 7)))
    with pytest.raises(TuneError, match="no music in it"):
        learn("music.wav", frames(np.zeros(10 * RATE_HZ)))


def test_the_learned_music_lies_beside_the_settings_and_is_found_there(tmp_path: Path, config: Path) -> None:
    music = save(tmp_path / "music.wav", tune(1))
    said = invoke("learn-hold", "--config", config, music)
    assert said == f"{tmp_path}/hold-music.json: music.wav, 30 s of music\n"
    assert (tmp_path / "hold-music.json").stat().st_size < 5000
    quiet = np.zeros(2 * RATE_HZ)
    call = save(tmp_path / "call.wav", np.concatenate((quiet, noisy(tune(1)[5 * RATE_HZ :] * 0.2, 5), quiet)))
    heard_of_it = invoke("hear", call, "--hold-music", tmp_path / "hold-music.json")
    assert "music" in heard_of_it
    edges = tmp_path / "edges.csv"
    edges.write_text("at_ms,input,active\n0,ring,1\n500,ring,0\n1000,loop,1\n35000,loop,0\n")
    facts = [
        json.loads(line) for line in invoke("replay", "--config", config, "--line", call, "--edges", edges).splitlines()
    ]
    assert "held" in [fact["kind"] for fact in facts]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is no file of hold music"),
        ("[]", "is no file of hold music"),
        ('{"v": 1, "tunes": [{"name": "a", "places": 900, "signs": "AAAA"}]}', "is no file of hold music"),
        ('{"v": 1, "tunes": [{"name": "a", "places": -1, "signs": "AAAA"}]}', "is no file of hold music"),
        ('{"v": 9, "tunes": []}', "of version 9"),
    ],
)
def test_a_file_that_is_none_is_refused_in_one_line(tmp_path: Path, text: str, why: str) -> None:
    file = tmp_path / "hold-music.json"
    file.write_text(text)
    call = save(tmp_path / "call.wav", np.zeros(RATE_HZ))
    assert why in refusal("hear", call, "--hold-music", file)


def test_recordings_that_cannot_be_learned_are_refused_in_one_line_and_nothing_is_written(tmp_path: Path) -> None:
    assert "give music.wav" in refusal("learn-hold", "--state", tmp_path)
    assert "none.wav: No such file" in refusal("learn-hold", "--state", tmp_path, tmp_path / "none.wav")
    short = save(tmp_path / "short.wav", tune(1, 3))
    assert "shorter than 8 seconds" in refusal("learn-hold", "--state", tmp_path, short)
    long = save(tmp_path / "long.wav", np.tile(tune(1, 20), 10))
    assert "more than 300 s" in refusal("learn-hold", "--state", tmp_path, long, long)
    assert not (tmp_path / "hold-music.json").exists()
