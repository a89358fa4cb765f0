"""The journal's storage in real files: what is written is there after a kill, a full disk harms nothing."""

import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from thirdring_unit.core import wire
from thirdring_unit.core.journal import Journal
from thirdring_unit.core.outbox import Outbox, next_boot
from thirdring_unit.core.slots import Slots
from thirdring_unit.filestorage import FileStorage

ENDLESS_WRITER = """
import sys
from pathlib import Path
from thirdring_unit.core.journal import Journal
from thirdring_unit.core.outbox import Outbox, next_boot
from thirdring_unit.core.slots import Slots
from thirdring_unit.filestorage import FileStorage

storage = FileStorage(Path(sys.argv[1]))
journal = Journal(storage, 1 << 20)
box = Outbox(journal, "b12", "desk-07", next_boot(Slots(storage), journal))
while True:
    print(box.boot, box.append("ring", {"call": 1, "n": 1}, 5), flush=True)
"""


def started(folder: Path) -> tuple[Outbox, Journal]:
    storage = FileStorage(folder)
    journal = Journal(storage, 1 << 20)
    return Outbox(journal, "b12", "desk-07", next_boot(Slots(storage), journal)), journal


def keys_in(journal: Journal) -> list[tuple[int, int]]:
    records, _ = journal.read(journal.start, 1_000_000)
    assert all((fact["boot"], fact["seq"]) == key for key, fact in ((key, wire.decode_fact(p)) for key, p in records))
    return [key for key, _ in records]


@contextmanager
def disk_with_room_for(size_bytes: int) -> Iterator[None]:
    """Let no file grow beyond a size, as a full disk would not."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_what_was_appended_and_written_is_there_for_the_next_process(tmp_path: Path) -> None:
    first = FileStorage(tmp_path / "a/b")
    first.append("1.log", b"one ")
    first.append("2.log", b"two ")
    first.append("1.log", b"more")
    first.write("slot.0", b"long text")
    first.write("slot.0", b"short")
    second = FileStorage(tmp_path / "a/b")
    assert sorted(second.names()) == ["1.log", "2.log", "slot.0"]
    assert [second.read(name) for name in ("1.log", "2.log", "slot.0", "none")] == [b"one more", b"two ", b"short", b""]


def test_a_removed_file_begins_anew(tmp_path: Path) -> None:
    storage = FileStorage(tmp_path)
    storage.append("1.log", b"old")
    storage.remove("1.log")
    storage.remove("1.log")
    storage.append("1.log", b"new")
    assert storage.read("1.log") == b"new"


def test_files_are_for_their_owner_only(tmp_path: Path) -> None:
    storage = FileStorage(tmp_path)
    storage.append("1.log", b"x")
    storage.write("slot.0", b"x")
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


def test_a_file_in_the_place_of_the_folder_is_an_os_error(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("")
    with pytest.raises(FileExistsError):
        FileStorage(tmp_path / "state")


def test_a_disk_that_fills_up_loses_only_what_it_refused(tmp_path: Path) -> None:
    box, journal = started(tmp_path)
    with disk_with_room_for(1000):
        for _ in range(20):
            box.append("ring", {"call": 1, "n": 1}, 5)
    stored = 20 - box.unwritten
    assert 0 < stored < 20
    box.append("ring", {"call": 1, "n": 1}, 5)
    assert keys_in(journal) == [(1, seq) for seq in [*range(1, stored + 1), 21]]
    assert keys_in(started(tmp_path)[1]) == keys_in(journal)


@pytest.mark.parametrize("lines", [1, 100, 300])
def test_a_killed_process_has_every_fact_that_it_said_was_stored(tmp_path: Path, lines: int) -> None:
    said: list[tuple[int, ...]] = []
    for _ in range(2):
        with subprocess.Popen(
            [sys.executable, "-c", ENDLESS_WRITER, tmp_path], stdout=subprocess.PIPE, text=True
        ) as run:
            assert run.stdout
            said += [tuple(map(int, run.stdout.readline().split())) for _ in range(lines)]
            run.send_signal(signal.SIGKILL)
    box, journal = started(tmp_path)
    assert box.boot == 3
    assert journal.damaged <= 2
    stored = keys_in(journal)
    assert set(said) <= set(stored)
    assert stored == sorted(set(stored))
