"""Django's settings: only what the ledger needs; the composed program fills in paths."""

import os
from pathlib import Path

STATE_DIR = Path(os.environ.get("THIRDRING_STATE", "var"))

INSTALLED_APPS = ["thirdring_gateway.ledger"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": STATE_DIR / "ledger.sqlite3"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
