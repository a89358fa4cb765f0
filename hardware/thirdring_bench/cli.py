"""thirdring-bench: the facilities bench on the command line."""

import sys
import time
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from thirdring_bench.barrier import breaches, bridging_parts
from thirdring_bench.board import examine
from thirdring_bench.bom import BLOCKS_BY_VARIANT, as_csv, parts_list
from thirdring_bench.card.cloud import Network, Wifi
from thirdring_bench.card.flash import Desk, flash
from thirdring_bench.circuit import load_circuit
from thirdring_bench.desks import parsed, read_identity, tables_of
from thirdring_bench.draw.drawings import drawings, write_drawings
from thirdring_bench.errors import BenchError
from thirdring_bench.pico.contents import Wireless, contents
from thirdring_bench.pico.flash import copy, outbox, write_uf2
from thirdring_bench.pins import load_pins, pico_module
from thirdring_bench.proof.proof import ALL_CHECKS, prove
from thirdring_bench.spice import corner
from thirdring_bench.symbols import disagreements
from thirdring_bench.tables import bom_table, pin_table, proof_table

EXIT_FAILED = 1
EXIT_BAD_INPUT = 2
COUNTRY = "CN"


class _OneLineErrors(click.Group):
    """A group whose commands end with one line on stderr and status 2 when their input is bad."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except (BenchError, OSError) as error:
            said = str(error)
        except click.UsageError as error:
            said = f"{error.format_message()} (see --help)"
        click.echo(f"thirdring-bench: {said}", err=True)
        sys.exit(EXIT_BAD_INPUT)


@click.group(cls=_OneLineErrors, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """The facilities bench: pins, board, proof and drawings of a desk unit."""


@main.command()
@click.option("--file", "source", type=click.Path(path_type=Path), help="Another pins.toml than the shipped one.")
@click.option("--zh", is_flag=True, help="Names in Chinese.")
@click.option("--pico", is_flag=True, help="Print the pin module of the Pico instead of the table.")
def pins(source: Path | None, zh: bool, pico: bool) -> None:
    """Show which pin is what; refuse conflicts and impossible pins."""
    checked = load_pins(source)
    if pico:
        click.echo(pico_module(checked), nl=False)
    else:
        Console().print(pin_table(checked, zh=zh))


@main.command(name="prove")
@click.option("--fast", is_flag=True, help="Three corners instead of all.")
@click.option("--what-if", nargs=2, multiple=True, metavar="ITEM VALUE", help='Another value, such as c_ring "100 nF".')
def prove_command(fast: bool, what_if: tuple[tuple[str, str], ...]) -> None:
    """Prove the line front end by ngspice; status 1 when a requirement fails."""
    circuit = load_circuit()
    for item, value in what_if:
        circuit = circuit.with_value(item, value)
    corners = corner.FEW if fast else corner.ALL
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("ngspice", total=len(corners) * len(ALL_CHECKS))
        verdicts = prove(circuit, corners, done=lambda: progress.advance(task))
    Console().print(proof_table(verdicts, len(corners)))
    failed = [name for name, verdict in verdicts.items() if not verdict.passed]
    click.echo(f"{len(verdicts) - len(failed)} requirements hold, {len(failed)} fail: {', '.join(failed) or 'none'}")
    if failed:
        sys.exit(EXIT_FAILED)


@main.command()
@click.option("--variant", type=click.Choice(list(BLOCKS_BY_VARIANT)), default="full", show_default=True)
@click.option("--boards", type=click.IntRange(min=1), default=1, show_default=True, help="Quantity, for --csv.")
@click.option("--csv", "as_file", is_flag=True, help="CSV for a spreadsheet or a distributor's basket.")
def bom(variant: str, boards: int, as_file: bool) -> None:
    """List the parts to order, with second sources and an estimate of the cost."""
    rows = parts_list(load_circuit(), variant)
    if as_file:
        click.echo(as_csv(rows, boards), nl=False)
    else:
        Console().print(bom_table(rows, variant))


@main.command()
@click.option("--netlist", type=click.Path(path_type=Path), help="Also write the netlist for KiCad's board editor.")
@click.option("--symbols", type=click.Path(path_type=Path), help="Folder of KiCad's symbols, to compare the pins with.")
@click.option("--bridge", nargs=2, metavar="NET NET", help="What if a resistor joined these two nets?")
def erc(netlist: Path | None, symbols: Path | None, bridge: tuple[str, str] | None) -> None:
    """Check the board: electrical rules by SKiDL, and the isolation barrier; status 1 when anything is found."""
    circuit = load_circuit()
    if bridge:
        circuit = circuit.with_part("R99", "r_pull_up", *bridge)
    examination = examine(circuit)
    findings = [*examination.findings, *(f"isolation: {breach}" for breach in breaches(circuit))]
    if symbols:
        findings += disagreements(circuit, symbols)
    for finding in findings:
        click.echo(finding)
    click.echo(
        f"{len(circuit.parts)} parts, {len(examination.findings)} rule findings; "
        f"barrier crossed only by {', '.join(bridging_parts(circuit))}: {'yes' if not breaches(circuit) else 'NO'}"
    )
    if findings:
        sys.exit(EXIT_FAILED)
    if netlist:
        netlist.write_text(examination.netlist, encoding="utf-8")


@main.command()
@click.option("--out", type=click.Path(path_type=Path), default=Path("build/hardware"), show_default=True)
@click.option("--png", is_flag=True, help="Also as PNG.")
@click.option("--pdf", is_flag=True, help="Also as PDF, one A4 page each.")
def draw(out: Path, png: bool, pdf: bool) -> None:
    """Draw schematic, wiring pictures, enclosure and labels as SVG on A4 sheets."""
    sheets = drawings(load_circuit(), load_pins())
    write_drawings(out, sheets, tuple(kind for kind, wanted in (("png", png), ("pdf", pdf)) if wanted))
    click.echo(f"{len(sheets)} sheets in {out}")


_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@main.command(name="flash-pi")
@click.argument("card", type=click.Path(path_type=Path))
@click.option("--identity", type=_FILE, required=True, help="The desk's identity, from `thirdring-gateway enrol`.")
@click.option("--bundle", type=click.Path(path_type=Path), default=Path("build/bundle"), show_default=True)
@click.option("--settings", type=_FILE, help="The desk's unit.toml; without it, the smallest one.")
@click.option("--country", default="CN", show_default=True, help="Whose telephone line, and whose radio rules.")
@click.option("--zone", default="Asia/Shanghai", show_default=True, help="Time zone of the system's log.")
@click.option("--ringer", type=_FILE, help="ringer.json, from `thirdring-unit learn-ring`.")
@click.option("--hold-music", type=_FILE, help="hold-music.json, from `thirdring-unit learn-hold`.")
@click.option("--wifi", metavar="NAME", help="Wireless network; without it, by cable. Its password is asked for.")
@click.option("--wifi-password", "password_file", type=_FILE, help="File with the password, instead of asking.")
@click.option("--address", default="", help="A fixed address such as 192.168.7.21/24; without it, by DHCP.")
@click.option("--router", default="", help="The router's address, beside a fixed one.")
@click.option("--ssh-key", type=_FILE, help="Public key that may sign in as facilities; without it, nobody can.")
@click.option("--yes", is_flag=True, help="Write to a card without asking.")
def flash_pi(
    *,
    card: Path,
    identity: Path,
    bundle: Path,
    settings: Path | None,
    country: str,
    zone: str,
    ringer: Path | None,
    hold_music: Path | None,
    wifi: str | None,
    password_file: Path | None,
    address: str,
    router: str,
    ssh_key: Path | None,
    yes: bool,
) -> None:
    """Make a card, or its image, with Raspberry Pi OS on it set up one desk at its first boot, without a network."""
    network = Network(_wifi(wifi, password_file, country) if wifi else None, address, router)
    if card.is_block_device() and not yes:
        click.confirm(f"Write to the card {card}?", abort=True, err=True)
    desk = Desk(identity, bundle, settings, country, zone, ringer, hold_music, ssh_key, network)
    flash(card, desk, lambda text: click.echo(text, err=True))
    click.echo(f"{card}: ready; put it into the desk's Raspberry Pi and switch it on")


@main.command(name="flash-pico")
@click.option("--identity", type=_FILE, required=True, help="The desk's identity, from `thirdring-gateway enrol`.")
@click.option("--settings", type=_FILE, help="The desk's unit.toml; without it, the smallest one.")
@click.option("--country", help="Whose telephone line, and whose radio rules; else as in --settings, or CN.")
@click.option("--wifi", metavar="NAME", required=True, help="Wireless network. Its password is asked for.")
@click.option("--wifi-password", "password_file", type=_FILE, help="File with the password, instead of asking.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="A UF2 to drag and drop onto the board.")
@click.option("--firmware", type=_FILE, help="MicroPython's own UF2, to be part of the file.")
@click.option("--port", help="Copy to the board attached there instead, such as /dev/ttyACM0.")
@click.option("--keep-outbox/--no-keep-outbox", default=True, show_default=True, help="Keep facts not yet sent.")
@click.option("--dump", type=_FILE, help="The board's flash as it was read (.bin of the file system, or .uf2).")
def flash_pico(
    *,
    identity: Path,
    settings: Path | None,
    country: str | None,
    wifi: str,
    password_file: Path | None,
    out: Path | None,
    firmware: Path | None,
    port: str | None,
    keep_outbox: bool,
    dump: Path | None,
) -> None:
    """Make a Pico W the unit of one desk: a file for drag and drop, or an attached board."""
    if bool(out) == bool(port):
        raise BenchError("give --out FILE for a file to drag and drop, or --port for an attached board")
    if port and (firmware or dump):
        raise BenchError("--firmware and --dump are for a file: give --out FILE, or leave them out with --port")
    if dump and not keep_outbox:
        raise BenchError("--dump brings the facts that --no-keep-outbox gives up: leave out one of them")
    if out and any(
        out.resolve() == each.resolve() for each in (identity, settings, password_file, firmware, dump) if each
    ):
        raise BenchError(f"{out}: the file would be made from this one: give another --out")
    now_s = int(time.time())
    who = read_identity(identity, now_s)
    tables = tables_of(settings, who, COUNTRY if country is None else country)
    rules = parsed(tables, f"{settings}").country if country is None else country
    network = _wifi(wifi, password_file, rules)
    files = contents(who, tables, [Wireless(network.name, network.password)], rules, now_s)
    if port:
        copy(port, files)
        click.echo(f"{port}: {who.unit} starts; its outbox is as it was")
    elif out:
        kept = outbox(dump, keep=keep_outbox)
        write_uf2(out, files | kept, firmware)
        click.echo(f"{out}: drag it onto the board {who.unit}; {len(kept)} files of its outbox are kept")


def _wifi(name: str, password_file: Path | None, country: str) -> Wifi:
    try:
        if password_file is None:
            password = click.prompt(f"Password of {name}", hide_input=True, err=True)
        else:
            password = password_file.read_text(encoding="utf-8").strip()
    except UnicodeDecodeError as error:
        raise BenchError(f"{password_file}: is no text: write the password of {name} into it") from error
    except click.Abort as error:
        raise BenchError(f"no password for {name}: give --wifi-password FILE where nobody can be asked") from error
    return Wifi(name, password, country)
