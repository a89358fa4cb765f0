"""Django's settings: only what the ledger needs; `ledger.database.open_database` says which database."""

INSTALLED_APPS = ["thirdring_gateway.ledger"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
