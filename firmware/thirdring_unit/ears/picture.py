"""Draws what the ears heard of a recording: waveform, spectrogram and a track for every detector, as one SVG file."""

import struct
import zlib
from base64 import b64encode
from collections.abc import Sequence
from html import escape
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .samples import Reals, Samples

COLUMNS_MAX = 1600  # of the picture: a longer recording is drawn coarser, never in more memory
BANDS = 64  # of the spectrogram, up to half the sampling rate
FLOOR_DB, RANGE_DB = 0.0, 70.0  # of a band's power, from black to white
LEFT, WIDTH, WAVE, SPECTRUM, TRACK, GAP = 70, 1600, 120, 192, 26, 8
STEPS_S, MARKS_MAX = (1, 2, 5, 10, 30, 60, 300, 900, 3600, 14_400), 20  # between two marks of the axis
COLOURS = {"voice": "#2563eb", "music": "#d97706", "tone": "#dc2626"}


class Span(NamedTuple):
    """Something that was heard, from when to when, and its name."""

    what: str
    from_ms: int
    to_ms: int
    name: str = ""


class Strip:
    """The loudness and the spectrum of a recording, in columns; when they become too many, two become one."""

    def __init__(self, frame_samples: int) -> None:
        self._window = np.hanning(frame_samples).astype(np.float32)
        self._columns: list[Reals] = []  # each: the peak, then the bands' power
        self._per_column = 1
        self._pending: list[Reals] = []
        self.frames = 0

    def add(self, frame: Samples) -> None:
        """Takes the next frame."""
        power = np.abs(np.fft.rfft(frame * self._window, 4 * BANDS)[: 2 * BANDS]) ** 2 / len(frame)
        bands = power.reshape(BANDS, -1).mean(axis=1)
        self._pending.append(np.concatenate(([np.abs(frame.astype(np.int32)).max()], bands)).astype(np.float32))
        self.frames += 1
        if len(self._pending) == self._per_column:
            self._columns.append(np.max(self._pending, axis=0))
            self._pending.clear()
        if len(self._columns) == COLUMNS_MAX:
            pairs = zip(self._columns[::2], self._columns[1::2], strict=True)
            self._columns = [np.maximum(one, other) for one, other in pairs]
            self._per_column *= 2

    def columns(self) -> Reals:
        """One row a column."""
        last = [np.max(self._pending, axis=0)] if self._pending else []
        return np.array([*self._columns, *last], np.float32)


def draw(title: str, lasting_ms: int, strip: Strip, spans: Sequence[Span]) -> str:
    """Returns the picture."""
    columns = strip.columns()
    bottom = GAP + WAVE + GAP + SPECTRUM + GAP
    height = bottom + TRACK * len(COLOURS) + 30
    size = f'width="{LEFT + WIDTH + GAP}" height="{height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="12">',
        f'<title>{escape(title)}</title><rect width="100%" height="100%" fill="white"/>',
        _wave(columns[:, 0]),
        _spectrogram(columns[:, 1:]),
    ]
    for number, what in enumerate(COLOURS):
        parts.append(_track(what, bottom + TRACK * number, lasting_ms, [span for span in spans if span.what == what]))
    return "\n".join([*parts, _axis(lasting_ms, height), "</svg>\n"])


def _wave(peaks: Reals) -> str:
    middle, scale = GAP + WAVE / 2, WAVE / 2 / 32768
    step = WIDTH / len(peaks)
    lines = "".join(
        f"M{LEFT + number * step:.1f} {middle - peak * scale:.1f}V{middle + peak * scale + 0.5:.1f}"
        for number, peak in enumerate(peaks.tolist())
    )
    return f'<path d="{lines}" stroke="#475569" stroke-width="{step:.2f}"/><text x="4" y="{middle}">sound</text>'


def _spectrogram(power: Reals) -> str:
    image = b64encode(_png(_shades(power))).decode()
    place = f'x="{LEFT}" y="{GAP + WAVE + GAP}" width="{WIDTH}" height="{SPECTRUM}" preserveAspectRatio="none"'
    return f'<text x="4" y="{GAP + WAVE + GAP + 12}">4 kHz</text><image {place} href="data:image/png;base64,{image}"/>'


def _track(what: str, top: int, lasting_ms: int, spans: Sequence[Span]) -> str:
    bars = "".join(
        f'<rect x="{LEFT + span.from_ms * WIDTH / lasting_ms:.1f}" y="{top + 4}" height="{TRACK - 8}" '
        f'width="{max(1, (span.to_ms - span.from_ms) * WIDTH / lasting_ms):.1f}" fill="{COLOURS[what]}">'
        f"<title>{escape(span.name or what)} {span.from_ms} to {span.to_ms} ms</title></rect>"
        for span in spans
    )
    return f'<text x="4" y="{top + 17}">{what}</text>{bars}'


def _axis(lasting_ms: int, height: int) -> str:
    step_s = next((step for step in STEPS_S if lasting_ms <= step * 1000 * MARKS_MAX), STEPS_S[-1])
    marks = "".join(
        f'<text x="{LEFT + at_s * 1000 * WIDTH / lasting_ms:.1f}" y="{height - 8}">{at_s // 60}:{at_s % 60:02}</text>'
        for at_s in range(0, lasting_ms // 1000 + 1, step_s)
    )
    return f'<text x="4" y="{height - 8}">min:s</text>{marks}'


def _shades(power: Reals) -> NDArray[np.uint8]:
    """Decibels as grey, the highest band on top."""
    db = 10 * np.log10(power.T[::-1] + 1)
    shades: NDArray[np.uint8] = np.clip((db - FLOOR_DB) * 255 / RANGE_DB, 0, 255).astype(np.uint8)
    return shades


def _png(shades: NDArray[np.uint8]) -> bytes:
    height, width = shades.shape
    rows = np.hstack((np.zeros((height, 1), np.uint8), shades)).tobytes()  # every row begins with its filter: none
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    )
    body = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body
