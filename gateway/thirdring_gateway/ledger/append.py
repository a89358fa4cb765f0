"""Appending: one batch of what came in, one transaction, and what may be acknowledged after it."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Max

from thirdring_gateway.ledger.tables import NAME_LENGTH, TOPIC_LENGTH, Boot, Counter, Fact, Gap, Quarantine, Unit

BUCKET_MS = 600_000
QUARANTINE_ROWS_MAX = 1000
QUARANTINE_BYTES_MAX = 2048
BOOTS_CACHED_MAX = 4096
LARGEST = 2**63 - 1
APPEND_LOCK = 0x3_41465  # any number that no other program takes for an advisory lock of PostgreSQL

FactRow = tuple[int, int, int, str, str | None, int | None, str]

INSERT_FACT = (
    "INSERT INTO ledger_fact (boot_id, seq, up_ms, kind, about, heard_ms, body) "
    "VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING"
)
KEEP_BEST_SAMPLE = (
    "INSERT INTO ledger_clocksample (boot_id, bucket, up_ms, heard_ms) VALUES (%s, %s, %s, %s) "
    "ON CONFLICT (boot_id, bucket) DO UPDATE SET up_ms = excluded.up_ms, heard_ms = excluded.heard_ms "
    "WHERE (excluded.heard_ms - excluded.up_ms, excluded.up_ms) < "
    "(ledger_clocksample.heard_ms - ledger_clocksample.up_ms, ledger_clocksample.up_ms)"
)


@dataclass(slots=True)
class Batch:
    """What came in since the last commit, already understood."""

    heard_ms: int | None
    facts: list[tuple[dict[str, Any], str]] = field(default_factory=list)  # the fact and its body as it came
    beats: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)  # branch, unit, fields
    states: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)  # branch, unit, fields; not stored
    lights: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)  # likewise
    garbage: list[tuple[str, bytes, str]] = field(default_factory=list)  # topic, payload, why


@dataclass(frozen=True, slots=True)
class Ack:
    """Every fact of this boot up to `seq` is committed, or known to be lost."""

    branch: str
    unit: str
    boot: int
    seq: int


@dataclass(slots=True)
class _Life:
    """What is remembered of a boot between batches."""

    key: tuple[str, str, int]
    boot_id: int
    complete_seq: int
    highest_seq: int
    first_up_ms: int
    last_up_ms: int
    clock_changed: bool = False

    def seen(self, up_ms: int) -> None:
        """Take a sign of life."""
        self.first_up_ms = min(self.first_up_ms, up_ms)
        self.last_up_ms = max(self.last_up_ms, up_ms)


class Appender:
    """The one writer of facts. Belongs to one thread; nothing it remembers is more than a copy of the tables.

    `added` counts the facts that were new, `contradicting` those whose key was taken by another fact.
    """

    def __init__(self) -> None:
        self.added = 0
        self.contradicting = 0
        self._lives: dict[tuple[str, str, int], _Life] = {}

    def append(self, batch: Batch) -> list[Ack]:
        """Commit `batch` and return what may now be acknowledged.

        A fact whose key is already there changes nothing. Raises django.db.DatabaseError with nothing written.
        """
        try:
            with transaction.atomic():
                return self._append(batch)
        except BaseException:
            self._lives.clear()  # it may speak of rows that were rolled back
            raise

    def _append(self, batch: Batch) -> list[Ack]:
        if connection.vendor == "postgresql":  # SQLite has one writer by nature; fact ids must commit in order
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [APPEND_LOCK])
        touched = self._insert(batch)
        for branch, unit, beat in batch.beats:
            touched |= self._hear(branch, unit, beat, batch.heard_ms)
        for topic, payload, why in batch.garbage:
            quarantine(topic, payload, why, batch.heard_ms)
        acks = []
        for key in touched:
            life = self._lives[key]
            self._advance(life)
            acks.append(Ack(*key, life.complete_seq))
        self._forget_old()
        return acks

    # ---- facts

    def _insert(self, batch: Batch) -> set[tuple[str, str, int]]:
        rows: dict[tuple[str, str, int], list[FactRow]] = {}
        touched: set[tuple[str, str, int]] = set()
        for fact, body in batch.facts:
            key = fact["branch"], fact["unit"], fact["boot"]
            life = self._lives.get(key) or self._life(key)
            row = (life.boot_id, fact["seq"], fact["up_ms"], fact["kind"], about(fact), batch.heard_ms, body)
            rows.setdefault(key, []).append(row)
            if fact["kind"] == "dropped":
                touched |= self._note_dropped(key, fact)
        for key, of_boot in rows.items():
            self._insert_of_boot(self._lives[key], of_boot, batch.heard_ms)
        return touched.union(rows)

    def _insert_of_boot(self, life: _Life, rows: list[FactRow], heard_ms: int | None) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(INSERT_FACT, rows)
            added = cursor.rowcount
        self.added += added
        if added < len(rows):
            self._compare(life, rows, heard_ms)
        for row in rows:
            _, seq, up_ms, *_ = row
            life.seen(up_ms)
            life.highest_seq = max(life.highest_seq, seq)
            if seq == life.complete_seq + 1:
                life.complete_seq = seq

    def _compare(self, life: _Life, rows: list[FactRow], heard_ms: int | None) -> None:
        """Quarantine what differs from the fact under its key: a unit whose memory was wiped counts from 1 again."""
        seqs = [row[1] for row in rows]
        stored = dict(
            Fact.objects.filter(boot_id=life.boot_id, seq__range=(min(seqs), max(seqs))).values_list("seq", "body")
        )
        for row in rows:
            if not _says_the_same(stored[row[1]], row[-1]):
                self.contradicting += 1
                why = (
                    f"boot {life.key[2]} seq {row[1]} is taken by another fact; was the unit wiped? give it a new name"
                )
                quarantine("/".join(life.key[:2]), row[-1].encode(), why, heard_ms)

    def _note_dropped(self, key: tuple[str, str, int], fact: dict[str, Any]) -> set[tuple[str, str, int]]:
        boot, first, last = (number(fact.get(name)) for name in ("of_boot", "first", "last"))
        if not (boot and first and last and first <= last):
            return set()
        life = self._life((*key[:2], boot))
        Gap.objects.get_or_create(boot_id=life.boot_id, first=first, last=last, why="dropped")
        life.highest_seq = max(life.highest_seq, last)
        return {life.key}

    # ---- beats

    def _hear(self, branch: str, unit: str, beat: dict[str, Any], heard_ms: int | None) -> set[tuple[str, str, int]]:
        life = self._life((branch, unit, beat["boot"]))
        life.seen(beat["up_ms"])
        with connection.cursor() as cursor:
            cursor.execute(KEEP_BEST_SAMPLE, [life.boot_id, beat["up_ms"] // BUCKET_MS, beat["up_ms"], heard_ms])
            life.clock_changed |= cursor.rowcount > 0
        self._save(life)
        return self._rebase((branch, unit), *beat["oldest"])

    def _rebase(self, unit: tuple[str, str], boot: int, seq: int) -> set[tuple[str, str, int]]:
        """The unit's oldest fact is (boot, seq): a ledger that lacks earlier ones was replaced, and goes on there."""
        life = self._life((*unit, boot))
        if life.complete_seq < seq - 1:
            Gap.objects.get_or_create(boot_id=life.boot_id, first=life.complete_seq + 1, last=seq - 1, why="not here")
            life.highest_seq = max(life.highest_seq, seq - 1)
        return {life.key} if life.highest_seq >= seq else set()

    # ---- completeness

    def _advance(self, life: _Life) -> None:
        """Move `complete_seq` over everything that is here or lost; ask the tables only when something is ahead."""
        while life.complete_seq < life.highest_seq:
            seq = life.complete_seq
            gap = Gap.objects.filter(boot_id=life.boot_id, first__lte=seq + 1, last__gt=seq).aggregate(end=Max("last"))
            seq = _end_of_run(gap["end"] or seq, life.boot_id)
            if seq == life.complete_seq:
                break
            life.complete_seq = seq
        self._save(life)

    def _save(self, life: _Life) -> None:
        values = {
            "complete_seq": life.complete_seq,
            "first_up_ms": life.first_up_ms,
            "last_up_ms": life.last_up_ms,
        }
        if life.clock_changed:
            values["clock_changed"] = True
            life.clock_changed = False
        Boot.objects.filter(pk=life.boot_id).update(**values)

    def _life(self, key: tuple[str, str, int]) -> _Life:
        life = self._lives.get(key)
        if life is None:
            unit, _ = Unit.objects.get_or_create(branch=key[0], name=key[1])
            boot, _ = Boot.objects.get_or_create(unit=unit, number=key[2])
            highest = Fact.objects.filter(boot=boot).aggregate(seq=Max("seq"))["seq"] or 0
            lost = Gap.objects.filter(boot=boot).aggregate(seq=Max("last"))["seq"] or 0
            ahead = max(highest, lost, boot.complete_seq)
            first, last = (LARGEST, 0) if boot.first_up_ms is None else (boot.first_up_ms, boot.last_up_ms or 0)
            life = self._lives[key] = _Life(key, boot.pk, boot.complete_seq, ahead, first, last)
        return life

    def _forget_old(self) -> None:
        while len(self._lives) > BOOTS_CACHED_MAX:
            del self._lives[next(iter(self._lives))]


