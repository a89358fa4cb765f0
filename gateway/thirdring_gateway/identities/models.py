"""The table of enrolments. No secret is in it: a unit's key is in its bundle only, of a password there is the hash."""

from typing import ClassVar

from django.db import models

NAME_LENGTH = 32
HASH_LENGTH = 200


class Enrolment(models.Model):
    """One identity that a unit was given. Rows are kept for ever: a revoked certificate must stay revoked."""

    branch = models.CharField(max_length=NAME_LENGTH)
    unit = models.CharField(max_length=NAME_LENGTH)
    enrolled_ms = models.BigIntegerField()
    revoked_ms = models.BigIntegerField(null=True)
    password_hash = models.CharField(max_length=HASH_LENGTH, blank=True)
    cert = models.TextField(blank=True)  # the newest one, PEM; empty where there is a password
    ends_ms = models.BigIntegerField(null=True)  # of the newest certificate; a password has no end
    serials: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)  # of every certificate, in hex
    revision = models.BigIntegerField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["branch", "unit"], condition=models.Q(revoked_ms__isnull=True), name="enrolled_once"
            )
        ]
