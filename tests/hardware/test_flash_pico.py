"""`thirdring-bench flash-pico`: images that MicroPython itself mounts and runs, and files that no board is hurt by."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from struct import pack

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from thirdring_bench.cli import main
from thirdring_bench.errors import BenchError
from thirdring_bench.pico import uf2
from thirdring_bench.pico.image import BASE, BYTES, image, journal_of
from thirdring_gateway.identities.authority import Authority, new_authority
from thirdring_unit.identity import Identity, write

FLASH = uf2.FLASH
PASSWORD = "correct horse battery"  # noqa: S105 -- of no network
ROM_BYTES = 0x20000
INFO = 0x11000  # where the firmware of these tests keeps its binary information
OTHER = '[unit]\nbranch = "b12"\nid = "desk-08"\n[line]\ncountry = "CN"\n'
SOUND = OTHER.replace("08", "07") + '[sound]\nline_device = "USB"\n'


def firmware(
    length: int = 0x20000, *, address: int = BASE, size: int = BYTES, rom: int = 0, marks: bool = True
) -> bytes:
    """Return a UF2 as MicroPython's is, as far as a flasher looks into it: it says where its file systems are.

    `rom` is the size of its ROM file system, which ends where the other one begins.
    """
    memory = bytearray(bytes(range(256)) * (length // 256))
    if marks:
        start = FLASH + INFO
        memory[0x100 + 0xD4 : 0x100 + 0xE8] = pack("<5I", 0x7188EBF2, start, start + 12, 0, 0xE71AA390)
        memory[INFO : INFO + 12] = pack("<3I", start + 0x40, start + 0x60, start + 0xF8)  # the last is in two pages
        memory[INFO + 0x40 : INFO + 0x4C] = pack("<2H2I", 6, 0x5052, 0, 0)
        if rom:
            memory[INFO + 0x60 : INFO + 0x74] = pack("<2H4I", 7, 0x504D, start + 0x90, BASE - rom, rom, 0)
            memory[INFO + 0x90 : INFO + 0x96] = b"ROMFS\0"
        memory[INFO + 0xF8 : INFO + 0x10C] = pack("<2H4I", 7, 0x504D, 0, address, size, 0)
    return uf2.written(uf2.pages(FLASH, bytes(memory)))


@pytest.fixture
def desk(tmp_path: Path) -> list[str]:
    """Return the options that every flashing needs."""
    write(tmp_path / "desk-07.json", Identity("b12", "desk-07", "127.0.0.1", 8884, password="secret of desk-07"))
    return ["--identity", str(tmp_path / "desk-07.json"), "--wifi", "branch", "--wifi-password", text(tmp_path / "p")]


def text(path: Path, content: str = PASSWORD) -> str:
    path.write_text(content)
    path.chmod(0o600)
    return str(path)


def flash(*options: str) -> Result:
    return CliRunner().invoke(main, ["flash-pico", *options])


def flashed(out: Path, *options: str) -> dict[int, bytes]:
    result = flash(*options, "--out", str(out))
    assert result.exit_code == 0, result.output
    return uf2.read(out.read_bytes(), "made")


def file_system(memory: dict[int, bytes]) -> bytes:
    return b"".join(memory[BASE + at] for at in range(0, BYTES, uf2.PAYLOAD))


def refusal(result: Result) -> str:
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1), result.output
    return result.stderr


def micropython(program: str, *arguments: str) -> str:
    command = [str(Path(sys.executable).with_name("micropython")), "-X", "heapsize=2m", "-c", program, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


MOUNTED = """
import sys, vfs
class Flash:  # as the flash of a Pico: erased to ones, written in place
    def __init__(self, path):
        with open(path, "rb") as file:
            self.data = bytearray(file.read())
    def readblocks(self, n, buf, offset=0):
        at = n * 4096 + offset
        buf[:] = self.data[at : at + len(buf)]
    def writeblocks(self, n, buf, offset=None):
        at = n * 4096 + (offset or 0)
        if offset is None:
            self.data[at : at + 4096] = b"\\xff" * 4096
        self.data[at : at + len(buf)] = buf
    def ioctl(self, op, arg):
        if op == 4: return len(self.data) // 4096
        if op == 5: return 4096
        if op == 6: self.data[arg * 4096 : arg * 4096 + 4096] = b"\\xff" * 4096
        return 0
flash = Flash(sys.argv[1])
vfs.mount(vfs.VfsLfs2(flash, progsize=256), "/flash")
sys.path[:] = ["/flash/lib"]
"""
IN_PLACE = """
import json, os
with open(sys.argv[3], "rb") as file:
    vfs.mount(vfs.VfsRom(file.read()), "/rom")
