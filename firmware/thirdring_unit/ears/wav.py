"""Reads WAV files of any length as a stream: only one block is in memory at a time."""

import os
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np

from .resample import RATES_HZ, Resampler
from .samples import Samples

FRAME_MS = 20
BLOCK_SAMPLES = 1 << 16
FORMAT_BYTES = 16
STREAMED_FROM = 0x7FFF0000  # programs that write as they go promise the most they can
PCM, EXTENSIBLE = 1, 0xFFFE
OTHER_FORMATS = {2: "ADPCM", 3: "floating point", 6: "A-law", 7: "µ-law", 17: "ADPCM", 49: "GSM", 85: "MP3"}


class WavError(ValueError):
    """A file that cannot be heard: one line that says what, where and how to mend it."""


class Format(NamedTuple):
    """What a WAV header promises: `rate_hz` samples a second of `channels` times `width` bytes."""

    rate_hz: int
    channels: int
    width: int


def frames(path: Path, rate_hz: int, channels: int = 1) -> Iterator[Samples]:
    """Yields a WAV file in frames of 20 ms at `rate_hz`; the last one is filled up with silence.

    Of a stereo file, the first channel is taken; or, with `channels` 2, the samples of both in turn.

    Raises:
        WavError: the file is missing, is not PCM WAV, or has a rate, sample size or channels that are not supported.
    """
    size = rate_hz * FRAME_MS // 1000 * channels
    rest: Samples = np.zeros(0, np.int16)
    for block in _resampled(path, rate_hz, channels):
        rest = np.concatenate((rest, block))
        whole = len(rest) - len(rest) % size
        yield from rest[:whole].reshape(-1, size)
        rest = rest[whole:]
    if len(rest):
        yield np.pad(rest, (0, size - len(rest)))


def _resampled(path: Path, rate_hz: int, channels: int) -> Iterator[Samples]:
    try:
        with path.open("rb") as file:
            form, length = _find_data(path, file)
            if form.channels < channels:
                raise WavError(
                    f"{path}: has one channel, two microphones are set; record both, or set room_channels = 1"
                )
            sides = [Resampler(form.rate_hz, rate_hz) for _ in range(channels)]
            for block in _blocks(file, form, length):
                yield in_turn([resample(side) for resample, side in zip(sides, block.T, strict=False)])
            yield in_turn([resample.rest() for resample in sides])
    except OSError as error:
        raise WavError(f"{path}: {error.strerror or error}; give a readable WAV file") from error


def in_turn(sides: Sequence[Samples]) -> Samples:
    """Gives the samples of all sides in turn."""
    return sides[0] if len(sides) == 1 else np.stack(sides, axis=1).reshape(-1)


def _blocks(file: BinaryIO, form: Format, length: int) -> Iterator[Samples]:
    """Yields int16 samples, a column for each channel; a file that was cut off ends at its last whole sample."""
    step = form.channels * form.width
    while length >= step:
        data = file.read(min(length, BLOCK_SAMPLES * step))
        if len(data) < step:
            return
        length -= len(data)
        yield _samples(data[: len(data) - len(data) % step], form)


def _samples(data: bytes, form: Format) -> Samples:
    cells = np.frombuffer(data, np.uint8).reshape(-1, form.channels, form.width)
    if form.width == 1:
        return (cells[:, :, 0].astype(np.int16) - 128) << 8
    return np.ascontiguousarray(cells[:, :, -2:]).view("<i2")[:, :, 0].astype(np.int16)


def _find_data(path: Path, file: BinaryIO) -> tuple[Format, int]:
    """Leaves the file at its first sample; a length that a live recorder never filled in means "to the end"."""
    riff, _, wave = struct.unpack("<4sI4s", file.read(12).ljust(12, b"\0"))
    if (riff, wave) != (b"RIFF", b"WAVE"):
        raise WavError(f"{path}: not a WAV file; convert it: sox {path.name} -b 16 converted.wav")
    form = None
    while len(header := file.read(8)) == 8:  # noqa: PLR2004 - a chunk's name and length
        name, length = struct.unpack("<4sI", header)
        if name == b"fmt ":
            form = _parse_format(path, file.read(length + length % 2))
        elif name != b"data":
            file.seek(length + length % 2, 1)
        elif form:
            return form, _length(path, file, length)
        else:
            break
    raise WavError(f"{path}: no sound in this WAV file (its header is cut off); record it again")


def _length(path: Path, file: BinaryIO, promised: int) -> int:
    """A length that is missing is to be found; a file shorter than its promise would end a call that did not end."""
    if promised == 0 or promised >= STREAMED_FROM:
        return 1 << 62
    there = os.fstat(file.fileno()).st_size - file.tell()
    if there < promised:
        raise WavError(
            f"{path}: is cut off, {there} of {promised} bytes of sound are there; copy it again, "
            f"or take what there is: sox --ignore-length {path.name} mended.wav"
        )
    return promised


def _parse_format(path: Path, fmt: bytes) -> Format:
    if len(fmt) < FORMAT_BYTES:
        raise WavError(f"{path}: no sound in this WAV file (its header is cut off); record it again")
    tag, channels, rate_hz, _, _, bits = struct.unpack_from("<HHIIHH", fmt.ljust(40, b"\0"))
    if tag == EXTENSIBLE:
        (tag,) = struct.unpack_from("<H", fmt.ljust(40, b"\0"), 24)
    if tag != PCM or bits not in {8, 16, 24}:
        what = OTHER_FORMATS.get(tag, f"{bits}-bit PCM" if tag == PCM else f"format {tag}")
        raise WavError(
            f"{path}: {what} is not supported, 8, 16 or 24-bit PCM is; "
            f"convert it: sox {path.name} -e signed-integer -b 16 converted.wav"
        )
    if rate_hz not in RATES_HZ:
        raise WavError(
            f"{path}: {rate_hz} Hz is not one of {', '.join(map(str, RATES_HZ))}; "
            f"convert it: sox {path.name} -r 16000 converted.wav"
        )
    if channels not in {1, 2}:
        raise WavError(
            f"{path}: {channels} channels, mono or stereo is read; convert it: sox {path.name} -c 1 converted.wav"
        )
    return Format(rate_hz, channels, bits // 8)
