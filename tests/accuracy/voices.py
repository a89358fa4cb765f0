"""How well speech is told from music and noise, frame by frame."""

from collections.abc import Callable, Iterator

import numpy as np

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
SILERO_DB = (None, 10)  # it takes a hundred times as long
QUIET_S = 2.0  # before and after each recording
SHORTEST_S = 3.0  # shorter noises are repeated
TARGET_DB = 10  # targets hold down to this signal-to-noise ratio

Rival = Callable[[Sound, int], listen.Flags | None]


def measure() -> Iterator[report.Row]:
    """Yields a row for every kind of sound, line and signal-to-noise ratio."""
    noises = chosen("noise", tuning=False)
    for kind, label in LABELS.items():
        clips = [clip for clip in chosen(kind, tuning=False) if len(clip.sound(8000))]
        for line, rate_hz in LINES.items():
            for snr_db in SNRS_DB if kind != "noise" else (None,):
                rng = np.random.default_rng([label, snr_db or 0, rate_hz])
                scenes = [_on_the_line(rng, _scene(clip, label, rate_hz), snr_db, noises) for clip in clips]
                yield _row(kind, f"{line}, {'clean' if snr_db is None else f'{snr_db} dB'}", scenes, snr_db)


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
    rng: np.random.Generator, scene: compose.Scene, snr_db: float | None, noises: list[Clip]
) -> compose.Scene:
    if snr_db is not None:
        scene = compose.with_noise(rng, scene, noises[rng.integers(len(noises))].sound(scene.rate_hz), snr_db)
    if scene.rate_hz == TELEPHONE_HZ:
        scene.sound = compose.over_telephone(scene.sound, scene.rate_hz)
    return scene


def _row(kind: str, condition: str, scenes: list[compose.Scene], snr_db: float | None) -> report.Row:
    parts = [
        _counts(listen.flags(listen.hear(scene.sound, scene.rate_hz), "voice", len(scene.labels)), scene, kind)
        for scene in scenes
    ]
    rivals: dict[str, Rival] = {"webrtcvad": listen.gate}
    if scenes[0].rate_hz == TELEPHONE_HZ and snr_db in SILERO_DB:
        rivals["Silero"] = listen.silero
    others = []
    for name, rival in rivals.items():
        found = [rival(scene.sound, scene.rate_hz) for scene in scenes]
        counts = [_counts(flags, scene, kind) for flags, scene in zip(found, scenes, strict=True) if flags is not None]
        if counts:
            k, n = np.sum(counts, axis=0)
            others.append(f"{name} {k / n:.1%}")
    bound = BOUNDS[kind] if snr_db is None or snr_db >= TARGET_DB else None
    return report.of_frames(WHAT[kind], condition, parts, bound, ", ".join(others))


def _counts(flags: listen.Flags, scene: compose.Scene, kind: str) -> tuple[int, int]:
    mine = scene.labels[: len(flags)] == LABELS[kind]
    return int(flags[: len(mine)][mine].sum()), int(mine.sum())
