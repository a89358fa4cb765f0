"""`thirdring-bench flash-pi` on a real FAT partition; cloud-init and netplan themselves check what it writes."""

import os
import re
import subprocess
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result
from thirdring_bench.cli import main
from thirdring_gateway.identities.authority import Authority, new_authority
from thirdring_unit.identity import Identity, write

ROOT = Path(__file__).parents[2]
VALIDATORS = ROOT / "build" / "validators"
FIRST_SECTOR = 8_192
PASSWORD = "correct horse battery"  # noqa: S105 -- of no network
SMALLEST = '[unit]\nbranch = "b12"\nid = "desk-07"\n[line]\ncountry = "CN"\n'
OTHERS = SMALLEST.replace("07", "08")
ELSEWHERE = SMALLEST + '[link]\nidentity_file = "/etc/thirdring/identity.json"\n'


@pytest.fixture
def card(tmp_path: Path) -> Path:
    """Return an image as Raspberry Pi OS ships it: a FAT partition with the files that matter here, and another."""
    image = tmp_path / "raspios.img"
    with image.open("wb") as file:
        file.truncate(80 * 2**20)
    table = f"label: dos\nstart={FIRST_SECTOR}, size=131072, type=c\ntype=83\n"
    subprocess.run(["sfdisk", "-q", str(image)], input=table, text=True, check=True)
    partition = f"{image}@@{FIRST_SECTOR * 512}"
    subprocess.run(["mformat", "-i", partition, "-F", "::"], check=True)
    for name, text in {
        "cmdline.txt": "console=tty1 root=PARTUUID=1-02 rootwait\n",
        "user-data": "#cloud-config\n",
    }.items():
        subprocess.run(["mcopy", "-i", partition, "-", f"::{name}"], input=text, text=True, check=True)
    return image


@pytest.fixture
def desk(tmp_path: Path) -> list[str]:
    """Return the options of a desk: an identity, and a bundle of one file."""
    identity = tmp_path / "desk-07.json"
    authority = new_authority("b12").cert
    write(identity, Identity("b12", "desk-07", "192.168.7.1", 8883, authority, password="secret of desk-07"))
    bundle = tmp_path / "bundle"
    (bundle / "wheels").mkdir(parents=True)
    (bundle / "wheels" / "one.whl").write_bytes(b"a wheel")
    (bundle / "SHA256SUMS").write_text(f"{sha256(b'a wheel').hexdigest()}  wheels/one.whl\n")
    return ["--identity", str(identity), "--bundle", str(bundle)]


def flash(card: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["flash-pi", str(card), *options])


def read(card: Path, name: str) -> str:
    partition = f"{card}@@{FIRST_SECTOR * 512}"
    return subprocess.run(["mtype", "-i", partition, f"::{name}"], capture_output=True, check=True, text=True).stdout


def refusal(result: Result) -> str:
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1), result.output
    return result.stderr


def test_a_card_holds_all_that_the_first_boot_needs(card: Path, desk: list[str]) -> None:
    assert flash(card, *desk).exit_code == 0
    assert 'id = "desk-07"' in read(card, "thirdring/unit.toml")
    assert '"secret of desk-07"' in read(card, "thirdring/identity.json")
    assert read(card, "thirdring/wheels/one.whl") == "a wheel"
    assert read(card, "thirdring/install.sh").startswith("#!/bin/sh")
    instance = yaml.safe_load(read(card, "meta-data"))["instance-id"]
    assert read(card, "cmdline.txt") == f"console=tty1 root=PARTUUID=1-02 rootwait ds=nocloud;i={instance}\n"


def test_every_flashing_is_a_new_instance_and_the_kernels_line_names_only_the_last(card: Path, desk: list[str]) -> None:
    lines = []
    for _ in range(2):
        assert flash(card, *desk).exit_code == 0
        lines.append(read(card, "cmdline.txt"))
    assert lines[0] != lines[1]
    assert lines[1].count("ds=nocloud") == 1


