"""The file of a phone's learned ringer: how it is made from recordings, and where a unit finds it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from thirdring_unit.core.settings import Settings
from thirdring_unit.ears import learn as lessons
from thirdring_unit.ears import ringer as ringers
from thirdring_unit.ears.ringer import Ringer, RingerError
from thirdring_unit.ears.room import RATE_HZ
from thirdring_unit.ears.samples import Samples
from thirdring_unit.ears.wav import FRAME_MS, WavError, frames
from thirdring_unit.errors import UserError, reading, whole_file

RINGER = "ringer.json"


def place(settings: Settings, folder: Path) -> Path:
    """Give the file of the learned ringer; `folder` is the unit's state folder, or that of its unit.toml."""
    return folder / (settings.ringer_file or RINGER)


def ringer(settings: Settings, folder: Path) -> Ringer | None:
    """Read the learned ringer; None if none was taught. Raises UserError if the settings name a file that is none."""
    path = place(settings, folder)
    return read_ringer(path) if settings.ringer_file or path.exists() else None


def read_ringer(path: Path) -> Ringer:
    """Read the file of a learned ringer; raises UserError."""
    try:
        with reading(path):
            return ringers.read(path.read_text(encoding="utf-8"))
    except RingerError as error:
        raise UserError(f"{path}: {error}") from error


def learn(
    recordings: Mapping[str, Iterable[Samples]], file: Path, progress: Callable[[int], object] = lambda _: None
) -> int:
    """Learn a ringer from recordings, frames by their name, and write it to `file`; return from how many rings.

    `progress` is told the milliseconds heard of each. Raises UserError.
    """
    rings = []
    for name, sound in recordings.items():
        try:
            rings += lessons.rings_in(_counted(sound, progress))
        except WavError as error:
            raise UserError(str(error)) from error
        except RingerError as error:
            raise UserError(f"{name}: {error}") from error
    try:
        lesson = lessons.learn(rings)
    except RingerError as error:
        raise UserError(f"{', '.join(recordings)}: {error}") from error
    with whole_file(file) as opened:
        opened.write(ringers.written(lesson.ringer).encode())
    return lesson.rings


def files(paths: Sequence[Path], channels: int) -> dict[str, Iterable[Samples]]:
    """Give WAV files as recordings to learn from, of so many microphones."""
    return {str(path): frames(path, RATE_HZ, channels) for path in paths}


def _counted(sound: Iterable[Samples], progress: Callable[[int], object]) -> Iterator[Samples]:
    for number, frame in enumerate(sound):
        progress(number * FRAME_MS)
        yield frame
