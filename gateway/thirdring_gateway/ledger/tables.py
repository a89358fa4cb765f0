"""The ledger's tables, ready for use: Django demands to be set up before a model is imported, so it is, here."""

import os

import django
from django.apps import apps

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "thirdring_gateway.settings")
if not apps.ready:
    django.setup()

from thirdring_gateway.ledger.models import (
    NAME_LENGTH,
    TOPIC_LENGTH,
    Boot,
    ClockSample,
    Counter,
    DaySums,
    Fact,
    Gap,
    Projection,
    Quarantine,
    Record,
    Unit,
)

__all__ = [
    "NAME_LENGTH",
    "TOPIC_LENGTH",
    "Boot",
    "ClockSample",
    "Counter",
    "DaySums",
    "Fact",
    "Gap",
    "Projection",
    "Quarantine",
    "Record",
    "Unit",
]
