"""The tables of the branch's settings."""

from typing import Any

from django.db import models

KEY_LENGTH = 64


class Setting(models.Model):
    """One setting that somebody changed; what is not here has its default."""

    key = models.CharField(max_length=KEY_LENGTH, primary_key=True)
    value: "models.JSONField[Any, Any]" = models.JSONField()
    revision = models.BigIntegerField(db_index=True)


class Desk(models.Model):
    """What people call a desk, beside the name of its unit."""

    unit = models.CharField(max_length=32, primary_key=True)
    title = models.CharField(max_length=64)
