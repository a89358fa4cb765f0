"""What spandsp's detector of call-progress tones says of a sound, through its library (Debian: libspandsp-dev)."""

from collections.abc import Iterable
from ctypes import CDLL, CFUNCTYPE, c_int, c_void_p
from ctypes.util import find_library
from functools import cache

import numpy as np
from thirdring_unit.ears.plans import Tone, tones_of

from tests.accuracy.corpus import Sound

SLACK_PERCENT = 15  # of a cadence's times
CYCLES = 2

PIECE = 160
REPORT = CFUNCTYPE(None, c_void_p, c_int, c_int, c_int)


@cache
def library() -> CDLL | None:
    """The library with its types, or None where it is not installed."""
    name = find_library("spandsp")
    if not name:
        return None
    found = CDLL(name)
    found.super_tone_rx_make_descriptor.restype = c_void_p
    found.super_tone_rx_make_descriptor.argtypes = [c_void_p]
    found.super_tone_rx_add_tone.argtypes = [c_void_p]
    found.super_tone_rx_add_element.argtypes = [c_void_p, *[c_int] * 5]
    found.super_tone_rx_init.restype = c_void_p
    found.super_tone_rx_init.argtypes = [c_void_p, c_void_p, REPORT, c_void_p]
    found.super_tone_rx.argtypes = [c_void_p, c_void_p, c_int]
    found.super_tone_rx_free.argtypes = [c_void_p]
    found.super_tone_rx_free_descriptor.argtypes = [c_void_p]
    return found


def tones(sound: Sound, country: str) -> list[str] | None:
    """The names of the country's tones in the order in which spandsp reports them; None where it is not installed."""
    spandsp = library()
    if not spandsp:
        return None
    plan = [tone for tone in tones_of(country) if len(_pair(tone.hz)) == 2]
    descriptor = spandsp.super_tone_rx_make_descriptor(None)
    for tone in plan:
        code = spandsp.super_tone_rx_add_tone(descriptor)
        for element in _elements(tone):
            spandsp.super_tone_rx_add_element(descriptor, code, *element)
    heard: list[str] = []

    def report(_user: object, code: int, _level: int, _delay: int) -> None:
        if code >= 0:
            heard.append(plan[code].name)

    told = REPORT(report)
    receiver = spandsp.super_tone_rx_init(None, descriptor, told, None)
    pcm = np.clip(np.rint(sound), -32768, 32767).astype(np.int16)
    for at in range(0, len(pcm) - PIECE + 1, PIECE):
        piece = pcm[at : at + PIECE]
        spandsp.super_tone_rx(receiver, piece.ctypes.data_as(c_void_p), PIECE)
    spandsp.super_tone_rx_free(receiver)
    spandsp.super_tone_rx_free_descriptor(descriptor)
    return heard


def _pair(hz: tuple[int, ...]) -> tuple[int, ...]:
    """Its elements have two frequencies at most; of a carrier with sidebands that is the carrier."""
    if len(hz) == 1:
        return (hz[0], 0)
    return (hz[1], 0) if len(hz) == 3 else hz


def _elements(tone: Tone) -> Iterable[tuple[int, int, int, int]]:
    first, second = _pair(tone.hz)
    if not tone.cadence_ms:
        yield first, second, 2500, 0
    for place, nominal_ms in enumerate(tone.cadence_ms * CYCLES):
        slack_ms = max(30, nominal_ms * SLACK_PERCENT // 100)
        pitch = (first, second) if place % 2 == 0 else (0, 0)
        yield *pitch, nominal_ms - slack_ms, nominal_ms + slack_ms