def _end_of_run(seq: int, boot_id: int) -> int:
    """Return the last of the facts that follow `seq` without a break."""
    following = Fact.objects.filter(boot_id=boot_id, seq__gt=seq).order_by("seq").values_list("seq", flat=True)
    for stored in following.iterator():
        if stored != seq + 1:
            break
        seq = stored
    return seq


def _says_the_same(one: str, other: str) -> bool:
    return one == other or json.loads(one) == json.loads(other)


def about(fact: dict[str, Any]) -> str | None:
    """Return the call or the ticket that a fact names: what is looked for when it is projected."""
    name = fact.get("call", fact.get("ticket"))
    text = str(name) if type(name) in (int, str) else ""
    return text if 0 < len(text) <= NAME_LENGTH and text.isprintable() else None


def number(value: object) -> int | None:
    """Return `value` when it is a count that a column of integers can hold."""
    return value if type(value) is int and 0 < value <= LARGEST else None


def quarantine(topic: str, payload: bytes, why: str, heard_ms: int | None) -> None:
    """Keep what was not understood where a person can see it, count it, and let go of the oldest."""
    row = Quarantine.objects.create(
        heard_ms=heard_ms or 0,
        topic=topic[:TOPIC_LENGTH],
        payload=payload[:QUARANTINE_BYTES_MAX],
        why=why[:TOPIC_LENGTH],
    )
    Quarantine.objects.filter(pk__lte=row.pk - QUARANTINE_ROWS_MAX).delete()
    count("quarantined")


def count(name: str, by: int = 1) -> int:
    """Raise the counter `name` and return its new value."""
    Counter.objects.get_or_create(name=name)
    Counter.objects.filter(name=name).update(value=F("value") + by)
    return Counter.objects.get(name=name).value


def counters() -> dict[str, int]:
    """Return all counters."""
    return dict(Counter.objects.values_list("name", "value"))
