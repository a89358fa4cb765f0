"""The mixture of sound that the judge is tuned on, from the tuning half only."""

from collections.abc import Iterator, Mapping

import numpy as np
from thirdring_unit.core.countries import codes
from thirdring_unit.ears.plans import tones_of

from tests.accuracy import compose
from tests.accuracy.compose import FRAMES_PER_S, MUSIC, NOISE, PAUSE, SPEECH, TONE, Scene
from tests.accuracy.corpus import Clip, Sound, chosen
from tests.accuracy.noise import made_noise

RATE_HZ = 8000
SCENE_S = 20.0
VARY = 0.12
SHARES = {
    "speech": 24,
    "words": 12,
    "music": 26,
    "noise": 6,
    "events": 8,
    "crowd": 6,
    "made noise": 8,
    "babble": 5,
    "tones": 6,
    "made music": 3,
    "cuts": 10,
    "over music": 5,
}
CATEGORIES = ("speech", "words", "music", "noise", "crowd", "ringtone")
FAR_SHARE = 0.35  # of speech is heard from across a room
GAPS = ((10, 120), (50, 350), (1, 15))  # frames between utterances: in a talk, in one that drags, between words
TALKS = 2  # of them
SCALE = np.array([0, 2, 4, 5, 7, 9, 11, 12, 14, 16])  # semitones
SILENT_AFTER = 4  # frames further from speech than this are judged as none
DTMF_HZ = [(low, high) for low in (697, 770, 852, 941) for high in (1209, 1336, 1477, 1633)]

Pool = Mapping[str, list[Clip]]


def scenes(count: int, seed: int) -> Iterator[Scene]:
    """Yields `count` scenes of the mixture."""
    rng = np.random.default_rng(seed)
    pool = {name: chosen(name, tuning=True) for name in CATEGORIES}
    shares = np.array(list(SHARES.values())) / sum(SHARES.values())
    for _ in range(count):
        yield on_the_line(rng, one_scene(rng, str(rng.choice(list(SHARES), p=shares)), pool), pool)


def one_scene(rng: np.random.Generator, kind: str, pool: Pool) -> Scene:
    """Composes a scene of one kind, clean and level."""
    if kind == "cuts":
        parts = [one_scene(rng, name, pool) for name in ("speech", "music", "speech", "noise")]
        places = np.sort(rng.integers(0, round(SCENE_S * FRAMES_PER_S), 3))
        return _spliced(parts, [0, *places, round(SCENE_S * FRAMES_PER_S)])
    return MAKERS[kind](rng, pool)


def on_the_line(rng: np.random.Generator, scene: Scene, pool: Pool) -> Scene:
    """Adds what lines, rooms and microphones add: noise, another speed, a tilted spectrum, a level, a codec."""
    labels = _silent_far_from_speech(scene.labels)
    if rng.random() < 0.65:
        scene = compose.with_noise(rng, scene, _background(rng, pool), rng.uniform(3, 30))
    sound = _coloured(rng, scene.sound)
    sound *= 10 ** (rng.uniform(-24, 12) / 20)
    if rng.random() < 0.6:
        sound = compose.over_telephone(sound, RATE_HZ)
    return Scene(np.clip(sound, -32768, 32767), labels, RATE_HZ)


def _background(rng: np.random.Generator, pool: Pool) -> Sound:
    choice = rng.random()
    if choice < 0.3:
        return made_noise(rng, SCENE_S, RATE_HZ)
    if choice < 0.6:
        return compose.any_origin(rng, pool["noise"]).sound(RATE_HZ)
    return compose.any_origin(rng, pool["crowd"]).sound(RATE_HZ) if choice < 0.75 else _babble(rng, pool, 4)


def _babble(rng: np.random.Generator, pool: Pool, fewest: int) -> Sound:
    """A hall in which so many talk that nobody is understood."""
    voices = [_near(rng, pool["speech"]).sound for _ in range(int(rng.integers(fewest, 20)))]
    babble = compose.levelled(np.sum(voices, axis=0))
    return compose.far(rng, babble, RATE_HZ) if rng.random() < 0.5 else babble


