"""Cuts the power at every operation of a flash while facts are written and released; prints what was found after."""

import gc
import json
import sys

import vfs

sys.path.insert(0, __file__.rpartition("/")[0])
from blocks import PROGRAM_BYTES, Blocks, PowerCutError
from thirdring_unit.core.journal import Journal
from thirdring_unit.core.slots import Slots
from thirdring_unit.pico.flash import Flash

LIMIT_BYTES = 40_000
FACTS = 80  # so many that a new segment begins
PAYLOAD = (
    b'{"v":1,"branch":"b12","unit":"desk-07","boot":%d,"seq":%d,"up_ms":93211,"kind":"answered","call":12,"rings":2}'
)


def mounted(blocks: Blocks) -> Journal:
    vfs.mount(vfs.VfsLfs2(blocks, progsize=PROGRAM_BYTES, readsize=PROGRAM_BYTES), "/flash")
    return Journal(Flash("/flash/journal"), LIMIT_BYTES)


def live(blocks: Blocks, boot: int, written: "list[tuple[int, int]]") -> None:
    """Be a unit for a while: count the start, write facts, let go of the first of them."""
    journal = mounted(blocks)
    Slots(journal.storage).save("boot", b"%d" % boot)
    for seq in range(1, FACTS + 1):
        journal.append((boot, seq), PAYLOAD % (boot, seq))
        written.append((boot, seq))
    journal.release((boot, FACTS // 2))


def after(blocks: Blocks, boot: int, written: "list[tuple[int, int]]", report: "dict[str, int]") -> None:
    """See what a start after the cut finds."""
    blocks.left = 1 << 29
    journal = mounted(blocks)
    found = dict(journal.read(journal.start, 1 << 29)[0])
    newest = written[-1] if written else (boot, 0)
    kept = [key for key in written if key >= min(found)] if found else []
    if len(written) < FACTS:
        kept = written
    report["lost"] += len([key for key in kept if key not in found])
    report["strange"] += len([key for key in found if found[key] != PAYLOAD % key or key > (boot, newest[1] + 1)])
    saved = int(Slots(journal.storage).load("boot") or b"0")
    report["strange"] += saved not in (0, boot)
    report["most_missing"] = max(report["most_missing"], newest[1] - max([key[1] for key in found] + [0]))
    journal.append((boot + 1, 1), PAYLOAD % (boot + 1, 1))  # it goes on
    vfs.umount("/flash")


def main() -> None:
    fresh = Blocks(64)
    vfs.VfsLfs2.mkfs(fresh, progsize=PROGRAM_BYTES, readsize=PROGRAM_BYTES)
    image = bytes(fresh.data)
    fresh.operations = fresh.erasures = 0
    live(fresh, 2, [])
    vfs.umount("/flash")
    operations = fresh.operations
    report = {"cuts": operations, "lost": 0, "strange": 0, "most_missing": 0}
    report["erasures_a_hundred_facts"] = fresh.erasures * 100 // FACTS
    for left in range(1, operations + 1):
        gc.collect()
        blocks = Blocks(64)
        blocks.data[:] = image
        blocks.left = left
        written: list[tuple[int, int]] = []
        try:
            live(blocks, 2, written)
        except PowerCutError:
            report["cut"] = report.get("cut", 0) + 1
        vfs.umount("/flash")
        after(blocks, 2, written, report)
    sys.stdout.write(json.dumps(report) + "\n")


main()
