"""What `thirdring-bench flash-pico` refuses, each in one line that tells no secret, and with nothing written."""

import time
from collections.abc import Callable
from pathlib import Path
from struct import pack, unpack_from

import pytest
from thirdring_bench.pico import uf2
from thirdring_gateway.identities.authority import Authority, new_authority
from thirdring_unit.identity import Identity, write

from tests.hardware.test_flash_pico import PASSWORD, firmware, flash, text

SECRET = "secret of desk-07"  # noqa: S105 -- of no broker
DAY_MS = 86_400_000
NOW_MS = int(time.time()) * 1_000
HERE, OTHER = Authority(new_authority("b12")), Authority(new_authority("b12"))
UNIT = '[unit]\nbranch = "b12"\nid = "desk-07"\n'


@pytest.fixture
def given(tmp_path: Path) -> dict[str, str]:
    """Return options that make a file, by their names; each test spoils some of them."""
    write(tmp_path / "desk-07.json", Identity("b12", "desk-07", "127.0.0.1", 8884, password=SECRET))
    return {
        "--identity": str(tmp_path / "desk-07.json"),
        "--wifi": "branch",
        "--wifi-password": text(tmp_path / "p"),
        "--no-keep-outbox": "",
        "--out": str(tmp_path / "made.uf2"),
    }


def refusal(given: dict[str, str], out: Path) -> str:
    """Return why the options are refused: in one line, with status 2, no secret, and nothing written."""
    result = flash(
        *(word for name, value in given.items() for word in (name, value) if word or name != "--no-keep-outbox")
    )
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1), result.output
    assert result.stdout == ""
    assert PASSWORD not in result.output
    assert SECRET not in result.output
    assert not out.exists()
    return result.stderr


def test_what_is_spoilt_below_would_else_be_flashed(given: dict[str, str]) -> None:
    words = [word for name, value in given.items() for word in (name, value) if word]
    assert flash(*words).exit_code == 0


def certified(*, key_of: str = "desk-07", name: str = "desk-07", by: Authority = HERE, days: int = 1) -> Identity:
    issued, key = by.client(name, NOW_MS + days * DAY_MS)
    if key_of != "desk-07":
        _, key = by.client(key_of, NOW_MS + DAY_MS)
    return Identity("b12", "desk-07", "127.0.0.1", 8883, HERE.cert, issued.cert, key)


@pytest.mark.parametrize(
    ("who", "said"),
    [
        (lambda: certified(key_of="another"), "is not of its key"),
        (lambda: certified(by=OTHER), "is not of its authority"),
        (lambda: certified(name="desk-08"), "has the certificate of ['desk-08']"),
        (lambda: certified(days=-1), "certificate ended on "),
        (lambda: certified()._replace(cert=certified().key), "is damaged"),
        (
            lambda: certified()._replace(key="-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----"),
            "is damaged",
        ),
        (lambda: certified()._replace(ca="no PEM"), "is damaged"),
    ],
)
def test_an_identity_that_no_broker_would_let_in_is_refused(
    tmp_path: Path, given: dict[str, str], who: Callable[[], Identity], said: str
) -> None:
    Path(given["--identity"]).unlink()
    write(Path(given["--identity"]), who())
    message = refusal(given, tmp_path / "made.uf2")
    assert said in message
    assert "enrol" in message


def file(content: bytes) -> Callable[[Path], str]:
    def written(folder: Path) -> str:
        path = folder / "given"
        path.write_bytes(content)
        path.chmod(0o600)
        return str(path)

    return written


def twice_one_address() -> bytes:
    made = bytearray(firmware())
    made[512 + 12 : 512 + 16] = made[12:16]
    return bytes(made)


