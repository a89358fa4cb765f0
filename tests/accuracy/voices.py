"""How well speech is told from music and noise, frame by frame."""

from collections.abc import Callable, Iterator

import numpy as np
from thirdring_unit.ears.neural import Ask, silero

from tests.accuracy import compose, listen, report
from tests.accuracy.compose import MUSIC, NOISE, PAUSE, SPEECH
from tests.accuracy.corpus import Clip, Sound, chosen

LABELS = {"speech": SPEECH, "music": MUSIC, "noise": NOISE}
WHAT = {
    "speech": "speech frames found",
    "music": "music frames called speech",
    "noise": "noise frames called speech",
}
BOUNDS = {"speech": ("at least", 0.97), "music": ("at most", 0.03), "noise": ("at most", 0.01)}
SNRS_DB = (None, 20, 10, 5)
TELEPHONE_HZ = 8000
LINES = {"8 kHz mu-law": TELEPHONE_HZ, "16 kHz": 16000}
NEURAL_DB = (None, 10)
SILERO_DB = (None, 10)  # it takes a hundred times as long
QUIET_S = 2.0  # before and after each recording
SHORTEST_S = 3.0  # shorter noises are repeated
TARGET_DB = 10  # targets hold down to this signal-to-noise ratio

Rival = Callable[[Sound, int], listen.Flags | None]
Count = tuple[int, int]  # frames called speech, or found, of how many


def measure() -> Iterator[report.Row]:
    """Yields a row for every kind of sound, line and signal-to-noise ratio."""
    for kind in LABELS:
        for line, rate_hz in LINES.items():
            for snr_db in SNRS_DB if kind != "noise" else (None,):
                yield _row(kind, line, rate_hz, snr_db)
    ask = silero()
    for kind in LABELS if ask else ():
        for line, rate_hz in LINES.items():
            for snr_db in NEURAL_DB if kind != "noise" else (None,):
                yield _row(kind, line, rate_hz, snr_db, ask)


def _row(kind: str, line: str, rate_hz: int, snr_db: int | None, ask: Ask | None = None) -> report.Row:
    """Plays every recording of a kind, in noise once in each noise: by lot, the lot would decide the row.

    `ask` is the neural model that the ears may ask: such rows stand beside those without it, and have no rivals.
    """
    rng = np.random.default_rng([LABELS[kind], snr_db or 0, rate_hz])
    noises = chosen("noise", tuning=False)
    rivals: dict[str, Rival] = {} if ask else {"webrtcvad": listen.gate}
    if not ask and rate_hz == TELEPHONE_HZ and snr_db in SILERO_DB:
        rivals["Silero"] = listen.silero
    parts: list[Count] = []
    others: dict[str, list[Count]] = {}
    for number, clip in enumerate(clip for clip in chosen(kind, tuning=False) if len(clip.sound(8000))):
        scenes = list(_on_the_line(rng, _scene(clip, LABELS[kind], rate_hz), snr_db, noises))
        parts.append(_sum([_counts(_ours(scene, ask), scene, kind) for scene in scenes]))
        for name, rival in rivals.items():
            for scene in [scenes[number % len(scenes)]] if name == "Silero" else scenes:  # it takes too long for all
                flags = rival(scene.sound, scene.rate_hz)
                others.setdefault(name, []).extend([] if flags is None else [_counts(flags, scene, kind)])
    condition = f"{line}, {'clean' if snr_db is None else f'{snr_db} dB'}{', with the neural extra' if ask else ''}"
    shares = ((name, *_sum(counts)) for name, counts in others.items() if counts)
    bound = BOUNDS[kind] if snr_db is None or snr_db >= TARGET_DB else None
    return report.of_frames(
        WHAT[kind], condition, parts, bound, ", ".join(f"{name} {k / n:.1%}" for name, k, n in shares)
    )


def _scene(clip: Clip, label: int, rate_hz: int) -> compose.Scene:
    """The recording at the level of speech, with quiet around it."""
    sound = clip.sound(rate_hz)
    size = rate_hz // compose.FRAMES_PER_S
    sound = sound[: len(sound) // size * size]
    if label == SPEECH:
        marks = compose.spoken(sound, rate_hz)
        sound = sound * (compose.ACTIVE / np.sqrt(np.mean(np.square(sound.reshape(-1, size)[marks]))))
    else:
        sound = compose.levelled(np.resize(sound, max(len(sound), round(SHORTEST_S * rate_hz))))
        marks = compose.levels_db(sound, rate_hz) > compose.SILENT_DB
    quiet = np.zeros(round(QUIET_S * rate_hz), np.float32)
    nothing = np.full(round(QUIET_S * compose.FRAMES_PER_S), PAUSE)
    labels = np.concatenate((nothing, np.where(marks, label, PAUSE), nothing)).astype(np.int8)
    return compose.Scene(np.concatenate((quiet, sound, quiet)), labels, rate_hz)


def _on_the_line(
    rng: np.random.Generator, scene: compose.Scene, snr_db: int | None, noises: list[Clip]
) -> Iterator[compose.Scene]:
    for noise in noises if snr_db is not None else [None]:
        heard = compose.with_noise(rng, scene, noise.sound(scene.rate_hz), snr_db or 0) if noise else scene
        telephone = heard.rate_hz == TELEPHONE_HZ
        sound = compose.over_telephone(heard.sound, heard.rate_hz) if telephone else heard.sound
        yield compose.Scene(sound, heard.labels, heard.rate_hz)


def _ours(scene: compose.Scene, ask: Ask | None) -> listen.Flags:
    return listen.flags(listen.hear(scene.sound, scene.rate_hz, ask=ask), "voice", len(scene.labels))


def _sum(counts: list[Count]) -> Count:
    return sum(k for k, _ in counts), sum(n for _, n in counts)


def _counts(flags: listen.Flags, scene: compose.Scene, kind: str) -> Count:
    mine = scene.labels[: len(flags)] == LABELS[kind]
    return int(flags[: len(mine)][mine].sum()), int(mine.sum())
