"""Composes what two microphones, side by side on a desk, hear of its phone, and of the same phone on another desk."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from thirdring_unit.core.countries import Country, codes

from tests.accuracy import halls
from tests.accuracy.corpus import Sound
from tests.accuracy.halls import RATE_HZ, Composer, Phone, ringing

APART_CM = (10, 20)  # from microphone to microphone
CM_PER_S = 34_300
WIDEST_DEG, OTHER_DEG = 70, 40  # to either side of straight ahead; two desks are at least so far from each other
RINGS = (2, 6)
LEAD_S, TAIL_S = 3, 3
ECHO_SHARE, ECHO_S, ECHO_DB = 0.5, (0.15, 0.5), (-16, -6)
SNR_DB = (10, 20)
LESSON_DB = 20


@dataclass(frozen=True)
class Pair:
    """Sound of two microphones in turn: a lesson, the phone that it is of, and its like on another desk."""

    lesson: Sound
    mine: Sound
    other: Sound
    country: str
    rings: int


def pairs(composer: Composer, count: int) -> Iterator[Pair]:
    """Yields desks with their neighbours, both phones as loud."""
    for number in range(count):
        rng = np.random.default_rng([10, number])
        phone, country = composer.phone(rng, desk=True), Country(str(rng.choice(codes())))
        furthest_us = rng.uniform(*APART_CM) / CM_PER_S * 1e6
        mine_deg = rng.uniform(-WIDEST_DEG, WIDEST_DEG)
        degrees = np.arange(-WIDEST_DEG, WIDEST_DEG + 1)
        other_deg = rng.choice(degrees[np.abs(degrees - mine_deg) >= OTHER_DEG])
        mine_us, other_us = furthest_us * np.sin(np.radians((mine_deg, other_deg)))
        room, next_room = _room(rng), _room(rng)
        rings, snr_db = int(rng.integers(*RINGS)), float(rng.choice(SNR_DB))
        lesson = _heard(rng, composer, _rung(phone, country, 3), mine_us, room, LESSON_DB)
        mine = _heard(rng, composer, _rung(phone, country, rings), mine_us, room, snr_db)
        other = _heard(rng, composer, _rung(phone, country, rings), other_us, next_room, snr_db)
        yield Pair(lesson, mine, other, country.code, rings)


def _rung(phone: Phone, country: Country, rings: int) -> Sound:
    rung = ringing(phone, country, rings, 0)
    return np.pad(rung, (LEAD_S * RATE_HZ, TAIL_S * RATE_HZ))


def _room(rng: np.random.Generator) -> list[Sound]:
    """What a room makes of a click for either microphone: the same click, and echoes that are not alike."""
    if rng.random() >= ECHO_SHARE:
        return [np.ones(1, np.float32)] * 2
    count = round(rng.uniform(*ECHO_S) * RATE_HZ)
    level = 10 ** (rng.uniform(*ECHO_DB) / 20)
    echoes = rng.normal(0, 1, (2, count)) * 10 ** (-3 * np.arange(count) / count)
    echoes *= level / np.linalg.norm(echoes, axis=1, keepdims=True)
    echoes[:, 0] += 1
    return list(np.asarray(echoes, np.float32))


def _heard(
    rng: np.random.Generator, composer: Composer, dry: Sound, delay_us: float, room: list[Sound], snr_db: float
) -> Sound:
    """What comes to the second microphone so much later; the hall's noise comes from everywhere."""
    sides = [halls.echoed(room[0], dry), halls.echoed(room[1], _later(dry, delay_us))]
    kind = str(rng.choice(halls.CALM_HALLS if snr_db == LESSON_DB else halls.HALLS))
    noisy = [side + composer.hall(rng, kind, len(dry)) * 10 ** (-snr_db / 20) for side in sides]
    both = np.stack(noisy, axis=1) + rng.normal(0, halls.HISS, (len(dry), 2))
    return np.asarray(both.reshape(-1), np.float32)


def _later(sound: Sound, delay_us: float) -> Sound:
    hz = np.fft.rfftfreq(len(sound), 1 / RATE_HZ)
    turned = np.fft.rfft(sound) * np.exp(-2j * np.pi * hz * delay_us * 1e-6)
    return np.asarray(np.fft.irfft(turned, len(sound)), np.float32)