def in_ram() -> bytes:
    made = bytearray(firmware())
    assert unpack_from("<I", made, 12) == (uf2.FLASH,)
    made[12:16] = pack("<I", 0x2000_0000)
    return bytes(made)


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--identity", "/nowhere/desk-07.json", "does not exist"),
        ("--identity", file(b"\xff\xfe"), "is not a text file"),
        ("--identity", file(b'{"v":2}'), "is no identity of a unit"),
        ("--settings", file(b"[unit"), "at end of document"),
        ("--settings", file(UNIT.encode()), "`country` in [line] is missing"),
        ("--settings", file(b"\xff"), "can't decode"),
        ("--country", "", "two capital letters"),
        ("--country", "cn", "two capital letters"),
        ("--country", "XX", "give one of AU, BR"),
        ("--wifi", "", "1 to 32 bytes"),
        ("--wifi", "分行" * 6, "1 to 32 bytes"),
        ("--wifi-password", file(b""), "8 to 63"),
        ("--wifi-password", file(b"1234567"), "8 to 63"),
        ("--wifi-password", file(b"x" * 64), "8 to 63"),
        ("--wifi-password", file(b"1234\n5678"), "8 to 63"),
        ("--wifi-password", file("密码密码密码密码".encode()), "8 to 63"),
        ("--wifi-password", file(b"\xff" * 9), "is no text"),
        ("--firmware", "/nowhere/firmware.uf2", "does not exist"),
        ("--firmware", "/", "is a directory"),
        ("--firmware", file(b"\x7fELF" + bytes(2_000)), "no UF2"),
        ("--firmware", file(bytes(1_024)), "block 0 is no UF2 block"),
        ("--firmware", file(twice_one_address()), "two blocks are for the address 0x10000000"),
        ("--firmware", file(in_ram()), "which is no flash"),
        (
            "--firmware",
            file(firmware().replace(pack("<I", uf2.RP2040), pack("<I", 0xE48BFF59))),
            "another chip",
        ),  # RP2350
        ("--out", "/nowhere/made.uf2", "cannot be written"),
        ("--port", "/dev/ttyNONE", "--out FILE"),
        ("--fimware", "x.uf2", "No such option"),
    ],
)
def test_what_cannot_be_flashed_is_refused(
    tmp_path: Path, given: dict[str, str], option: str, value: str | Callable[[Path], str], said: str
) -> None:
    given[option] = value if isinstance(value, str) else value(tmp_path)
    assert said in refusal(given, tmp_path / "made.uf2")


def test_a_dump_without_the_boards_file_system_is_not_taken_for_one_without_facts(
    tmp_path: Path, given: dict[str, str]
) -> None:
    del given["--no-keep-outbox"]
    given["--dump"] = file(uf2.written(uf2.pages(uf2.FLASH, bytes(65_536))))(tmp_path)
    assert "lacks a part of the file system" in refusal(given, tmp_path / "made.uf2")


def test_facts_that_were_read_from_a_board_are_not_given_up_in_the_same_breath(
    tmp_path: Path, given: dict[str, str]
) -> None:
    given["--dump"] = file(b"")(tmp_path)
    assert "leave out one of them" in refusal(given, tmp_path / "made.uf2")


@pytest.mark.parametrize("option", ["--firmware", "--dump"])
def test_what_is_for_a_file_is_not_passed_over_with_a_board(tmp_path: Path, given: dict[str, str], option: str) -> None:
    del given["--out"]
    given |= {"--port": "/dev/ttyNONE", option: file(firmware())(tmp_path)}
    assert "are for a file" in refusal(given, tmp_path / "made.uf2")


def test_what_a_file_is_made_from_is_never_overwritten(tmp_path: Path, given: dict[str, str]) -> None:
    given["--firmware"] = given["--out"] = file(firmware())(tmp_path)
    assert "give another --out" in refusal(given, tmp_path / "made.uf2")
    assert Path(given["--firmware"]).read_bytes() == firmware()


def test_where_nobody_can_be_asked_for_the_password_a_file_is_asked_for(given: dict[str, str]) -> None:
    del given["--wifi-password"]
    result = flash(*(word for name, value in given.items() for word in (name, value) if word))
    assert result.exit_code == 2
    assert "give --wifi-password FILE" in result.stderr.splitlines()[-1]  # after the question
    assert not Path(given["--out"]).exists()


def test_the_radio_follows_the_country_of_the_settings(tmp_path: Path, given: dict[str, str]) -> None:
    given["--settings"] = file(f'{UNIT}[line]\ncountry = "DE"\n'.encode())(tmp_path)
    assert flash(*(word for name, value in given.items() for word in (name, value) if word)).exit_code == 0
    assert b'{"country":"DE","networks"' in Path(given["--out"]).read_bytes()
