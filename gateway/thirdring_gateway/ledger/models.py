"""The tables of the ledger: what came in (never changed), and what is computed from it (always recomputable)."""

from typing import ClassVar

from django.db import models

NAME_LENGTH = 32
TOPIC_LENGTH = 200


class Unit(models.Model):
    """A desk unit of a branch."""

    branch = models.CharField(max_length=NAME_LENGTH)
    name = models.CharField(max_length=NAME_LENGTH)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["branch", "name"], name="unit_named_once")]


class Boot(models.Model):
    """One life of a unit between two restarts: how far its facts are complete, and when it was heard alive."""

    unit = models.ForeignKey(Unit, models.PROTECT)
    number = models.BigIntegerField()
    complete_seq = models.BigIntegerField(default=0)  # every fact up to it is here or known to be lost
    first_up_ms = models.BigIntegerField(null=True)  # the first and the last sign of life, be it a fact or a beat
    last_up_ms = models.BigIntegerField(null=True)
    clock_changed = models.BooleanField(default=False)  # better samples came in since `anchors` were computed
    anchors = models.JSONField(default=list)  # its time of day, as pairs of up_ms and offset_ms

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["unit", "number"], name="boot_numbered_once")]


class Gap(models.Model):
    """Facts of a boot that will never come, and why: the unit's store was full, or another ledger took them."""

    boot = models.ForeignKey(Boot, models.PROTECT)
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    why = models.CharField(max_length=NAME_LENGTH)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["boot", "first", "last"], name="gap_known_once")]


class ClockSample(models.Model):
    """The beat of a boot that travelled fastest within ten minutes of its uptime: the gateway is the clock."""

    boot = models.ForeignKey(Boot, models.PROTECT)
    bucket = models.BigIntegerField()
    up_ms = models.BigIntegerField()
    heard_ms = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["boot", "bucket"], name="best_sample_of_bucket")]


class Fact(models.Model):
    """One fact as the unit said it. Rows are added and never changed; (branch, unit, boot, seq) is the key."""

    boot = models.ForeignKey(Boot, models.PROTECT, db_index=False)
    seq = models.BigIntegerField()
    up_ms = models.BigIntegerField()
    kind = models.CharField(max_length=NAME_LENGTH)
    about = models.CharField(max_length=NAME_LENGTH, null=True)  # noqa: DJ001 -- the call or ticket; null: neither
    heard_ms = models.BigIntegerField(null=True)  # null: loaded from a file
    body = models.TextField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["boot", "seq"], name="fact_written_once")]
        indexes: ClassVar = [
            models.Index(fields=["boot", "about"], name="facts_of_call", condition=models.Q(about__isnull=False))
        ]


class Quarantine(models.Model):
    """A message that could not be understood, kept for a person to look at; only the latest are kept."""

    heard_ms = models.BigIntegerField()
    topic = models.CharField(max_length=TOPIC_LENGTH)
    payload = models.BinaryField()
    why = models.CharField(max_length=TOPIC_LENGTH)


class Counter(models.Model):
    """A number that must survive a restart, such as how many messages were ever quarantined."""

    name = models.CharField(max_length=NAME_LENGTH, primary_key=True)
    value = models.BigIntegerField(default=0)


class Projection(models.Model):
    """How far the facts are projected, and by which rules; under other rules everything is projected again."""

    position = models.BigIntegerField(default=0)  # the last fact that was looked at
    rules = models.CharField(max_length=NAME_LENGTH * 2, default="")


class Record(models.Model):
    """Something that facts tell of (`domain.calls.Subject`), and the local hour that counts it."""

    unit = models.ForeignKey(Unit, models.PROTECT, db_index=False)
    what = models.CharField(max_length=NAME_LENGTH)
    boot = models.BigIntegerField()
    name = models.CharField(max_length=NAME_LENGTH)
    number = models.BigIntegerField(default=0)  # of a call: `name`, in the order of calls
    is_settled = models.BooleanField(default=False)  # a call that has a verdict
    hour_ms = models.BigIntegerField(null=True)  # null: the time of day is not known

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "what", "boot", "name"], name="record_written_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["unit", "hour_ms"], name="records_of_hour"),
            models.Index(fields=["unit", "what", "boot", "number"], name="calls_in_order"),
        ]


class DaySums(models.Model):
    """What a unit did on one local day: the tables of `domain.sums`, as bytes, made again hour by hour."""

    unit = models.ForeignKey(Unit, models.PROTECT, db_index=False)
    day_ms = models.BigIntegerField()
    calls = models.BinaryField()
    voices = models.BinaryField()
    visits = models.BinaryField()
    marks = models.BinaryField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["unit", "day_ms"], name="sums_of_day")]
