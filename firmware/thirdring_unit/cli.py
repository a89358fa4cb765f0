"""`thirdring-unit`: the command line of a desk unit. Mistakes of the user are one line on stderr and exit status 2.

Each command imports what it needs: a desk's service is ready sooner, and holds none of the others' libraries.
"""

from __future__ import annotations

import shutil
import sys
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING

import click

from thirdring_unit import configfile
from thirdring_unit.core.countries import codes
from thirdring_unit.drivers import log
from thirdring_unit.errors import UserError, whole_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from thirdring_unit.core.settings import Settings
    from thirdring_unit.ears.samples import Samples
    from thirdring_unit.sim.story import Scenario

PROGRAM = "thirdring-unit"
EXIT_USER_ERROR = 2
PACE_MAX = 1_000

STDOUT = Path("-")
STATE = Path("/var/lib/thirdring-unit")

_FILE = click.Path(path_type=Path)


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, no_args_is_help=False)
def cli() -> None:
    """A desk unit: senses the phone and the buttons, and tells the gateway what happened."""
    log.configure()


_CONFIG = click.option("--config", type=_FILE, required=True, help="The unit's settings (unit.toml).")
_STATE = click.option(
    "--state",
    type=_FILE,
    default=STATE,
    envvar="STATE_DIRECTORY",
    show_default=True,
    help="Folder of the journal; nothing else is written.",
)


@cli.command()
@_CONFIG
@_STATE
def run(config: Path, state: Path) -> None:
    """A desk on a Raspberry Pi: real pins, real sound, real broker, until it is told to end."""
    from thirdring_unit.pi import main as pi

    pi.live(config, state)


@cli.command()
@_CONFIG
@_STATE
@click.option("--seconds", type=click.IntRange(1), default=300, show_default=True, help="Wait so long for every input.")
@click.option("--no-wait", is_flag=True, help="Nobody is there to try the inputs: they need only be at rest.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines.")
def check(config: Path, state: Path, seconds: int, no_wait: bool, as_json: bool) -> int:
    """Is every input, microphone, light and link alive? Exit status 0 when the desk may open, 1 when not."""
    from thirdring_unit.pi import check as checking

    return 0 if checking.check(config, state, 0 if no_wait else seconds, as_json=as_json) else 1


@cli.command()
@click.option("--config", type=_FILE, help="The unit's settings (unit.toml); without it, those of a line in China.")
@click.option("--edges", type=_FILE, help="What the inputs did: at_ms,input,active.")
@click.option("--line", type=_FILE, help="WAV of the phone line.")
@click.option("--agent", type=_FILE, help="WAV of the agent's microphone.")
@click.option("--room", type=_FILE, help="WAV of the room.")
@click.option("--start", help="When the recording began, such as 2026-11-02T09:00:00+08:00.")
@click.option("--facts", type=_FILE, help="Write the facts here instead of to stdout (-).")
def replay(
    *,
    config: Path | None,
    edges: Path | None,
    line: Path | None,
    agent: Path | None,
    room: Path | None,
    start: str | None,
    facts: Path | None,
) -> None:
    """Recorded edges and sound to facts, as JSON Lines."""
    from thirdring_unit import holdmusic, teaching
    from thirdring_unit import replay as replaying

    sounds = {name: path for name, path in (("line", line), ("agent", agent), ("room", room)) if path}
    if not edges and not sounds:
        raise UserError("there is nothing to replay: give --edges, --line, --agent or --room")
    settings = replaying.settings_for(config, edges, sounds)
    beside = config.parent if config else Path()
    ringer = teaching.ringer(settings, beside) if room else None
    tunes = holdmusic.known(settings, beside) if line else ()
    began = _moment(start) if start else None
    with _output(facts) as file, _progress("replayed") as progress:
        replaying.replay(
            settings, edges, sounds, file.write, start=began, ringer=ringer, tunes=tunes, progress=progress
        )