sys.path[:] = ["/flash/lib", "/rom", "/rom/lib"]  # as the program's main.py and a board have it
print(json.dumps(os.listdir("/flash")))
"""
RUN = """
import json
from thirdring_unit.core.journal import Journal
from thirdring_unit.core.parsing import parse
from thirdring_unit.core.unit import Unit
from thirdring_unit.pico.flash import Flash as Files
with open("/flash/unit.json") as file:
    settings = parse(json.load(file))
unit = Unit(settings, Journal(Files("/flash/journal"), settings.limit_bytes), "power", "pico")
unit.start(0, [])
unit.link(0, True)
for at_ms in (1000, 1300, 2000):
    unit.edge(at_ms, "ring", at_ms == 1000)
    unit.tick(at_ms)
print(json.dumps([unit.boot, [m.payload.decode() for m in unit.outgoing(3000) if m.tail == "fact"]]))
with open(sys.argv[2], "wb") as file:
    file.write(flash.data)
"""


def test_micropython_mounts_the_image_and_runs_the_unit_from_it(tmp_path: Path, desk: list[str]) -> None:
    dump, after = tmp_path / "fs.bin", tmp_path / "after.bin"
    dump.write_bytes(file_system(flashed(tmp_path / "a.uf2", *desk, "--no-keep-outbox")))
    boot, facts = json.loads(micropython(MOUNTED + RUN, str(dump), str(after)))
    assert boot == 1
    assert json.loads(facts[0])["kind"] == "boot"
    assert json.loads(facts[0])["unit"] == "desk-07"


def test_flashing_anew_keeps_the_facts_that_were_not_sent_and_counts_boots_on(tmp_path: Path, desk: list[str]) -> None:
    first, lived, second, last = (tmp_path / name for name in ("first.bin", "lived.bin", "second.bin", "last.bin"))
    first.write_bytes(file_system(flashed(tmp_path / "a.uf2", *desk, "--no-keep-outbox")))
    _, told = json.loads(micropython(MOUNTED + RUN, str(first), str(lived)))
    second.write_bytes(file_system(flashed(tmp_path / "b.uf2", *desk, "--dump", str(lived))))
    boot, facts = json.loads(micropython(MOUNTED + RUN, str(second), str(last)))
    assert boot == 2
    assert facts[: len(told)] == told


def test_a_dump_may_be_a_uf2_and_a_new_boards_flash_has_nothing_to_keep(tmp_path: Path, desk: list[str]) -> None:
    flashed(tmp_path / "a.uf2", *desk, "--no-keep-outbox")
    flashed(tmp_path / "b.uf2", *desk, "--dump", str(tmp_path / "a.uf2"))
    empty = tmp_path / "empty.bin"
    empty.write_bytes(b"\xff" * BYTES)
    flashed(tmp_path / "c.uf2", *desk, "--dump", str(empty))


def test_facts_are_never_destroyed_without_a_word(tmp_path: Path, desk: list[str]) -> None:
    assert "--no-keep-outbox" in refusal(flash(*desk, "--out", str(tmp_path / "a.uf2")))
    assert not (tmp_path / "a.uf2").exists()


def test_a_combined_file_is_one_sequence_and_touches_whole_sectors_only(tmp_path: Path, desk: list[str]) -> None:
    (tmp_path / "firmware.uf2").write_bytes(made := firmware(0x20000 - 256))
    memory = flashed(tmp_path / "a.uf2", *desk, "--no-keep-outbox", "--firmware", str(tmp_path / "firmware.uf2"))
    for address, page in uf2.read(made, "firmware").items():
        assert memory[address] == page
    sectors = {address // uf2.SECTOR for address in memory}
    assert len(memory) == len(sectors) * uf2.SECTOR // uf2.PAYLOAD  # RP2040-E14
    assert file_system(memory).count(b"littlefs") > 0


def test_a_firmware_with_a_rom_file_system_gets_the_program_there_and_micropython_runs_it_in_place(
    tmp_path: Path, desk: list[str]
) -> None:
    (tmp_path / "firmware.uf2").write_bytes(firmware(rom=ROM_BYTES))
    memory = flashed(tmp_path / "a.uf2", *desk, "--no-keep-outbox", "--firmware", str(tmp_path / "firmware.uf2"))
    files, rom = tmp_path / "fs.bin", tmp_path / "rom.bin"
    files.write_bytes(file_system(memory))
    rom.write_bytes(b"".join(page for address, page in sorted(memory.items()) if BASE - ROM_BYTES <= address < BASE))
    told = micropython(MOUNTED + IN_PLACE + RUN, str(files), str(tmp_path / "after.bin"), str(rom))
    kept, boot_and_facts = told.splitlines()
    assert "lib" not in json.loads(kept)
    assert json.loads(json.loads(boot_and_facts)[1][0])["kind"] == "boot"


def test_certificates_and_key_lie_there_as_der(tmp_path: Path, desk: list[str]) -> None:
    authority = Authority(new_authority("b12"))
    issued, key = authority.client("desk-07", 1_800_000_000_000)
    Path(desk[1]).unlink()
    write(Path(desk[1]), Identity("b12", "desk-07", "127.0.0.1", 8883, authority.cert, issued.cert, key))
    dump = tmp_path / "fs.bin"
    dump.write_bytes(file_system(flashed(tmp_path / "a.uf2", *desk, "--no-keep-outbox")))
    told = micropython(
        MOUNTED
        + """