def test_cloud_init_accepts_what_is_written_for_it(card: Path, desk: list[str], tmp_path: Path) -> None:
    key = tmp_path / "key.pub"
    key.write_text("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPlfbbXlk4cZfY7tBC3iqEbrCHqSfnWPe6c2WQFUBtSx facilities\n")
    assert flash(card, *desk, "--ssh-key", str(key)).exit_code == 0
    written = tmp_path / "user-data"
    written.write_text(read(card, "user-data"))
    assert cloud_init(written).returncode == 0, cloud_init(written)
    written.write_text(read(card, "user-data").replace("runcmd:\n- -", "runcmd: 5\nx:\n- -"))
    assert cloud_init(written).returncode == 1, "the check bites"


def cloud_init(file: Path) -> "subprocess.CompletedProcess[str]":
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(VALIDATORS / "usr/lib/python3/dist-packages")}
    command = ["/usr/bin/python3", str(VALIDATORS / "usr/bin/cloud-init"), "schema", "-c", str(file)]
    return subprocess.run(command, env=environment, capture_output=True, check=False, text=True)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ([], "DHCP=ipv4"),
        (["--address", "192.168.7.21/24", "--router", "192.168.7.1"], "Address=192.168.7.21/24"),
        (["--wifi", "Branch 12", "--wifi-password", "{password}"], "wpa-wlan0.conf"),
    ],
)
def test_netplan_makes_a_network_of_what_is_written(
    card: Path, desk: list[str], tmp_path: Path, options: list[str], told: str
) -> None:
    password = tmp_path / "password"
    password.write_text(PASSWORD + "\n")
    assert flash(card, *desk, *(option.format(password=password) for option in options)).exit_code == 0
    plan = tmp_path / "root" / "etc" / "netplan" / "50-cloud-init.yaml"
    plan.parent.mkdir(parents=True)
    plan.write_text(read(card, "network-config"))
    plan.chmod(0o600)
    (generate,) = VALIDATORS.glob("**/netplan/generate")
    libraries = {"LD_LIBRARY_PATH": str(VALIDATORS / "usr/lib/x86_64-linux-gnu")}
    subprocess.run([generate, "--root-dir", tmp_path / "root"], env=libraries, check=True)
    made = {path: path.read_text() for path in (tmp_path / "root" / "run").rglob("*") if path.is_file()}
    assert any(told in str(path) or told in text for path, text in made.items()), made


def test_the_password_of_the_wireless_network_lies_on_no_card_and_in_no_output(
    card: Path, desk: list[str], tmp_path: Path
) -> None:
    password = tmp_path / "password"
    password.write_text(PASSWORD)
    result = flash(card, *desk, "--wifi", "Branch 12", "--wifi-password", str(password))
    assert PASSWORD.encode() not in card.read_bytes()
    assert PASSWORD not in result.output
    assert "secret of desk-07" not in result.output