@cli.command()
@click.option("--scenario", "story", type=_FILE, help="The desk's day (TOML).")
@click.option("--seed", type=int, help="Instead of a scenario: a random day, always the same for the same seed.")
@click.option("--desk", help="Instead of the scenario's: this unit id.")
@click.option("--config", type=_FILE, help="The unit's settings (unit.toml); without it, those of the scenario.")
@click.option("--state", type=_FILE, required=True, help="Folder of the journal and of the place in the day.")
@click.option("--identity", type=_FILE, help="What `thirdring-gateway enrol` made, instead of the settings' file.")
@click.option("--pace", type=click.IntRange(1, PACE_MAX), default=1, help="So many times faster than life.")
@click.option("--once", is_flag=True, help="End when the day is over and the gateway has every fact.")
def simulate(
    *,
    story: Path | None,
    seed: int | None,
    desk: str | None,
    config: Path | None,
    state: Path,
    identity: Path | None,
    pace: int,
    once: bool,
) -> None:
    """A desk without hardware, over a real broker."""
    from thirdring_unit.drivers.credentials import credentials_of
    from thirdring_unit.sim import simulate as simulating

    told = _story(story, seed, desk)
    settings = simulating.settings_for(told, config)
    credentials = credentials_of(settings, state, identity)
    simulating.simulate(told, settings, credentials, state, pace, once=once)


@cli.command()
@click.option("--scenario", "story", type=_FILE, help="The desk's day (TOML).")
@click.option("--seed", type=int, help="Instead of a scenario: a random day, always the same for the same seed.")
@click.option("--out", type=_FILE, required=True, help="Folder for unit.toml, edges.csv and a WAV of each channel.")
def render(story: Path | None, seed: int | None, out: Path) -> None:
    """A scenario as the recordings that `replay` reads."""
    from thirdring_unit.sim import render as rendering

    with _progress("rendered") as progress:
        files = rendering.render(_story(story, seed, None), out, progress)
    for path in files:
        click.echo(path)


@cli.command("learn-ring")
@click.option("--room", "first", type=_FILE, multiple=True, help="WAV of rings, two to five; more may follow.")
@click.argument("more", type=_FILE, nargs=-1)
@click.option("--config", type=_FILE, help="The unit's settings (unit.toml): the ringer is kept beside it.")
@click.option("--state", type=_FILE, help="The unit's state folder, to keep the ringer there.")
@click.option(
    "--seconds", type=click.IntRange(5, 120), default=40, show_default=True, help="Without a file: listen so long."
)
def learn_ring(
    *, first: tuple[Path, ...], more: tuple[Path, ...], config: Path | None, state: Path | None, seconds: int
) -> None:
    """Teach a unit its phone's ringer: from recordings of a few rings, or live, from its own microphone."""
    from thirdring_unit import teaching

    settings, paths = configfile.unit(config), first + more
    if not paths and not config:
        raise UserError("there is nothing to learn from: give --room ring.wav, or --config unit.toml to listen now")
    recordings = teaching.files(paths, settings.room_channels) if paths else _room(settings, seconds)
    file = teaching.place(settings, state or (config.parent if config else Path()))
    with _progress("heard") as progress:
        rings = teaching.learn(recordings, file, progress)
    click.echo(f"{file}: the ringer, learned from {rings} rings")


@cli.command("learn-hold")
@click.argument("recordings", metavar="WAV...", type=_FILE, nargs=-1)
@click.option("--config", type=_FILE, help="The unit's settings (unit.toml): the hold music is kept beside it.")
@click.option("--state", type=_FILE, help="The unit's state folder, to keep the hold music there.")
def learn_hold(*, recordings: tuple[Path, ...], config: Path | None, state: Path | None) -> None:
    """Teach a unit the site's own hold music: all of it at once, a recording for each tune."""
    from thirdring_unit import holdmusic

    if not recordings:
        raise UserError("there is nothing to learn from: give music.wav, a recording for each tune")
    file = holdmusic.place(configfile.unit(config), state or (config.parent if config else Path()))
    with _progress("heard") as progress:
        tunes = holdmusic.learn(recordings, file, progress)
    for tune in tunes:
        click.echo(f"{file}: {tune.name}, {tune.lasts_ms // 1000} s of music")


