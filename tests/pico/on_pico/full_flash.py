"""Fills a flash that is smaller than the journal believes; prints how many facts were told and how many were not."""

import json
import sys

import vfs

sys.path.insert(0, __file__.rpartition("/")[0])
from blocks import PROGRAM_BYTES, Blocks
from thirdring_unit.core.journal import Journal
from thirdring_unit.core.outbox import Outbox
from thirdring_unit.pico.flash import Flash

FACTS = 400


def main() -> None:
    blocks = Blocks(14)
    vfs.VfsLfs2.mkfs(blocks, progsize=PROGRAM_BYTES, readsize=PROGRAM_BYTES)
    vfs.mount(vfs.VfsLfs2(blocks, progsize=PROGRAM_BYTES, readsize=PROGRAM_BYTES), "/flash")
    outbox = Outbox(Journal(Flash("/flash/journal"), 500_000), "b12", "desk-07", 1, window=8)
    for number in range(FACTS):
        outbox.append("ring", {"call": number, "n": 1}, number)
    report = {"facts": FACTS, "unwritten": outbox.unwritten, "told": 0, "dropped": 0}
    deliver(outbox, report)
    outbox.append("ring", {"call": FACTS, "n": 1}, FACTS)  # there is room again, and the hole is told
    deliver(outbox, report)
    report["told"] -= 1
    sys.stdout.write(json.dumps(report) + "\n")


def deliver(outbox: Outbox, report: "dict[str, int]") -> None:
    payloads = outbox.due(FACTS)
    while payloads:
        for payload in payloads:
            fact = json.loads(payload)
            if fact["kind"] == "dropped":
                report["dropped"] += fact["n"]
            else:
                report["told"] += 1
        outbox.ack(1, json.loads(payloads[-1])["seq"], FACTS)
        payloads = outbox.due(FACTS)


main()
