"""The command `thirdring-gateway`."""

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec

import click
from rich.console import Console

from thirdring_gateway import config as gateway_config
from thirdring_gateway.clock import RealClock
from thirdring_gateway.files import write_whole
from thirdring_gateway.followed import Followed
from thirdring_gateway.trouble import Trouble

BAD_INPUT = 2
BINARY = ("pdf", "xlsx")
REPORT_FORMATS = ("text", "json", "csv", "html", *BINARY)
LANGUAGES = {"en": "en", "zh-CN": "zh-hans"}
HERE = Path("gateway.toml")
P = ParamSpec("P")


def told_plainly(command: Callable[P, None]) -> Callable[P, None]:
    """Turn Trouble into its one line on stderr and exit status 2."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except Trouble as trouble:
            click.echo(f"thirdring-gateway: {trouble}", err=True)
            sys.exit(BAD_INPUT)

    return run


def configured(path: Path | None) -> gateway_config.Config:
    """Return the settings in `path`, or in gateway.toml when it is here, or the defaults."""
    if path is None and not HERE.exists():
        return gateway_config.Config()
    return gateway_config.read(path or HERE)


config_option = click.option(
    "--config", "config_path", type=click.Path(path_type=Path), help="The gateway's settings (default: gateway.toml)."
)
state_option = click.option(
    "--state", type=click.Path(path_type=Path), default=Path("var"), help="Folder of ledger, broker and secrets (var)."
)
db_option = click.option("--db", help="The ledger: a file, or postgresql://… (default: as in the settings).")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="thirdring")
def main() -> None:
    """The branch's gateway: facts from the desks to numbers and lights."""


@main.command()
@config_option
@state_option
@told_plainly
def serve(config_path: Path | None, state: Path) -> None:
    """Run broker, ingest and lights until SIGTERM or Ctrl-C."""
    from thirdring_gateway.app import serve as run  # noqa: PLC0415 -- Django takes its time, `--help` need not

    path = config_path or HERE
    followed = Followed(path) if path.exists() else None
    sys.exit(run(configured(config_path), state, followed))


@main.command()
@click.option("--seconds", type=int, metavar="N", help="Let the day take about N seconds (default: about a minute).")
@click.option("--seed", type=int, help="A random day instead of the shipped one.")
@told_plainly
def demo(seconds: int | None, seed: int | None) -> None:
    """Show a whole branch at work on this machine, and its numbers beside the truth."""
    from thirdring_gateway.demo.run import demo as run  # noqa: PLC0415 -- see serve

    sys.exit(run(seconds, seed, Console()))


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@db_option
@config_option
@state_option
@told_plainly
def load(files: tuple[Path, ...], db: str | None, config_path: Path | None, state: Path) -> None:
    """Put the facts in FILES (JSON Lines) into a ledger: all of them, or none."""
    from thirdring_gateway import load as loading  # noqa: PLC0415 -- see serve
    from thirdring_gateway.ledger.database import open_database  # noqa: PLC0415 -- see serve

    open_database(db or configured(config_path).ledger(state))
    loaded = loading.load(list(files), Console(stderr=True))
    known = loaded.facts - loaded.added - loaded.contradicting
    click.echo(f"{loaded.facts} facts: {loaded.added} new, {known} already there", err=True)
    if loaded.contradicting:
        click.echo(f"{loaded.contradicting} contradict stored facts with the same key: see the quarantine", err=True)


@main.command()
@click.option("--from", "from_", required=True, metavar="DAY", help="First day, such as 2026-11-02.")
@click.option("--to", required=True, metavar="DAY", help="The day after the last one.")
@click.option("--desk", help="Only this desk.")
@click.option("--format", "form", type=click.Choice(REPORT_FORMATS), default="text", show_default=True)
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Of a file's words.")
@click.option("--out", type=click.Path(path_type=Path), help="A file instead of the terminal.")
@db_option
@config_option
@state_option
@told_plainly
def report(
    from_: str,
    to: str,
    desk: str | None,
    form: str,
    language: str,
    out: Path | None,
    db: str | None,
    config_path: Path | None,
    state: Path,
) -> None:
    """Print the KPIs of a period, from the first day up to, and without, the day after the last one."""
    from thirdring_gateway.ledger.database import open_ledger  # noqa: PLC0415 -- see serve
    from thirdring_gateway.report_command import asked, written  # noqa: PLC0415 -- see serve

    if form in BINARY and out is None and sys.stdout.isatty():
        raise Trouble(f"--format {form} is no text; name a file with --out")
    config = configured(config_path)
    open_ledger(db or config.ledger(state))
    question = asked(config, from_, to, desk)
    body = written(question, form, LANGUAGES[language], RealClock(), is_file=out is not None)
    if out:
        write_whole(out, body)
    else:
        click.echo(body, nl=False)


@main.command()
@click.argument("unit")
@click.option("--out", type=click.Path(path_type=Path), help="The new file that the unit gets (default: UNIT.json).")
@click.option("--broker", default="", metavar="HOST", help="How desks reach this machine, if not as the settings say.")
@click.option("--password", is_flag=True, help="For a small device that can do no certificates.")
@click.option("--replace", is_flag=True, help="Revoke the identity that the unit has, and make a new one.")
@config_option
@state_option
@told_plainly
def enrol(
    unit: str, out: Path | None, broker: str, password: bool, replace: bool, config_path: Path | None, state: Path
) -> None:
    """Give UNIT an identity, in one file to carry to it. A running gateway lets it in at once."""
    from thirdring_gateway.identities import enrolment  # noqa: PLC0415 -- see serve

    config, file = configured(config_path), out or Path(f"{unit}.json")
    enrolment.open_registry(config, state)
    now_ms = RealClock().now_ms()
    enrolment.enrol(config, state, unit, file, now_ms, broker=broker, by_password=password, replace=replace)
    click.echo(f"{file}: the identity of {unit}; keep it secret, and delete it once the unit has it", err=True)


@main.command()
@click.argument("unit")
@config_option
@state_option
@told_plainly
def revoke(unit: str, config_path: Path | None, state: Path) -> None:
    """Shut UNIT out. A running gateway cuts its connection at once."""
    from thirdring_gateway.identities import enrolment  # noqa: PLC0415 -- see serve

    config = configured(config_path)
    enrolment.open_registry(config, state)
    enrolment.revoke(config, unit, RealClock().now_ms())
    click.echo(f"{unit} is shut out", err=True)


@main.command()
@config_option
@state_option
@told_plainly
def units(config_path: Path | None, state: Path) -> None:
    """List who is enrolled, until when, and who was revoked."""
    from thirdring_gateway.identities import enrolment, listing  # noqa: PLC0415 -- see serve

    config = configured(config_path)
    enrolment.open_registry(config, state)
    click.echo(listing.as_text(config.branch, RealClock().now_ms()), nl=False)