@cli.command()
@click.argument("wav", type=_FILE)
@click.option("--channel", type=click.Choice(["line", "agent", "room"]), default="line", help="What was recorded.")
@click.option("--country", type=click.Choice(sorted(codes())), default="CN", help="Whose tones and rings may be heard.")
@click.option("--ringer", type=_FILE, help="What `learn-ring` wrote, for the room.")
@click.option("--hold-music", type=_FILE, help="What `learn-hold` wrote, for the line.")
@click.option("--plot", type=_FILE, help="Draw it into this PNG file.")
def hear(
    *, wav: Path, channel: str, country: str, ringer: Path | None, hold_music: Path | None, plot: Path | None
) -> None:
    """What the ears make of a recording: speech, music, tones and rings, from when to when."""
    from thirdring_unit import hearing, holdmusic, teaching
    from thirdring_unit.ears.picture import draw

    if plot and plot.suffix.lower() != ".png":
        raise UserError(f"{plot}: pictures are drawn as PNG: give a name that ends in .png")
    learned = teaching.read_ringer(ringer) if ringer else None
    tunes = holdmusic.read(hold_music) if hold_music else ()
    with whole_file(plot) if plot else nullcontext() as file:
        with _progress("heard") as progress:
            lasting_ms, strip, spans = hearing.hear(wav, channel, country, learned, tunes, progress)
        for span in spans:
            click.echo(f"{span.from_ms / 1000:10.2f} s {span.to_ms / 1000:10.2f} s  {span.what} {span.name}".rstrip())
        if file:
            file.write(draw(f"{wav.name}, {channel}, tones of {country}", lasting_ms, strip, spans))


def main() -> None:
    """Run the command line; the only place that decides about exit statuses."""
    try:
        sys.exit(cli.main(prog_name=PROGRAM, standalone_mode=False) or 0)
    except UserError as error:
        _fail(str(error))
    except click.ClickException as error:
        _fail(f"{error.format_message()} (see {PROGRAM} --help)")
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(1)


def _fail(message: str) -> None:
    click.echo(f"{PROGRAM}: {message}", err=True)
    sys.exit(EXIT_USER_ERROR)


def _room(settings: Settings, seconds: int) -> dict[str, Iterable[Samples]]:
    from thirdring_unit.pi import room

    click.echo(f"listening for {seconds} s: let the phone ring two to five times (Ctrl-C when it has)", err=True)
    return {"the room": room.frames(settings, seconds)}


def _story(story: Path | None, seed: int | None, desk: str | None) -> Scenario:
    from thirdring_unit.sim import chance
    from thirdring_unit.sim import scenario as scenarios

    if story is not None and seed is None:
        told = scenarios.load(story)
        return replace(told, desk=desk) if desk else told
    if seed is not None and story is None:
        return chance.scenario(seed, desk=desk or "desk-01")
    raise UserError("what happens at the desk? give either --scenario or --seed")


def _moment(text: str) -> datetime:
    with suppress(ValueError):
        moment = datetime.fromisoformat(text)
        if moment.tzinfo:
            return moment
    raise UserError(f"--start is {text!r}: write a moment with its offset, like 2026-11-02T09:00:00+08:00")


@contextmanager
def _output(path: Path | None) -> Iterator[IO[bytes]]:
    """Collect output out of sight, so that nothing is half-written when an input turns out to be wrong."""
    if path and path != STDOUT:
        with whole_file(path) as file:
            yield file
        return
    with TemporaryFile() as file:
        yield file
        file.seek(0)
        shutil.copyfileobj(file, sys.stdout.buffer)
        sys.stdout.buffer.flush()


@contextmanager
def _progress(done: str) -> Iterator[Callable[[int], object]]:
    """Show on a terminal how far long work has come; say nothing elsewhere."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from thirdring_unit.sim.plain import clock_text

    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as shown:
        task = shown.add_task(f"{done} 00:00:00")
        yield lambda done_ms: shown.update(task, description=f"{done} {clock_text(done_ms // 1_000 * 1_000)}")