import tls, json
context = tls.SSLContext(tls.PROTOCOL_TLS_CLIENT)
context.load_verify_locations(open("/flash/ca.der", "rb").read())
context.load_cert_chain(open("/flash/cert.der", "rb").read(), open("/flash/key.der", "rb").read())
print(open("/flash/identity.json").read())
""",
        str(dump),
    )
    who = json.loads(told)
    assert (who["tls"], who["unit"], "password" in who) == (True, "desk-07", False)


def test_no_secret_is_printed_and_the_file_is_its_owners_alone(tmp_path: Path, desk: list[str]) -> None:
    out = tmp_path / "a.uf2"
    result = flash(*desk, "--no-keep-outbox", "--out", str(out))
    assert "secret of desk-07" not in result.output
    assert PASSWORD not in result.output
    assert out.stat().st_mode & 0o077 == 0


def other_family(made: bytes) -> bytes:
    return made.replace(pack("<I", uf2.RP2040), pack("<I", 0xE48BFF59))


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda: b"", "no UF2"),
        (lambda: firmware()[:-1], "cut short"),
        (lambda: firmware()[:-512], "numbered 0 of 512"),
        (lambda: firmware().replace(b"UF2\n", b"UF3\n", 1), "block 0 is no UF2 block"),
        (lambda: other_family(firmware()), "another chip"),
        (lambda: firmware(marks=False), "does not say where its file system is"),
        (lambda: firmware(address=0x10180000, size=2_621_440), "keeps its file system at 0x10180000"),
        (lambda: firmware(length=BASE - FLASH + 256), "overlaps the file system"),
        (lambda: firmware(length=BASE - FLASH, rom=ROM_BYTES), "overlaps the file system"),
        (lambda: firmware(rom=0x1000), "has a ROM file system of 4096 bytes"),
        (lambda: firmware() + firmware(), "numbered 0 of 512"),
    ],
)
def test_a_firmware_that_would_not_do_is_refused_by_name(
    tmp_path: Path, desk: list[str], made: Callable[[], bytes], said: str
) -> None:
    (tmp_path / "firmware.uf2").write_bytes(made())
    options = ["--no-keep-outbox", "--firmware", str(tmp_path / "firmware.uf2"), "--out", str(tmp_path / "a.uf2")]
    message = refusal(flash(*desk, *options))
    assert said in message
    assert "firmware.uf2" in message
    assert not (tmp_path / "a.uf2").exists()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda desk, folder: desk.extend(["--settings", text(folder / "u", OTHER)]), "take a pair"),
        (lambda desk, folder: desk.extend(["--settings", text(folder / "u", SOUND)]), "no microphone"),
        (lambda desk, folder: desk.extend(["--settings", text(folder / "u", "[line]\ncoutnry = 1")]), "country"),
        (lambda desk, folder: desk.extend(["--dump", text(folder / "d", "short")]), "5 bytes"),
        (lambda desk, folder: desk.extend(["--dump", zeros(folder / "d")]), "no file system that can be read"),
        (lambda desk, _: desk.extend(["--port", "/dev/ttyNONE"]), "--out FILE"),
        (lambda desk, folder: desk.__setitem__(5, text(folder / "q", "short")), "8 to 63"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(
    tmp_path: Path, desk: list[str], spoil: Callable[[list[str], Path], object], said: str
) -> None:
    spoil(desk, tmp_path)
    assert said in refusal(flash(*desk, "--out", str(tmp_path / "a.uf2")))
    assert not (tmp_path / "a.uf2").exists()


def zeros(path: Path) -> str:
    path.write_bytes(bytes(BYTES))
    return str(path)


def test_a_board_that_is_not_attached_is_told_in_one_line(desk: list[str]) -> None:
    assert "is a Pico with MicroPython attached there" in refusal(flash(*desk, "--port", "/dev/ttyNONE"))


def test_files_that_leave_no_room_for_facts_are_refused() -> None:
    with pytest.raises(BenchError, match="too little room for facts"):
        image({"lib/large.mpy": bytes(400 * 1024)})
    with pytest.raises(BenchError, match="do not fit"):
        image({"lib/large.mpy": bytes(900 * 1024)})


@given(st.dictionaries(st.sampled_from("abcdef"), st.binary(max_size=9_000), max_size=5))
def test_every_journal_comes_out_of_an_image_as_it_went_in(files: dict[str, bytes]) -> None:
    journal = {f"journal/{name}": content for name, content in files.items()}
    assert journal_of(image({"main.py": b"x", **journal})) == journal
