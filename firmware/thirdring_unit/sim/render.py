"""A scenario as the files that `replay` reads: unit.toml, edges.csv and one WAV a channel."""

import wave
from collections.abc import Callable
from pathlib import Path

from thirdring_unit import edgefile
from thirdring_unit.errors import UserError, whole_file
from thirdring_unit.sim.day import work_out
from thirdring_unit.sim.edges import edges
from thirdring_unit.sim.sound import FRAME_MS, Channel, frames
from thirdring_unit.sim.story import Scenario
from thirdring_unit.sim.voices import RATE_HZ

CHANNELS: tuple[Channel, ...] = ("line", "agent", "room")
_SAMPLE_BYTES = 2


def render(scenario: Scenario, folder: Path, progress: Callable[[int], object] = lambda _: None) -> list[Path]:
    """Write a scenario's files into a folder and return them; `progress` is told milliseconds of sound.

    Raises UserError when the folder cannot be written.
    """
    day = work_out(scenario)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"{folder}: cannot be made ({error.strerror}): name a folder that can be") from error
    with whole_file(folder / "unit.toml") as file:
        file.write(_unit(scenario).encode())
    with whole_file(folder / "edges.csv") as file:
        file.writelines(line.encode() for line in edgefile.lines(edges(day)))
    for number, channel in enumerate(CHANNELS):
        with whole_file(folder / f"{channel}.wav") as file, wave.open(file, "wb") as sound:
            sound.setparams((1, _SAMPLE_BYTES, RATE_HZ, day.end_ms * RATE_HZ // 1_000, "NONE", "not compressed"))
            for done, frame in enumerate(frames(day, channel)):
                sound.writeframesraw(frame.tobytes())
                progress(number * day.end_ms + done * FRAME_MS)
    return [folder / name for name in ("unit.toml", "edges.csv", *(f"{channel}.wav" for channel in CHANNELS))]


def _unit(scenario: Scenario) -> str:
    """Give the settings of the unit at this desk."""
    return (
        f'[unit]\nbranch = "{scenario.branch}"\nid = "{scenario.desk}"\n\n[line]\ncountry = "{scenario.country}"\n'
        f"open_loop = {str(scenario.far_end == 'open loop').lower()}\n"
        f"far_end_tone = {str(scenario.far_end == 'tone').lower()}\n"
    )
