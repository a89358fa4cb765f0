"""The folder in which a unit keeps its state: made when missing, and held by one program at a time."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from thirdring_unit.errors import UserError


@contextmanager
def held(folder: Path) -> Iterator[Path]:
    """Hold a state folder; raises UserError when it cannot be used or another program holds it.

    What the storage refuses while the folder is held (OSError) is told as a UserError too.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            _lock(lock, folder)
            yield folder
        finally:
            os.close(lock)  # the lock goes with it, however the program ends
    except OSError as error:
        raise UserError(
            f"{folder}: cannot keep facts there ({error.strerror}): check the folder and its space"
        ) from error


def _lock(lock: int, folder: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise UserError(
            f"{folder}: another unit keeps its facts there: stop it, or give each its own --state"
        ) from error
