"""The pages as one ASGI application, put together for a database, a clock and the names it is reached by."""

import secrets
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.core.asgi import get_asgi_application
from django.core.handlers.asgi import ASGIHandler

from thirdring_gateway.clock import Clock, RealClock
from thirdring_gateway.domain.settings import BranchSettings

KEY_BYTES = 48


class Composed(NamedTuple):
    """What the pages were put together with: the branch's settings before anybody changed them, the clock, its pace.

    `is_closing` ends the streams when the server is asked to end. `state_dir` holds secrets, `folder` the scheduled
    reports.
    """

    branch: BranchSettings
    clock: Clock
    pace: int = 1
    is_closing: Callable[[], bool] = bool  # no argument: false
    state_dir: Path = Path()
    folder: Path = Path("reports")


composed = Composed(BranchSettings(), RealClock())


def compose(given: Composed) -> None:
    """Give the pages, and the files that are made without them, what they need."""
    global composed  # noqa: PLW0603 -- Django calls views by URL: this is the one door for what they need
    composed = given


def site(given: Composed, key_file: Path, hosts: Sequence[str]) -> ASGIHandler:
    """Return the application; the database must be open already."""
    compose(given)
    settings.SECRET_KEY = key_of(key_file)
    settings.ALLOWED_HOSTS = [*hosts]
    return get_asgi_application()


def key_of(path: Path) -> str:
    """Return the key that signs cookies, made at first start and readable by nobody else."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(KEY_BYTES))
    return path.read_text()
