"""The table of the reports that were made by themselves."""

from typing import ClassVar

from django.db import models

KIND_LENGTH, WORD_LENGTH, TEXT_LENGTH = 8, 32, 200


class Delivery(models.Model):
    """The report of one period: made once, then brought to everybody it is for, however often that takes."""

    kind = models.CharField(max_length=KIND_LENGTH)
    first = models.DateField()
    last = models.DateField()
    due_ms = models.BigIntegerField()
    recipients: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)
    files: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)
    made_ms = models.BigIntegerField(null=True)
    mailed_to: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)
    done_ms = models.BigIntegerField(null=True)
    attempts = models.IntegerField(default=0)
    next_ms = models.BigIntegerField(default=0)
    has_given_up = models.BooleanField(default=False)
    failure = models.CharField(max_length=WORD_LENGTH, default="")  # a key of `words.FAILURES`, empty for none
    detail = models.CharField(max_length=TEXT_LENGTH, default="")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "first"], name="one_delivery_per_period")]
