"""The tones of every country's telephone network: which frequencies, in which cadence."""

from typing import NamedTuple


class Tone(NamedTuple):
    """A tone: its frequencies in Hz and its on, off, on, … times in ms (none: it never pauses)."""

    name: str
    hz: tuple[int, ...]
    cadence_ms: tuple[int, ...]


class Basic(NamedTuple):
    """Dial, busy and congestion tone of one country, as in the project's table of tones."""

    dial_hz: tuple[int, ...]
    busy_hz: tuple[int, ...]
    busy_ms: tuple[int, ...]
    congestion_hz: tuple[int, ...]
    congestion_ms: tuple[int, ...]


class Extra(NamedTuple):
    """What callers of one country hear beside these; from lists after ITU-T E.180."""

    ringback_hz: tuple[int, ...]
    ringback_ms: tuple[int, ...]
    waiting_hz: int
    waiting_ms: tuple[int, ...]


BASICS = {
    "CN": Basic((450,), (450,), (350, 350), (450,), (700, 700)),
    "US": Basic((350, 440), (480, 620), (500, 500), (480, 620), (250, 250)),
    "CA": Basic((350, 440), (480, 620), (500, 500), (480, 620), (250, 250)),
    "GB": Basic((350, 440), (400,), (375, 375), (400,), (400, 350, 225, 525)),
    "DE": Basic((425,), (425,), (480, 480), (425,), (240, 240)),
    "FR": Basic((440,), (440,), (500, 500), (440,), (250, 250)),
    "JP": Basic((400,), (400,), (500, 500), (400,), (500, 500)),
    "SG": Basic((425,), (425,), (750, 750), (425,), (250, 250)),
    "IN": Basic((400,), (400,), (750, 750), (400,), (250, 250)),
    "AU": Basic((413, 438), (425,), (375, 375), (425,), (375, 375)),
    "BR": Basic((425,), (425,), (250, 250), (425,), (250, 250, 750, 250)),
    "HK": Basic((350, 440), (480, 620), (500, 500), (480, 620), (250, 250)),
}
DOUBLE_RING_MS = (400, 200, 400, 2000)
AMERICAN = Extra((440, 480), (2000, 4000), 440, (300, 10000))
EXTRAS = {
    "CN": Extra((450,), (1000, 4000), 450, (400, 4000)),
    "US": AMERICAN,
    "CA": AMERICAN,
    "GB": Extra((400, 450), DOUBLE_RING_MS, 400, (100, 2000)),
    "DE": Extra((425,), (1000, 4000), 425, (200, 200, 200, 5000)),
    "FR": Extra((440,), (1500, 3500), 440, (300, 10000)),
    "JP": Extra((384, 400, 416), (1000, 2000), 400, (300, 3000)),
    "SG": Extra((400, 425, 450), DOUBLE_RING_MS, 425, (300, 200, 300, 3200)),
    "IN": Extra((375, 400, 425), DOUBLE_RING_MS, 400, (200, 100, 200, 7500)),
    "AU": Extra((400, 425, 450), DOUBLE_RING_MS, 425, (200, 200, 200, 4400)),
    "BR": Extra((425,), (1000, 4000), 425, (50, 1000)),
    "HK": Extra((440, 480), (400, 200, 400, 3000), 440, (500, 4000)),
}
MODULATED_DIAL_HZ = {"IN": (375, 400, 425)}  # a carrier and its sidebands
NORTH_AMERICAN_HOWLER = Tone("disconnect", (1400, 2060, 2450, 2600), (100, 100))
DISCONNECTS = {  # weak (web), but for North America: what a line sends that nobody hangs up, where it is no other tone
    "CN": Tone("disconnect", (950,), ()),
    "US": NORTH_AMERICAN_HOWLER,
    "CA": NORTH_AMERICAN_HOWLER,
    "GB": Tone("disconnect", (400,), ()),
    "HK": Tone("disconnect", (480, 620), ()),
}


def tones_of(code: str) -> tuple[Tone, ...]:
    """Lists a country's tones; those with the longer cycle first, because a part of it can look like a shorter one."""
    basic, extra = BASICS[code], EXTRAS[code]
    tones = [
        Tone("dial", MODULATED_DIAL_HZ.get(code, basic.dial_hz), ()),
        Tone("busy", basic.busy_hz, basic.busy_ms),
        Tone("ringback", extra.ringback_hz, extra.ringback_ms),
        Tone("waiting", (extra.waiting_hz,), extra.waiting_ms),
    ]
    if (basic.congestion_hz, basic.congestion_ms) != (basic.busy_hz, basic.busy_ms):
        tones.append(Tone("congestion", basic.congestion_hz, basic.congestion_ms))
    tones += [DISCONNECTS[code]] if code in DISCONNECTS else []
    return tuple(sorted(tones, key=lambda tone: -sum(tone.cadence_ms)))
