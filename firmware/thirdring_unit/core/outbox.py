"""The outbox: a fact is on disk before it is sent, and leaves only when the gateway says that it has it.

Facts go out in the order of their keys, at most a window of them ahead of the acknowledgements; when nothing is
acknowledged for a while, the window is sent again from its start. Only the window is held in RAM.
"""

from thirdring_unit.core import wire
from thirdring_unit.core.journal import Journal, Key, Place, Record
from thirdring_unit.core.slots import Slots

RESEND_MOST_TIMES = 12  # the pause before sending again doubles up to so many times `resend_ms`
BOOT_SLOT = "boot"
_DROPPED = b'"kind":"dropped"'


def next_boot(slots: Slots, journal: Journal, first: int = 1) -> int:
    """Return the number of this start, kept before anything bears it, and above that of every fact on disk.

    It is at least `first`: on an empty disk that must be above what the gateway knows of this unit, or it would take
    the new facts for old ones. Raises OSError when it cannot be kept.
    """
    boot: int = max(int(slots.load(BOOT_SLOT) or b"0") + 1, journal.last[0] + 1, first)
    slots.save(BOOT_SLOT, b"%d" % boot)
    return boot


class Outbox:
    """The facts of one unit and boot, over a journal that may still hold those of earlier boots.

    `seq` is the number of the newest fact; `unwritten` counts facts that the storage refused: they are lost, and a
    `dropped` fact takes their place in the sequence. `foreign` counts facts on disk that another branch or unit has
    written: this unit may not send them, and no gateway would take them.
    """

    def __init__(
        self, journal: Journal, branch: str, unit: str, boot: int, *, window: int = 32, resend_ms: int = 5_000
    ) -> None:
        self.boot = boot
        self.seq = 0
        self.unwritten = 0
        self.foreign = 0
        self._origin = {"v": wire.VERSION, "branch": branch, "unit": unit}
        self._mark = f'"branch":"{branch}","unit":"{unit}",'.encode()
        self._journal = journal
        self._window_size = window
        self._resend_ms = self._pause_ms = resend_ms
        self._window: list[Record] = []
        self._sent = 0  # so many of the window are on their way
        self._place: Place = journal.start  # of the next record to be taken into the window
        self._taken: Key = (0, 0)  # the last key that was
        self._unread = journal.count
        self._acked: dict[int, int] = {}
        self._since_ms = 0  # when the oldest fact on its way was sent, or the last acknowledgement came
        self._fill()

    # ---- writing

    def append(self, kind: str, fields: dict, up_ms: int) -> int:
        """Store a fact and return its seq; raise WireError when it is not a valid fact.

        When the journal is full the oldest facts go, and a `dropped` fact tells how many.
        """
        while self._journal.is_full:
            self._drop_oldest(up_ms)
        self._store(kind, fields, up_ms)
        return self.seq

    def _store(self, kind: str, fields: dict, up_ms: int) -> bool:
        key = (self.boot, self.seq + 1)
        payload = self._payload(key, kind, fields, up_ms)
        self.seq += 1
        is_next = self._place == self._journal.end and len(self._window) < self._window_size
        try:
            self._journal.append(key, payload)
        except OSError:
            self.unwritten += 1
            return False
        self._unread += 1
        if is_next:
            self._place = self._journal.end
            self._take((key, payload))
        else:
            self._fill()
        return True

    def _payload(self, key: Key, kind: str, fields: dict, up_ms: int) -> bytes:
        fact = dict(fields)
        fact.update(self._origin)
        fact.update({"boot": key[0], "seq": key[1], "up_ms": up_ms, "kind": kind})
        return wire.encode_fact(fact)

    def _drop_oldest(self, up_ms: int) -> None:
        """Give up the oldest segment: first count in a `dropped` fact what nobody has of it, then remove it."""
        records = self._journal.oldest()
        lost = [record for record in records if not self._is_acked(record[0])]
        if lost:
            fields = _dropped(sum([_facts_in(payload) for _, payload in lost]), lost[0][0], lost[-1][0])
            if not self._store("dropped", fields, up_ms):
                self.unwritten += fields["n"]
        self._journal.drop_oldest()
        if records:
            self._forget(records)

    def _forget(self, records: "list[Record]") -> None:
        last = records[-1][0]
        self._unread -= len([key for key, _ in records if key > self._taken])
        self._taken = max(self._taken, last)
        self._place = max(self._place, self._journal.start)
        self._keep([record for record in self._window if record[0] > last])
        self._fill()

    # ---- sending

    @property
    def oldest(self) -> Key:
        """The key of the oldest fact that is not acknowledged, the next one's when all are: none before it comes."""
        return self._window[0][0] if self._window else (self.boot, self.seq + 1)

    @property
    def backlog(self) -> int:
        """How many facts wait for their acknowledgement."""
        return len(self._window) + max(0, self._unread)  # a fact that was refused may have arrived all the same

    def restart(self) -> None:
        """Forget what was sent: the link is new."""
        self._sent = 0
        self._pause_ms = self._resend_ms

    def due(self, up_ms: int) -> "list[bytes]":
        """Return the facts to send now, oldest first, and take them as sent."""
        if self._sent and up_ms - self._since_ms >= self._pause_ms:
            self._sent = 0
            self._pause_ms = min(2 * self._pause_ms, RESEND_MOST_TIMES * self._resend_ms)
        if not self._sent:
            self._since_ms = up_ms
        payloads = [payload for _, payload in self._window[self._sent :]]
        self._sent = len(self._window)
        return payloads

    def next_ms(self, up_ms: int) -> int | None:
        """Return when something is due, None when nothing waits."""
        if self._sent < len(self._window):
            return up_ms
        return self._since_ms + self._pause_ms if self._window else None

    def ack(self, boot: int, seq: int, up_ms: int) -> None:
        """Take the gateway's word that it has all facts of `boot` up to `seq`; whatever it says, no error."""
        known = min(seq, self.seq) if boot == self.boot else seq
        waiting = [key[1] for key, _ in self._window if key[0] == boot]
        if not waiting or known < waiting[0]:
            return
        self._acked[boot] = known
        self._since_ms = up_ms
        self._pause_ms = self._resend_ms
        self._keep([record for record in self._window if not self._is_acked(record[0])])
        self._fill()
        self._acked = {boot: seq for boot, seq in self._acked.items() if boot >= self.oldest[0]}
        self._journal.release(self.oldest)

    # ---- the window

    def _is_acked(self, key: Key) -> bool:
        return key < self.oldest or key[1] <= self._acked.get(key[0], 0)

    def _keep(self, records: "list[Record]") -> None:
        """Let only `records`, a part of the window, stay in it."""
        sent_until = self._window[self._sent - 1][0] if self._sent else (0, 0)
        self._sent = len([key for key, _ in records if key <= sent_until])
        self._window = records

    def _fill(self) -> None:
        """Read the window full, so that it is empty only when nothing waits."""
        while len(self._window) < self._window_size:
            records, self._place = self._journal.read(self._place, self._window_size - len(self._window))
            if not records:
                return
            for record in records:
                self._take(record)

    def _take(self, record: Record) -> None:
        """Add the record that follows `_taken` to the window, and before it whatever is missing between them."""
        key, payload = record
        acked = self._acked.get(key[0], 0)
        if self._mark not in payload:
            self.foreign += 1
        elif acked < key[1]:
            first = self._taken[1] + 1 if key[0] == self._taken[0] else 1
            if self._taken != (0, 0) and acked < first < key[1]:
                self._window.append(self._filler((key[0], first), (key[0], key[1] - 1), payload))
            self._window.append(record)
        self._taken = key
        self._unread -= 1

    def _filler(self, first: Key, last: Key, follower: bytes) -> Record:
        """Return the `dropped` fact that stands for a hole, always the same one for the same hole."""
        fields = _dropped(last[1] - first[1] + 1, first, last)
        return first, self._payload(first, "dropped", fields, wire.decode_fact(follower)["up_ms"])


def _dropped(count: int, first: Key, last: Key) -> dict:
    fields = {"n": count, "of_boot": first[0], "first": first[1], "last": last[1]}
    if last[0] != first[0]:
        fields["to_boot"] = last[0]
    return fields


def _facts_in(payload: bytes) -> int:
    """Return how many facts are lost with this one: a lost `dropped` fact hands on what it counted."""
    fact = wire.decode_fact(payload) if _DROPPED in payload else {}
    return fact["n"] if fact.get("kind") == "dropped" else 1
