"""Which database holds the ledger: an SQLite file (the default), or PostgreSQL by its address."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import DatabaseError, connections

from thirdring_gateway.ledger import tables  # noqa: F401 -- sets Django up
from thirdring_gateway.trouble import Trouble

LOCK_WAIT_S = 20
SQLITE = b"SQLite format 3\0"
POSTGRESQL = ("postgresql://", "postgres://")
# WAL: readers never wait for the writer. FULL: a fact that was acknowledged survives the loss of power.
PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA journal_size_limit=67108864; PRAGMA temp_store=MEMORY"
)


def open_database(target: str) -> None:
    """Make `target` (a file, or postgresql://user@host/name) the ledger of this program, its tables up to date.

    Raises Trouble when it cannot be opened, written or understood.
    """
    connections.close_all()
    connections.settings = connections.configure_settings({"default": described(target)})
    with suppress(AttributeError):
        del connections["default"]  # the one of the database that was open before
    try:
        call_command("migrate", verbosity=0, interactive=False)
    except ImproperlyConfigured as error:
        raise Trouble(f"ledger {named(target)}: its driver is missing; install thirdring[postgresql]") from error
    except DatabaseError as error:
        why = first_line(error)
        raise Trouble(f"ledger {named(target)}: {why}; check that it may be written and is a ledger") from error


def named(target: str) -> str:
    """Return `target` as it may be shown: an address without its password."""
    parts = urlsplit(target)
    return target.replace(f":{parts.password}@", "@") if parts.password else target


def open_ledger(target: str) -> None:
    """Open a ledger that must be there already; raises Trouble when it is not."""
    if not target.startswith(POSTGRESQL) and not Path(target).is_file():
        raise Trouble(f"ledger {target}: there is no such file; load facts into one, or name it with --db")
    open_database(target)


@contextmanager
def complaints_told() -> Iterator[None]:
    """Turn what a database complains about in the block into Trouble."""
    try:
        yield
    except DatabaseError as error:
        raise Trouble(f"the ledger does not work: {first_line(error)}; is its disk full or read-only?") from error


def described(target: str) -> dict[str, Any]:
    """Return Django's description of the database `target`; raises Trouble for a folder that is not there."""
    if target.startswith(POSTGRESQL):
        return _postgresql(target)
    path = Path(target).absolute()
    if not path.parent.is_dir():
        raise Trouble(f"ledger {target}: the folder {path.parent} does not exist; create it or name another file")
    if not is_sqlite_or_empty(path):
        raise Trouble(f"ledger {target}: this file is not a database; check that it is a ledger, or name another one")
    options = {"init_command": PRAGMAS, "transaction_mode": "IMMEDIATE", "timeout": LOCK_WAIT_S}
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": path, "OPTIONS": options}


def is_sqlite_or_empty(path: Path) -> bool:
    """Tell whether SQLite could use the file: told beforehand, since Django leaves a connection open when it fails."""
    try:
        with path.open("rb") as file:
            return file.read(len(SQLITE)) in (SQLITE, b"")
    except FileNotFoundError:
        return True
    except OSError as error:
        raise Trouble(f"ledger {path}: {error.strerror}; check that it may be written and is a ledger") from error


def _postgresql(address: str) -> dict[str, Any]:
    parts = urlsplit(address)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
    }


def first_line(error: Exception) -> str:
    """Return what a database complains about, as one line."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]
