"""The file of a site's own hold music: how it is made from recordings, and where a unit finds it."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from thirdring_unit.core.settings import Settings
from thirdring_unit.ears import tunes
from thirdring_unit.ears.samples import Samples
from thirdring_unit.ears.tunes import LONGEST_MS, RATE_HZ, Tune, TuneError
from thirdring_unit.ears.wav import FRAME_MS, WavError, frames
from thirdring_unit.errors import UserError, reading, whole_file

HOLD_MUSIC = "hold-music.json"


def place(settings: Settings, folder: Path) -> Path:
    """Give the file of the hold music; `folder` is the unit's state folder, or that of its unit.toml."""
    return folder / (settings.hold_music_file or HOLD_MUSIC)


def known(settings: Settings, folder: Path) -> tuple[Tune, ...]:
    """Read the hold music, if any was learned. Raises UserError if the settings name a file that is none."""
    path = place(settings, folder)
    return read(path) if settings.hold_music_file or path.exists() else ()


def read(path: Path) -> tuple[Tune, ...]:
    """Read the file of a site's hold music; raises UserError."""
    try:
        with reading(path):
            return tunes.read(path.read_text(encoding="utf-8"))
    except (TuneError, UnicodeDecodeError) as error:
        raise UserError(f"{path}: {error}") from error


def learn(recordings: Sequence[Path], file: Path, progress: Callable[[int], object] = lambda _: None) -> list[Tune]:
    """Learn tunes from WAV files and write them to `file`, in the place of what was there. Raises UserError."""
    learned = []
    for path in recordings:
        try:
            learned.append(tunes.learn(path.name, _heard(path, progress)))
        except WavError as error:
            raise UserError(str(error)) from error
        except TuneError as error:
            raise UserError(f"{path}: {error}") from error
    if sum(tune.lasts_ms for tune in learned) > LONGEST_MS:
        most_s = LONGEST_MS // 1000
        raise UserError(f"{', '.join(map(str, recordings))}: more than {most_s} s of music in all: give less of it")
    with whole_file(file) as opened:
        opened.write(tunes.written(learned).encode())
    return learned


def _heard(path: Path, progress: Callable[[int], object]) -> Iterator[Samples]:
    for number, frame in enumerate(frames(path, RATE_HZ)):
        progress(number * FRAME_MS)
        yield frame
