"""Real sound for tuning and testing the ears: where it is, what it is, and which half may be tuned on.

The folder of recordings is `$THIRDRING_SOUND`, else `../shared/data` beside the repository; it has a MANIFEST.tsv.
Recordings of the same origin share a group, and a group is wholly for tuning or wholly for testing. Debian's packages
of sound, where they are installed (or unpacked below `$THIRDRING_DEBIAN`), add to the tuning half. Without the folder
they are split like it, more of them are taken, and noise is made.
"""

import csv
import hashlib
import os
import shutil
import subprocess
import tempfile
import wave
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tests.accuracy import debian
from tests.accuracy.noise import made_noise

Sound = npt.NDArray[np.float32]

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("THIRDRING_SOUND", ROOT.parent / "shared" / "data"))
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "thirdring-accuracy"
MADE_NOISES, MADE_S, MADE_HZ, MADE_LEVEL = 16, 20, 16000, 1000
ESPEAK_TEXTS = {
    "en": "Good morning, this is the service counter. How may I help you today? Please hold the line for a moment.",
    "cmn": "您好 这里是服务柜台 请问有什么可以帮您 请稍等 我马上为您查询",
    "de": "Guten Tag, hier ist der Kundendienst. Was kann ich für Sie tun? Einen Augenblick bitte.",
    "es": "Buenos días, le atiende el servicio al cliente. ¿En qué puedo ayudarle? Un momento, por favor.",
}
ESPEAK_VARIANTS = ("m1", "m3", "m7", "f1", "f2", "f4")  # made voices, as tests and demos use them
LONGEST_S = 90  # of one recording: variety counts, not length


@dataclass(frozen=True)
class Clip:
    """One recording."""

    path: Path
    category: str
    kind: str
    group: str
    tuning: bool

    def sound(self, rate_hz: int) -> Sound:
        """The first minute and a half of the recording, on the scale of 16-bit samples."""
        return _decoded(self.path, rate_hz)


@cache
def clips() -> tuple[Clip, ...]:
    """Lists all recordings that can be found."""
    rows = list(_manifest())
    found = [*rows, *debian.recordings(debian.PLACES), *_espeak()]
    found += [] if rows else [*debian.recordings(debian.FALLBACK_PLACES), *_noises()]
    split = {group for category in {row[1] for row in found} for group in _half(category, rows or found)}
    return tuple(
        Clip(path, category, kind, group, tuning=(bool(rows) and kind == "debian") or group in split)
        for path, category, kind, group in found
    )


def chosen(category: str, *, tuning: bool) -> list[Clip]:
    """The recordings of one category in one half."""
    return [clip for clip in clips() if clip.category == category and clip.tuning == tuning]


def _half(category: str, rows: list[tuple[Path, str, str, str]]) -> list[str]:
    """Every other group of a category, of those of like kind."""
    groups = {group: kind for _, of, kind, group in rows if of == category}
    return sorted(groups, key=lambda group: (groups[group], hashlib.sha256(group.encode()).digest()))[::2]


def _manifest() -> list[tuple[Path, str, str, str]]:
    manifest = FOLDER / "MANIFEST.tsv"
    if not manifest.is_file():
        return []
    with manifest.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return [(FOLDER / row["path"], row["category"], row["subclass"], row["group"]) for row in rows]


def _noises() -> list[tuple[Path, str, str, str]]:
    """Noise that is made, as files like the others."""
    CACHE.mkdir(parents=True, exist_ok=True)
    made = []
    for number in range(MADE_NOISES):
        path = CACHE / f"made-noise-{number}.wav"
        if not path.exists():
            sound = made_noise(np.random.default_rng(number), MADE_S, MADE_HZ) * MADE_LEVEL
            with wave.open(str(path), "wb") as file:
                file.setparams((1, 2, MADE_HZ, 0, "NONE", ""))
                file.writeframes(np.clip(sound, -32768, 32767).astype("<i2").tobytes())
        made.append((path, "noise", "made", path.stem))
    return made


def _espeak() -> list[tuple[Path, str, str, str]]:
    program, made = shutil.which("espeak-ng"), []
    if not program:
        return []
    for language, text in ESPEAK_TEXTS.items():
        for number, variant in enumerate(ESPEAK_VARIANTS):
            path = CACHE / f"espeak-{language}-{variant}.wav"
            CACHE.mkdir(parents=True, exist_ok=True)
            if not path.exists():
                speed = str(130 + 15 * number)
                subprocess.run([program, "-v", f"{language}+{variant}", "-s", speed, "-w", path, text], check=True)
            made.append((path, "speech", "debian", "espeak-ng"))
    return made


@cache
def _decoded(path: Path, rate_hz: int) -> Sound:
    key = hashlib.sha256(f"{path}:{path.stat().st_size}:{rate_hz}".encode()).hexdigest()[:24]
    stored = CACHE / f"{key}.npy"
    if not stored.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        raw = subprocess.run(
            [
                shutil.which("sox") or "sox",
                path,
                "-t",
                "raw",
                "-r",
                str(rate_hz),
                "-e",
                "signed",
                "-b",
                "16",
                "-c",
                "1",
                "-",
                "trim",
                "0",
                str(LONGEST_S),
            ],
            check=True,
            capture_output=True,
        ).stdout
        with tempfile.NamedTemporaryFile(dir=CACHE, delete=False) as file:
            np.save(file, np.frombuffer(raw, np.int16))
        Path(file.name).rename(stored)
    sound: Sound = np.load(stored).astype(np.float32)
    return sound