def _labelled(sound: Sound, label: int) -> Scene:
    return Scene(sound, np.full(len(sound) * FRAMES_PER_S // RATE_HZ, label, np.int8), RATE_HZ)


def _spliced(parts: list[Scene], places: list[int]) -> Scene:
    size = RATE_HZ // FRAMES_PER_S
    pieces = list(zip(parts, places[:-1], places[1:], strict=True))
    sound = np.concatenate([part.sound[first * size : last * size] for part, first, last in pieces])
    return Scene(sound, np.concatenate([part.labels[first:last] for part, first, last in pieces]), RATE_HZ)


def _tones(rng: np.random.Generator, pool: Pool) -> Scene:
    """A network's tone, dialled digits, the beeps of a hold, or somebody's ringer."""
    choice = rng.integers(4)
    if choice == 0:
        return compose.steady(rng, pool["ringtone"], SCENE_S, RATE_HZ, label=MUSIC, vary=VARY)
    country = codes()[rng.integers(len(codes()))]
    plan = [(tone.hz, tone.cadence_ms) for tone in tones_of(country)]
    digits = [(DTMF_HZ[rng.integers(16)], (int(rng.integers(50, 400)), int(rng.integers(50, 900)))) for _ in range(4)]
    beeps = [((rng.uniform(300, 1800),), (int(rng.integers(60, 800)), int(rng.integers(1000, 15_000))))] * 4
    hz, cadence_ms = (plan, digits, beeps)[choice - 1][rng.integers(4)]
    return _labelled(compose.levelled(compose.tone(hz, cadence_ms, SCENE_S, RATE_HZ)), TONE)


def _near(rng: np.random.Generator, clips: list[Clip], kinds: int = TALKS) -> Scene:
    return compose.speech(rng, clips, SCENE_S, RATE_HZ, VARY, GAPS[rng.integers(kinds)])


def _spoken(rng: np.random.Generator, clips: list[Clip], kinds: int = TALKS) -> Scene:
    scene = _near(rng, clips, kinds)
    if rng.random() < FAR_SHARE:
        scene.sound = compose.far(rng, scene.sound, RATE_HZ)
    return scene


def _speech(rng: np.random.Generator, pool: Pool) -> Scene:
    return _spoken(rng, pool["speech"])


def _words(rng: np.random.Generator, pool: Pool) -> Scene:
    """Single words, letters and digits: the shortest speech there is, and numbers read out of them."""
    return _spoken(rng, pool["words"], len(GAPS))


def _music(rng: np.random.Generator, pool: Pool) -> Scene:
    return compose.steady(rng, pool["music"], SCENE_S, RATE_HZ, label=MUSIC, vary=VARY)


def _made_music(rng: np.random.Generator, _: Pool) -> Scene:
    """Notes or chords of a synthesiser: the hold music that exchanges have built in."""
    at_s = np.arange(round(SCENE_S * RATE_HZ)) / RATE_HZ
    beat_s, voices, fade = rng.uniform(0.12, 1.0), int(rng.integers(1, 5)), rng.uniform(0, 4)
    melody = rng.integers(0, len(SCALE), (round(SCENE_S / beat_s) + 1, voices))
    hz = rng.uniform(180, 420) * 2 ** (SCALE[melody] / 12)
    beat = (at_s / beat_s).astype(int)
    sound = np.zeros(len(at_s))
    for voice in range(voices):
        phase = 2 * np.pi * np.cumsum(hz[beat, voice]) / RATE_HZ
        for overtone in range(1, int(rng.integers(2, 8))):
            sound += np.sin(overtone * phase) / overtone ** rng.uniform(0.7, 2)
    return _labelled(compose.levelled(np.asarray(sound * np.exp(-fade * (at_s % beat_s)), np.float32)), MUSIC)


def _noise(rng: np.random.Generator, pool: Pool) -> Scene:
    clip = compose.any_origin(rng, pool["noise"])
    return compose.steady(rng, [clip], SCENE_S, RATE_HZ, label=NOISE, vary=VARY)


def _crowd(rng: np.random.Generator, pool: Pool) -> Scene:
    clip = compose.any_origin(rng, pool["crowd"])
    return compose.steady(rng, [clip], SCENE_S, RATE_HZ, label=NOISE, vary=VARY)


def _events(rng: np.random.Generator, pool: Pool) -> Scene:
    """Coughs, doors and taps with quiet between them, each as loud as speech."""
    scene = _near(rng, pool["noise"])
    return Scene(scene.sound, np.where(scene.labels == SPEECH, NOISE, scene.labels).astype(np.int8), RATE_HZ)


def _made_noise(rng: np.random.Generator, _: Pool) -> Scene:
    return _labelled(compose.levelled(made_noise(rng, SCENE_S, RATE_HZ)), NOISE)


def _hall(rng: np.random.Generator, pool: Pool) -> Scene:
    return _labelled(_babble(rng, pool, 12), NOISE)


def _over_music(rng: np.random.Generator, pool: Pool) -> Scene:
    voice = _speech(rng, pool)
    voice.sound += _music(rng, pool).sound * 10 ** (-rng.uniform(8, 20) / 20)
    return voice


def _silent_far_from_speech(labels: compose.Labels) -> compose.Labels:
    near = np.convolve(labels == SPEECH, np.ones(2 * SILENT_AFTER + 1), "same") > 0
    return np.where((labels == PAUSE) & ~near, NOISE, labels).astype(np.int8)


def _coloured(rng: np.random.Generator, sound: Sound) -> Sound:
    """What microphones, rooms and lines make of a spectrum: a tilt, and hills and valleys."""
    bins = np.fft.rfft(sound)
    octaves = np.log2(np.maximum(np.fft.rfftfreq(len(sound), 1 / RATE_HZ), 100) / 1000)
    gain = rng.uniform(-3, 3) * octaves
    for _ in range(int(rng.integers(0, 4))):
        gain += rng.uniform(-10, 10) * np.exp(-np.square((octaves - rng.uniform(-2, 2)) / rng.uniform(0.2, 1)))
    return np.asarray(np.fft.irfft(bins * 10 ** (gain / 20), len(sound)), np.float32)


MAKERS = {
    "speech": _speech,
    "words": _words,
    "events": _events,
    "crowd": _crowd,
    "music": _music,
    "noise": _noise,
    "made noise": _made_noise,
    "babble": _hall,
    "tones": _tones,
    "made music": _made_music,
    "over music": _over_music,
}
