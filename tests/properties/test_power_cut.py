"""Power cut after any byte: at most the fact being written is lost, and no other is harmed (DESIGN 2).

A desk's life over several starts is run once on a storage that notes every change of its bytes. Then each moment at
which the power could have failed is built from these notes, and a unit is started on what would be on disk.
"""

import json

from thirdring_unit.core.journal import MIN_LIMIT_BYTES, Journal
from thirdring_unit.core.outbox import Outbox, next_boot
from thirdring_unit.core.slots import Slots
from thirdring_unit.core.storage import Storage

STATE = "desk"


Facts = dict[tuple[int, int], bytes]
Change = tuple[str, str, bytes]


class NotedStorage(Storage):
    """A storage that keeps a list of its changes, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.changes: list[Change] = []
        self.acked: dict[int, dict[int, int]] = {}  # by the number of changes before it: boot and seq

    def append(self, name: str, data: bytes) -> None:
        self.changes.append(("append", name, data))
        super().append(name, data)

    def write(self, name: str, data: bytes) -> None:
        self.changes.append(("write", name, data))
        super().write(name, data)

    def remove(self, name: str) -> None:
        self.changes.append(("remove", name, b""))
        super().remove(name)


def started(storage: Storage) -> Outbox:
    journal = Journal(storage, MIN_LIMIT_BYTES)
    return Outbox(journal, "b12", "desk-07", next_boot(Slots(storage), journal), window=8)


def a_desks_life(starts: int) -> NotedStorage:
    """Run facts, state, lost links with a full journal, late acknowledgements and restarts."""
    storage = NotedStorage()
    for start in range(starts):
        box = started(storage)
        box.append("boot", {"reason": "power"}, 0)
        for number in range(30):
            box.append("ring", {"call": number, "n": start}, 1000 * number)
            if number % 10 == 0:
                Slots(storage).save(STATE, b"state %d %d" % (start, number))
            if start % 3 != 1:  # in every third life the link is lost, and the journal fills up
                deliver(box, storage, number)
    return storage


def deliver(box: Outbox, storage: NotedStorage, up_ms: int) -> None:
    for payload in box.due(up_ms):
        fact = json.loads(payload.decode())
        if fact["seq"] % 4 == 0:
            storage.acked.setdefault(len(storage.changes), {})[fact["boot"]] = fact["seq"]
            box.ack(fact["boot"], fact["seq"], up_ms)


def facts_on(storage: Storage) -> Facts:
    """Return every fact on disk by its key, as the journal reads them: in order, each once."""
    journal = Journal(storage, MIN_LIMIT_BYTES)
    records, _ = journal.read(journal.start, 10_000)
    assert [key for key, _ in records] == sorted({key for key, _ in records})
    return dict(records)


def facts_told_of(facts: Facts) -> int:
    """Return how many facts are there or are counted as dropped."""
    told = 0
    for payload in facts.values():
        fact = json.loads(payload.decode())
        told += fact["n"] if fact["kind"] == "dropped" else 1
    return told


def torn(files: dict[str, bytes], change: Change, length: int) -> Storage:
    """Return what is on disk when only the first `length` bytes of a change have arrived."""
    what, name, data = change
    storage = Storage()
    storage.files = dict(files)
    storage.files[name] = (files.get(name, b"") if what == "append" else b"") + data[:length]
    return storage


def check_cut(storage: Storage, before: Facts, states: tuple[bytes | None, bytes | None]) -> None:
    """Check what a start after the cut finds: all there was, at most the fact being written more, a whole state."""
    after = facts_on(storage)
    assert len(before) <= len(after) <= len(before) + 1
    for key in before:
        assert after[key] == before[key]
    assert Slots(storage).load(STATE) in states
    box = started(storage)
    assert box.boot > max(after, default=(0, 0))[0]
    box.append("boot", {"reason": "power"}, 0)
    assert facts_told_of(facts_on(storage)) == facts_told_of(after) + 1


def check_removal(facts: Facts, removed: Facts, acked: dict[int, int]) -> None:
    """Check that every fact of a removed file is acknowledged, or counted by a `dropped` fact that is on disk."""
    counted = [json.loads(payload.decode()) for payload in facts.values() if b'"dropped"' in payload]
    for boot, seq in removed:
        is_counted = False
        for fact in counted:
            first, last = (fact["of_boot"], fact["first"]), (fact.get("to_boot", fact["of_boot"]), fact["last"])
            is_counted = is_counted or first <= (boot, seq) <= last
        assert is_counted or seq <= acked.get(boot, 0), (boot, seq)


def cut_power_everywhere(life: NotedStorage) -> int:
    """Cut the power after every byte of a desk's life, and return how many cuts that were."""
    disk, count = Storage(), 0
    acked: dict[int, int] = {}
    for index, change in enumerate(life.changes):
        what, name, data = change
        acked.update(life.acked.get(index, {}))
        before = facts_on(disk)
        done = torn(disk.files, change, len(data))
        states = Slots(disk).load(STATE), Slots(done).load(STATE)
        for length in range(len(data)):
            check_cut(torn(disk.files, change, length), before, states)
            count += 1
        if what == "remove":
            disk.remove(name)
            check_removal(facts_on(disk), {key: before[key] for key in before.keys() - facts_on(disk).keys()}, acked)
        else:
            disk.files = done.files
            assert len(facts_on(disk)) == len(before) + (what == "append")
    assert disk.files == life.files
    return count


def test_a_power_cut_after_any_byte_costs_at_most_the_fact_being_written() -> None:
    life = a_desks_life(5)
    assert cut_power_everywhere(life) == sum(len(data) for _, _, data in life.changes) > 10_000


def test_the_life_that_is_cut_has_everything_in_it() -> None:
    life = a_desks_life(5)
    assert len({name for what, name, _ in life.changes if what == "append"}) > 5
    assert "remove" in [what for what, _, _ in life.changes]
    assert any(b'"dropped"' in data for what, _, data in life.changes)
    assert life.acked
