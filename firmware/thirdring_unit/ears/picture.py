"""Draws what the ears heard of a recording: waveform, spectrogram and a track for every detector, as one PNG file."""

from collections.abc import Sequence
from io import BytesIO
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from .samples import Reals
from .strip import BANDS, Strip


class Span(NamedTuple):
    """Something that was heard, from when to when, and its name."""

    what: str
    from_ms: int
    to_ms: int
    name: str = ""


class Track(NamedTuple):
    """The row that shows one kind of span."""

    what: str
    colour: str


TRACKS = (
    Track("voice", "#2563eb"),
    Track("talk", "#0e7490"),
    Track("music", "#b45309"),
    Track("tone", "#dc2626"),
    Track("ring", "#15803d"),
    Track("fault", "#7e22ce"),
    Track("hum", "#a16207"),
)
"""The rows below the spectrogram, from the top: a new detector is a new line here."""

LEFT, WIDTH, RIGHT = 64, 1600, 16  # pixels: the names of the rows, the recording, a margin
HEAD, WAVE, GAP, TRACK, AXIS = 30, 120, 8, 26, 26  # heights
SPECTRUM = 2 * BANDS
PAPER, INK, FAINT, WAVE_INK = "#ffffff", "#1e293b", "#cbd5e1", "#475569"
FONT_PX = 13
STEPS_S, MARKS_MAX = (1, 2, 5, 10, 30, 60, 300, 900, 3600, 14_400), 20  # between two marks of the axis
FULL_SCALE = 32768
RANGE_DB, BRIGHT_SHARE = 70.0, 99.9  # of a band's power, up from black; white is what so many percent do not exceed
GLOW = (
    np.array(  # black, violet, red, yellow, white: as lightness alone it rises evenly, so colour-blind eyes see it, too
        [(0, 0, 0), (64, 15, 115), (176, 42, 90), (240, 130, 30), (250, 220, 100), (255, 255, 255)], np.float32
    )
)


def draw(title: str, lasting_ms: int, strip: Strip, spans: Sequence[Span]) -> bytes:
    """Returns the picture as a PNG file."""
    columns = strip.columns()
    tracks_top = HEAD + WAVE + GAP + SPECTRUM + GAP
    bottom = tracks_top + TRACK * len(TRACKS)
    image = Image.new("RGB", (LEFT + WIDTH + RIGHT, bottom + AXIS), PAPER)
    pen = ImageDraw.Draw(image)
    pen.font = ImageFont.load_default(FONT_PX)
    pen.text((LEFT, HEAD / 2), title.encode("ascii", "replace").decode(), INK, anchor="lm")  # what the font has
    _wave(pen, columns[:, 0])
    image.paste(_spectrogram(columns[:, 1:]), (LEFT, HEAD + WAVE + GAP))
    _hertz(pen, strip.rate_hz)
    _axis(pen, lasting_ms, tracks_top, bottom)
    for number, track in enumerate(TRACKS):
        some = [span for span in spans if span.what == track.what]
        _track(pen, track, tracks_top + TRACK * number, lasting_ms, some)
    file = BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()


def _wave(pen: ImageDraw.ImageDraw, peaks: Reals) -> None:
    middle = HEAD + WAVE // 2
    places = np.arange(WIDTH) * len(peaks) // WIDTH
    for x, half in enumerate((peaks[places] * (WAVE / 2 / FULL_SCALE)).tolist()):
        pen.line((LEFT + x, middle - half, LEFT + x, middle + half), WAVE_INK)
    pen.rectangle((LEFT - 1, HEAD, LEFT + WIDTH, HEAD + WAVE), outline=FAINT)
    _label(pen, "sound", middle)


def _spectrogram(power: Reals) -> Image.Image:
    """Decibels as colours, the highest band on top."""
    db = 10 * np.log10(power.T[::-1] + 1)
    top_db = max(float(np.percentile(db, BRIGHT_SHARE)), RANGE_DB)
    shade = np.clip((db - top_db + RANGE_DB) / RANGE_DB, 0, 1) * (len(GLOW) - 1)
    steps = np.arange(len(GLOW))
    colours = np.stack([np.interp(shade, steps, part) for part in GLOW.T], axis=-1)
    return Image.fromarray(colours.astype(np.uint8)).resize((WIDTH, SPECTRUM), Image.Resampling.NEAREST)


def _hertz(pen: ImageDraw.ImageDraw, rate_hz: int) -> None:
    top, half_khz = HEAD + WAVE + GAP, rate_hz // 2000
    for khz in range(0, half_khz + 1, max(1, half_khz // 4)):
        y = top + SPECTRUM - SPECTRUM * khz / half_khz
        pen.line((LEFT - 5, y, LEFT - 1, y), INK)
        _label(pen, f"{khz} kHz", min(max(y, top + FONT_PX / 2), top + SPECTRUM - FONT_PX / 2))


def _axis(pen: ImageDraw.ImageDraw, lasting_ms: int, top: int, bottom: int) -> None:
    step_s = next((step for step in STEPS_S if lasting_ms <= step * 1000 * MARKS_MAX), STEPS_S[-1])
    for at_s in range(0, lasting_ms // 1000 + 1, step_s):
        x = LEFT + at_s * 1000 * WIDTH / lasting_ms
        pen.line((x, top, x, bottom + 4), FAINT)
        pen.text((x, bottom + 14), f"{at_s // 60}:{at_s % 60:02}", INK, anchor="mm")


def _track(pen: ImageDraw.ImageDraw, track: Track, top: int, lasting_ms: int, spans: Sequence[Span]) -> None:
    middle = top + TRACK // 2
    pen.line((LEFT, top + TRACK - 1, LEFT + WIDTH, top + TRACK - 1), FAINT)
    _label(pen, track.what, middle)
    for span in spans:
        left, right = (LEFT + at_ms * WIDTH / lasting_ms for at_ms in (span.from_ms, span.to_ms))
        pen.rectangle((left, top + 3, max(right, left + 1), top + TRACK - 4), track.colour)
        if pen.textlength(span.name) < right - left - 4:
            pen.text(((left + right) / 2, middle), span.name, PAPER, anchor="mm")


def _label(pen: ImageDraw.ImageDraw, text: str, y: float) -> None:
    pen.text((LEFT - 8, y), text, INK, anchor="rm")
