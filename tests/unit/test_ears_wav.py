"""WAV files of every supported kind are heard alike; others are refused in one line."""

import struct
from pathlib import Path

import numpy as np
import pytest
from thirdring_unit.ears.wav import WavError, frames

PCM, FLOAT, MULAW, EXTENSIBLE = 1, 3, 7, 0xFFFE


def write_wav(
    path: Path,
    sound: np.ndarray,
    rate_hz: int,
    *,
    bits: int = 16,
    channels: int = 1,
    tag: int = PCM,
    claimed: int | None = None,
) -> Path:
    """Writes `sound` (-1 to 1) as the first channel; a second one is full of another sound."""
    scaled = np.rint(sound * (2 ** (bits - 1) - 1)).astype(np.int64) + (128 if bits == 8 else 0)
    cells = np.stack([scaled] + [scaled[::-1]] * (channels - 1), axis=1).astype("<i8")
    data = cells[..., None].view(np.uint8)[..., : bits // 8].tobytes()
    step = channels * bits // 8
    fmt = struct.pack("<HHIIHH", tag, channels, rate_hz, rate_hz * step, step, bits)
    if tag == EXTENSIBLE:
        fmt += struct.pack("<HHIH14x", 22, bits, 0, PCM)
    body = b"WAVE" + b"LIST" + struct.pack("<I", 3) + b"abc\0" + b"fmt " + struct.pack("<I", len(fmt)) + fmt
    body += b"data" + struct.pack("<I", len(data) if claimed is None else claimed) + data
    path.write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
    return path


def sine(rate_hz: int, seconds: float = 0.5, hz: int = 440) -> np.ndarray:
    return 0.5 * np.sin(2 * np.pi * hz * np.arange(int(rate_hz * seconds)) / rate_hz)


def heard(path: Path, rate_hz: int) -> np.ndarray:
    return np.concatenate(list(frames(path, rate_hz))).astype(float) / 32768


@pytest.mark.parametrize("file_hz", [8000, 16000, 32000, 44100, 48000])
@pytest.mark.parametrize("rate_hz", [8000, 16000])
def test_every_rate_becomes_the_asked_one_without_a_shift_in_time(tmp_path: Path, file_hz: int, rate_hz: int) -> None:
    found = heard(write_wav(tmp_path / "a.wav", sine(file_hz), file_hz), rate_hz)
    wanted = sine(rate_hz)
    assert len(found) == len(wanted)
    assert np.abs(found - wanted)[100:-100].max() < 0.001


@pytest.mark.parametrize(("bits", "step"), [(8, 1 / 127), (16, 1e-4), (24, 1e-4)])
@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("tag", [PCM, EXTENSIBLE])
def test_every_sample_size_is_read_and_of_stereo_the_first_channel(
    tmp_path: Path, bits: int, step: float, channels: int, tag: int
) -> None:
    path = write_wav(tmp_path / "a.wav", sine(8000), 8000, bits=bits, channels=channels, tag=tag)
    assert np.abs(heard(path, 8000) - sine(8000)).max() <= step * 1.01


def test_sound_is_made_of_frames_of_20_ms_and_the_last_one_is_filled_up(tmp_path: Path) -> None:
    found = list(frames(write_wav(tmp_path / "a.wav", np.full(250, 0.5), 8000), 8000))
    assert [len(frame) for frame in found] == [160, 160]
    assert not found[1][90:].any()
    assert found[1][:90].all()


@pytest.mark.parametrize("claimed", [0, 0x7FFFF000, 0xFFFFFFFF])
def test_a_recorder_that_never_filled_in_the_length_still_gives_all_its_sound(tmp_path: Path, claimed: int) -> None:
    path = write_wav(tmp_path / "a.wav", sine(8000), 8000, claimed=claimed)
    path.write_bytes(path.read_bytes() + b"x")  # half a sample
    assert len(heard(path, 8000)) == 4000


def test_a_file_that_is_shorter_than_it_promises_is_refused(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "a.wav", sine(8000), 8000, claimed=10**6)
    with pytest.raises(WavError, match=r"a\.wav: is cut off, 8000 of 1000000 bytes"):
        heard(path, 8000)


def test_a_file_longer_than_a_block_has_no_seam(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "a.wav", sine(44100, 4), 44100)
    assert np.abs(heard(path, 8000) - sine(8000, 4))[100:-100].max() < 0.001


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"tag": FLOAT, "bits": 32}, "floating point is not supported, 8, 16 or 24-bit PCM is; convert it: sox a.wav"),
        ({"tag": MULAW, "bits": 8}, "µ-law is not supported"),
        ({"bits": 32}, "32-bit PCM is not supported"),
        ({"rate_hz": 11025}, "11025 Hz is not one of 8000, 16000, 32000, 44100, 48000; convert it: sox a.wav"),
        ({"channels": 3}, "3 channels, mono or stereo is read"),
    ],
)
def test_a_kind_that_is_not_read_is_refused_with_the_way_to_mend_it(
    tmp_path: Path, change: dict[str, int], said: str
) -> None:
    path = write_wav(tmp_path / "a.wav", np.zeros(100), **{"rate_hz": 8000, **change})
    with pytest.raises(WavError) as refusal:
        list(frames(path, 8000))
    assert said in str(refusal.value)
    assert str(path) in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    "content", [b"", b"RIFF", b"ID3 this is an mp3", b"RIFF\0\0\0\0WAVE", b"RIFF\0\0\0\0WAVEdata\4\0\0\0abcd"]
)
def test_what_is_no_wav_file_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    with pytest.raises(WavError, match=r"a\.wav: (not a WAV file|no sound)"):
        list(frames(path, 8000))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(WavError, match=r"none\.wav: No such file or directory"):
        list(frames(tmp_path / "none.wav", 8000))


def test_a_truncated_header_never_crashes(tmp_path: Path) -> None:
    whole = write_wav(tmp_path / "a.wav", sine(8000, 0.01), 8000).read_bytes()
    for length in range(len(whole)):
        (tmp_path / "b.wav").write_bytes(whole[:length])
        try:
            list(frames(tmp_path / "b.wav", 8000))
        except WavError as error:
            assert "b.wav" in str(error)  # noqa: PT017 - most lengths are refused, some are heard; none may crash