def test_the_key_of_a_wireless_network_is_that_of_the_standard() -> None:
    from thirdring_bench.card.cloud import Wifi  # noqa: PLC0415 -- only here

    # IEEE 802.11i, annex H.4.1: the first test vector
    assert Wifi("IEEE", "password", "CN").key == "f42c6fc52df0ebef9ebb4b90b38a5f902e83fe1b135a70e23aed762e9710a12e"


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda desk, folder: desk.__setitem__(1, str(write_text(folder / "x.json", "{}"))), "is no identity"),
        (lambda desk, _: (Path(desk[3]) / "wheels" / "one.whl").write_bytes(b"other"), "missing or damaged"),
        (lambda desk, folder: desk.__setitem__(3, str(folder)), "make one with `make bundle`"),
        (lambda desk, _: desk.extend(["--address", "192.168.7.21"]), "192.168.7.21/24"),
        (lambda desk, _: desk.extend(["--router", "192.168.7.1"]), "is not beside"),
        (lambda desk, _: desk.extend(["--address", "10.0.0.300/8"]), "10.0.0.300"),
        (lambda desk, _: desk.extend(["--zone", "Asia/Nowhere"]), "is no time zone"),
        (
            lambda desk, folder: desk.extend(["--wifi", "x", "--wifi-password", write_text(folder / "p", "short")]),
            "8 to 63",
        ),
        (
            lambda desk, folder: desk.extend(["--ssh-key", write_text(folder / "k", "-----BEGIN PRIVATE KEY-----")]),
            ".pub",
        ),
        (lambda desk, folder: desk.extend(["--settings", write_text(folder / "u", ELSEWHERE)]), "[link]"),
        (lambda desk, folder: desk.extend(["--settings", write_text(folder / "u", OTHERS)]), "take a pair"),
        (lambda desk, folder: desk.extend(["--settings", write_text(folder / "u", "[unit")]), "u:"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_before_anything_is_written(
    card: Path, desk: list[str], tmp_path: Path, spoil: Callable[[list[str], Path], object], said: str
) -> None:
    before = card.read_bytes()
    spoil(desk, tmp_path)
    assert said in refusal(flash(card, *desk))
    assert card.read_bytes() == before


def write_text(path: Path, text: str) -> str:
    path.write_text(text)
    path.chmod(0o600)
    return str(path)


def test_a_card_without_raspberry_pi_os_is_refused(card: Path, desk: list[str], tmp_path: Path) -> None:
    empty = tmp_path / "empty.img"
    empty.write_bytes(bytes(2**20))
    assert "no boot partition" in refusal(flash(empty, *desk))
    assert "is not there" in refusal(flash(tmp_path / "none.img", *desk))
    subprocess.run(["mdel", "-i", f"{card}@@{FIRST_SECTOR * 512}", "::user-data"], check=True)
    assert "December 2025" in refusal(flash(card, *desk))


def test_the_identity_lies_where_the_service_may_write_for_it_is_renewed_there() -> None:
    service = (ROOT / "firmware/thirdring_unit/pi/thirdring-unit.service").read_text()
    (folder,) = re.findall(r"^StateDirectory=(.+)$", service, re.MULTILINE)
    installer = (ROOT / "hardware/thirdring_bench/card/install.sh").read_text()
    assert re.search(rf"^state=/var/lib/{folder}\b", installer, re.MULTILINE)
    assert '"$state/identity.json"' in installer


def test_what_was_taught_before_comes_with_the_card(card: Path, desk: list[str], tmp_path: Path) -> None:
    lessons = [write_text(tmp_path / "r", '{"ringer": 1}'), write_text(tmp_path / "h", '{"music": 1}')]
    assert flash(card, *desk, "--ringer", lessons[0], "--hold-music", lessons[1]).exit_code == 0
    assert (read(card, "thirdring/ringer.json"), read(card, "thirdring/hold-music.json")) == (
        '{"ringer": 1}',
        '{"music": 1}',
    )


def test_a_desks_own_settings_lie_on_its_card_as_they_are(card: Path, desk: list[str], tmp_path: Path) -> None:
    own = SMALLEST + "[vip]\nlong_press_ms = 1500\n"
    assert flash(card, *desk, "--settings", write_text(tmp_path / "u", own)).exit_code == 0
    assert read(card, "thirdring/unit.toml") == own


def test_the_installer_is_a_script_that_the_shell_understands() -> None:
    installer = ROOT / "hardware" / "thirdring_bench" / "card" / "install.sh"
    subprocess.run(["sh", "-n", str(installer)], check=True)


def test_a_card_is_not_made_with_an_identity_that_no_broker_would_let_in(card: Path, desk: list[str]) -> None:
    authority = Authority(new_authority("b12"))
    ended, key = authority.client("desk-07", 1_700_000_000_000)
    identity = Path(desk[1])
    identity.unlink()
    write(identity, Identity("b12", "desk-07", "192.168.7.1", 8883, authority.cert, ended.cert, key))
    result = flash(card, *desk)
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "certificate ended on 2023-11-14" in result.stderr
    assert read(card, "user-data") == "#cloud-config\n"
