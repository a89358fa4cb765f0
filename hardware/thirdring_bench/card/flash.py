"""A card for one desk: its identity and settings, the program, and what the first boot does with them."""

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.resources import as_file, files
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from thirdring_unit import identity as identities
from thirdring_unit.holdmusic import HOLD_MUSIC
from thirdring_unit.identity import Identity
from thirdring_unit.teaching import RINGER

from thirdring_bench.card import cloud
from thirdring_bench.card.fat import BootPartition
from thirdring_bench.desks import demand_pair, parsed, read_identity, smallest, tables_of
from thirdring_bench.errors import BenchError

FOLDER = "thirdring"
IDENTITY_FILE = "identity.json"  # in the unit's state folder, which it may write to: it renews its certificate there
CLOUD_FILES = ("user-data", "meta-data", "network-config")


@dataclass(frozen=True, slots=True)
class Desk:
    """What a card is made for; paths are files on the bench's computer."""

    identity: Path
    bundle: Path
    settings: Path | None = None
    country: str = "CN"
    zone: str = "Asia/Shanghai"
    ringer: Path | None = None
    hold_music: Path | None = None
    ssh_key: Path | None = None
    network: cloud.Network = field(default_factory=cloud.Network)


def flash(card: Path, desk: Desk, say: Callable[[str], object]) -> None:
    """Make `card`, an image or a card with Raspberry Pi OS on it, set up `desk` at its first boot.

    Everything is checked before the first byte is written; the kernel's command line, which makes the first boot look
    for the rest, is written last. Raises BenchError in one line.
    """
    _demand_zone(desk.zone)
    who = read_identity(desk.identity, int(time.time()))
    settings = _settings(desk, who)
    key = _ssh_key(desk.ssh_key) if desk.ssh_key else ""
    check_bundle(desk.bundle)
    partition = BootPartition(card)
    before = partition.read("cmdline.txt")
    if before is None or partition.read("user-data") is None:
        raise BenchError(
            f"{card}: is no Raspberry Pi OS that is set up by cloud-init: take one from December 2025 or later"
        )
    instance = f"thirdring-{who.unit}-{token_hex(4)}"
    with TemporaryDirectory(prefix="thirdring-card-") as folder:
        made = Path(folder)
        (made / FOLDER).mkdir()
        shutil.copytree(desk.bundle, made / FOLDER, dirs_exist_ok=True)
        with as_file(files("thirdring_bench.card") / "install.sh") as installer:
            shutil.copy(installer, made / FOLDER)
        (made / FOLDER / "unit.toml").write_text(settings, encoding="utf-8")
        identities.write(made / FOLDER / "identity.json", who)
        for lesson, name in ((desk.ringer, RINGER), (desk.hold_music, HOLD_MUSIC)):
            if lesson:
                shutil.copy(lesson, made / FOLDER / name)
        (made / "user-data").write_text(cloud.user_data(who.unit, desk.zone, key), encoding="utf-8")
        (made / "network-config").write_text(cloud.network_config(desk.network), encoding="utf-8")
        (made / "meta-data").write_text(cloud.meta_data(instance), encoding="utf-8")
        say(f"writing {who.unit} of branch {who.branch}")
        partition.remove(FOLDER)
        partition.write(made)
        _verify(partition, card, {name: (made / name).read_text(encoding="utf-8") for name in CLOUD_FILES})
    with TemporaryDirectory(prefix="thirdring-card-") as folder:
        (Path(folder) / "cmdline.txt").write_text(cloud.cmdline(before, instance), encoding="utf-8")
        partition.write(Path(folder))


def check_bundle(bundle: Path) -> None:
    """Check that a bundle is whole; raises BenchError."""
    sums = bundle / "SHA256SUMS"
    if not sums.exists():
        raise BenchError(f"{bundle}: is no bundle of the program: make one with `make bundle`, where there is internet")
    for line in sums.read_text(encoding="utf-8").splitlines():
        digest, _, name = line.partition("  ")
        file = bundle / name
        if not file.exists() or sha256(file.read_bytes()).hexdigest() != digest:
            raise BenchError(f"{file}: is missing or damaged: make the bundle anew with `make bundle`")


def _settings(desk: Desk, who: Identity) -> str:
    """Return the text of the unit's settings: the file that was given, or the smallest there is."""
    if desk.settings is None:
        return smallest(who, desk.country)
    settings = parsed(tables_of(desk.settings, who, desk.country), str(desk.settings))
    demand_pair(settings, who, str(desk.settings))
    if settings.identity_file != IDENTITY_FILE:
        raise BenchError(f"{desk.settings}: leave identity_file in [link] out: the card puts it where the unit looks")
    return desk.settings.read_text(encoding="utf-8")


def _demand_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise BenchError(f"--zone {zone}: is no time zone: give one such as Asia/Shanghai") from error


def _ssh_key(path: Path) -> str:
    text = path.read_text(encoding="utf-8").strip()
    if "PRIVATE KEY" in text or not text.startswith(("ssh-", "ecdsa-", "sk-")) or "\n" in text:
        raise BenchError(f"{path}: is no public key: give the file that ends in .pub")
    return text


def _verify(partition: BootPartition, card: Path, written: dict[str, str]) -> None:
    for name, text in written.items():
        if partition.read(name) != text:
            raise BenchError(f"{card}: {name} reads back other than it was written: take another card")
