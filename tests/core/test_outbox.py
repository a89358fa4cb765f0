"""The outbox's promises: on disk before it is sent, gone only when acknowledged, bounded, in order (DESIGN 2)."""

import json

from thirdring_unit.core.journal import MIN_LIMIT_BYTES, Journal
from thirdring_unit.core.outbox import Outbox, next_boot
from thirdring_unit.core.slots import Slots
from thirdring_unit.core.storage import WHOLE_BYTES, Storage

SMALL = MIN_LIMIT_BYTES
LARGE = 1 << 18  # segments of 4096 bytes, as on a Pico


class FullStorage(Storage):
    """A disk that takes no more bytes while `full`, after having written a part of them."""

    def __init__(self) -> None:
        super().__init__()
        self.full = False

    def append(self, name: str, data: bytes) -> None:
        super().append(name, data[: len(data) // 2] if self.full else data)
        if self.full:
            raise OSError(28)


def outbox(storage: Storage, limit_bytes: int = LARGE, window: int = 32) -> Outbox:
    """Start once more on what `storage` holds."""
    journal = Journal(storage, limit_bytes)
    return Outbox(journal, "b12", "desk-07", next_boot(Slots(storage), journal), window=window)


def note(box: Outbox, count: int) -> None:
    for _ in range(count):
        box.append("ring", {"call": 1, "n": box.seq}, 5)


def sent(box: Outbox, up_ms: int) -> list[tuple[int, int]]:
    """Return the keys of what is sent now."""
    return [key for key, _, _ in arrivals(box, up_ms)]


def arrivals(box: Outbox, up_ms: int) -> list[tuple[tuple[int, int], str, int]]:
    """Return what is sent now as (key, kind, how many facts it says are lost)."""
    facts = [json.loads(payload.decode()) for payload in box.due(up_ms)]
    return [
        ((fact["boot"], fact["seq"]), fact["kind"], fact["n"] if fact["kind"] == "dropped" else 0) for fact in facts
    ]


def drain(box: Outbox) -> list[tuple[tuple[int, int], str, int]]:
    """Acknowledge everything as it comes, as a gateway in touch does."""
    facts = []
    for up_ms in range(10_000):
        batch = arrivals(box, up_ms)
        for key, _, _ in batch:
            box.ack(key[0], key[1], up_ms)
        facts += batch
        if not box.backlog:
            return facts
    raise AssertionError("the backlog never ends")


def keys(facts: list[tuple[tuple[int, int], str, int]]) -> list[tuple[int, int]]:
    return [key for key, _, _ in facts]


def test_a_fact_is_on_disk_before_it_is_sent() -> None:
    storage = Storage()
    box = outbox(storage)
    box.append("ring", {"call": 1, "n": 1}, 1234)
    payload = b'{"v":1,"branch":"b12","unit":"desk-07","boot":1,"seq":1,"up_ms":1234,"kind":"ring","call":1,"n":1}'
    assert payload in storage.files["00000001.log"]
    assert box.due(1234) == [payload]


def test_facts_are_numbered_from_one_in_each_boot() -> None:
    storage = Storage()
    for boot in (1, 2, 3):
        box = outbox(storage)
        assert box.boot == boot
        assert box.append("boot", {}, 0) == 1
        assert box.append("ring", {}, 5) == 2
    assert keys(drain(box)) == [(1, 1), (1, 2), (2, 1), (2, 2), (3, 1), (3, 2)]


def test_a_fact_is_sent_once_while_there_is_progress() -> None:
    box = outbox(Storage())
    note(box, 3)
    assert sent(box, 0) == [(1, 1), (1, 2), (1, 3)]
    assert sent(box, 4999) == []
    box.ack(1, 1, 4999)
    assert sent(box, 5000) == []
    assert sent(box, 9998) == []


def test_without_progress_the_window_is_sent_again_ever_more_rarely() -> None:
    box = outbox(Storage())
    note(box, 2)
    times = [up_ms for up_ms in range(0, 400_000, 500) if sent(box, up_ms)]
    assert times == [0, 5_000, 15_000, 35_000, 75_000, 135_000, 195_000, 255_000, 315_000, 375_000]


def test_the_next_moment_is_told() -> None:
    box = outbox(Storage())
    assert box.next_ms(7) is None
    note(box, 1)
    assert box.next_ms(7) == 7
    sent(box, 7)
    assert box.next_ms(7) == 5007


def test_a_new_link_sends_from_the_oldest_at_once() -> None:
    box = outbox(Storage())
    note(box, 3)
    sent(box, 0)
    box.ack(1, 1, 1)
    box.restart()
    assert sent(box, 2) == [(1, 2), (1, 3)]


def test_the_window_bounds_what_is_on_the_way() -> None:
    box = outbox(Storage(), window=4)
    note(box, 10)
    assert sent(box, 0) == [(1, 1), (1, 2), (1, 3), (1, 4)]
    box.ack(1, 2, 1)
    assert sent(box, 1) == [(1, 5), (1, 6)]
    assert box.backlog == 8
    assert box.oldest == (1, 3)


def test_an_acknowledged_fact_never_comes_again_in_its_boot() -> None:
    box = outbox(Storage())
    note(box, 5)
    sent(box, 0)
    box.ack(1, 3, 1)
    box.restart()
    assert sent(box, 2) == [(1, 4), (1, 5)]
    assert sent(box, 60_000) == [(1, 4), (1, 5)]


def test_an_acknowledgement_is_for_its_own_boot() -> None:
    storage = Storage()
    note(outbox(storage), 3)
    box = outbox(storage)
    note(box, 2)
    sent(box, 0)
    box.ack(2, 1, 1)
    box.restart()
    assert sent(box, 2) == [(1, 1), (1, 2), (1, 3), (2, 2)]
    assert box.oldest == (1, 1)


def test_false_acknowledgements_lose_nothing_that_is_still_to_come() -> None:
    box = outbox(Storage())
    note(box, 2)
    for boot, seq in ((1, 10**9), (2, 5), (99, 99), (0, 1)):
        box.ack(boot, seq, 0)
    note(box, 2)
    assert keys(drain(box)) == [(1, 3), (1, 4)]


def test_after_a_restart_no_more_than_one_segment_comes_again() -> None:
    storage = Storage()
    box = outbox(storage)
    for _ in range(20):
        note(box, 15)
        drain(box)
    again = outbox(storage)
    assert 0 < again.backlog < 40
    assert len(drain(again)) < 40
    assert len([name for name in storage.files if name.endswith(".log")]) == 1


def test_what_was_never_acknowledged_survives_any_number_of_restarts() -> None:
    storage = Storage()
    for _ in range(5):
        note(outbox(storage), 20)
    facts = drain(outbox(storage))
    assert keys(facts) == [(boot, seq) for boot in range(1, 6) for seq in range(1, 21)]


def test_the_files_never_exceed_their_limit_and_every_loss_is_counted() -> None:
    storage = Storage()
    box = outbox(storage, SMALL)
    most = 0
    for _ in range(1000):
        note(box, 1)
        most = max(most, sum([len(data) for data in storage.files.values()]))
    assert most <= SMALL + 100  # the boot number beside it
    facts = drain(box)
    dropped = sum([n for _, _, n in facts])
    assert dropped > 500
    assert len([kind for _, kind, _ in facts if kind == "ring"]) + dropped == 1000


def test_the_newest_facts_stay_without_a_gap_and_the_oldest_says_where_they_begin() -> None:
    box = outbox(Storage(), SMALL)
    note(box, 500)
    oldest, newest = box.oldest, box.seq
    assert oldest > (1, 400)
    assert keys(drain(box)) == [(1, seq) for seq in range(oldest[1], newest + 1)]


def test_a_dropped_fact_names_what_is_gone() -> None:
    box = outbox(Storage(), SMALL)
    while box.oldest == (1, 1):
        note(box, 1)
    first_kept = box.oldest[1]
    dropped = []
    while box.backlog:
        for payload in box.due(0):
            dropped += [payload] if b"dropped" in payload else []
            box.ack(1, json.loads(payload.decode())["seq"], 0)
    fact = json.loads(dropped[0].decode())
    assert (fact["n"], fact["of_boot"], fact["first"], fact["last"]) == (first_kept - 1, 1, 1, first_kept - 1)
    assert "to_boot" not in fact


def test_drops_over_several_boots_add_up_too() -> None:
    storage = Storage()
    for _ in range(100):
        note(outbox(storage, SMALL), 5)
    facts = drain(outbox(storage, SMALL))
    assert len([kind for _, kind, _ in facts if kind == "ring"]) + sum([n for _, _, n in facts]) == 500


def test_a_full_disk_loses_only_what_it_refused_and_a_dropped_fact_fills_the_hole() -> None:
    storage = FullStorage()
    box = outbox(storage)
    note(box, 2)
    storage.full = True
    note(box, 3)
    storage.full = False
    note(box, 2)
    assert box.unwritten == 3
    facts = drain(box)
    assert keys(facts) == [(1, 1), (1, 2), (1, 3), (1, 6), (1, 7)]
    assert facts[2] == ((1, 3), "dropped", 3)
    assert keys(drain(outbox(storage))) == keys(facts)


def test_facts_go_on_after_a_full_disk_even_when_nothing_was_waiting() -> None:
    storage = FullStorage()
    box = outbox(storage)
    note(box, 1)
    drain(box)
    storage.full = True
    note(box, 1)
    storage.full = False
    assert box.next_ms(0) is None
    note(box, 1)
    assert drain(box) == [((1, 2), "dropped", 1), ((1, 3), "ring", 0)]
    assert box.backlog == 0


def test_a_fact_that_arrived_although_the_disk_refused_it_does_no_harm() -> None:
    class Doubtful(Storage):
        refuses = False

        def append(self, name: str, data: bytes) -> None:
            super().append(name, data)
            if self.refuses:
                raise OSError(5)

    storage = Doubtful()
    box = outbox(storage)
    note(box, 1)
    storage.refuses = True
    note(box, 1)
    storage.refuses = False
    note(box, 1)
    assert keys(drain(box)) == [(1, 1), (1, 2), (1, 3)]
    assert box.backlog == 0
    assert Journal(storage, LARGE).damaged == 0


def test_a_disk_that_can_no_longer_be_read_ends_no_loop() -> None:
    class Blind(Storage):
        is_blind = False

        def read(self, name: str, start: int = 0, size_bytes: int = WHOLE_BYTES) -> bytes:
            if self.is_blind:
                raise OSError(5)
            return super().read(name, start, size_bytes)

    storage = Blind()
    box = outbox(storage, SMALL)
    note(box, 30)
    storage.is_blind = True
    note(box, 300)
    storage.is_blind = False
    assert keys(drain(box)) == [(1, seq) for seq in range(1, 31)]  # the window was in RAM
    note(box, 1)
    assert drain(box) == [((1, 31), "dropped", 300), ((1, 331), "ring", 0)]


def test_a_rotten_line_costs_only_itself_and_is_told() -> None:
    storage = Storage()
    note(outbox(storage), 5)
    storage.files["00000001.log"] = storage.files["00000001.log"].replace(b'"seq":3', b'"seq":4')
    box = outbox(storage)
    facts = drain(box)
    assert facts == [
        ((1, 1), "ring", 0),
        ((1, 2), "ring", 0),
        ((1, 3), "dropped", 1),
        ((1, 4), "ring", 0),
        ((1, 5), "ring", 0),
    ]


def test_a_line_torn_at_any_byte_costs_only_itself() -> None:
    storage = Storage()
    note(outbox(storage), 2)
    whole = storage.files["00000001.log"]
    note(outbox(storage), 1)
    line = storage.files["00000001.log"][len(whole) :]
    for length in range(len(line)):
        storage = Storage()
        storage.files["00000001.log"] = whole + line[:length]
        box = outbox(storage)
        note(box, 1)
        found = keys(drain(outbox(storage)))
        assert found[:2] == [(1, 1), (1, 2)]
        assert found[-1] == (box.boot, 1)
        assert len(found) == (3 if length < len(line) - 1 else 4)


def test_a_unit_that_was_given_another_name_does_not_send_what_the_other_wrote() -> None:
    storage = Storage()
    note(outbox(storage), 40)
    journal = Journal(storage, LARGE)
    box = Outbox(journal, "b12", "desk-08", next_boot(Slots(storage), journal))
    note(box, 2)
    assert keys(drain(box)) == [(2, 1), (2, 2)]
    assert box.foreign == 40
    assert box.backlog == 0


def test_files_of_zeros_and_foreign_files_harm_nothing() -> None:
    storage = Storage()
    note(outbox(storage), 2)
    storage.files["00000002.log"] = b"\x00" * 4096
    storage.files["notes.txt"] = b"hello"
    storage.files["x.log"] = b"hello"
    box = outbox(storage)
    note(box, 1)
    assert keys(drain(box)) == [(1, 1), (1, 2), (2, 1)]


def test_a_foreign_file_among_the_segments_is_left_alone() -> None:
    for foreign in ("99999999.log", "00000001.log"):
        storage = Storage()
        storage.write("00005000.log", b"")
        journal = Journal(storage, LARGE)
        for seq in range(1, 31):
            journal.append((1, seq), b"x" * 400)
        storage.write(foreign, b"not ours\n")
        again = Journal(storage, LARGE)
        assert (again.count, again.last, again.damaged) == (30, (1, 30), 1)
        again.release((2, 1))
        assert again.count < 10
        assert storage.read(foreign) == b"not ours\n"
