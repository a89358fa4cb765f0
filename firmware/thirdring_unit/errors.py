"""Mistakes that the user can mend: one line that says what, where and how, and nothing half-written."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from errno import EISDIR
from pathlib import Path
from typing import IO


class UserError(ValueError):
    """Something the user can mend; the text is the one line that tells how. Commands end with exit status 2."""


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn what may go wrong with reading a text file into a UserError that names the file."""
    try:
        yield
    except FileNotFoundError as error:
        raise UserError(f"{path}: there is no such file: check the name") from error
    except IsADirectoryError as error:
        raise UserError(f"{path}: is a folder: name a file in it") from error
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror}): check the file and its permissions") from error
    except UnicodeDecodeError as error:
        raise UserError(f"{path}: is not a text file: save it as UTF-8 text") from error


@contextmanager
def whole_file(path: Path, mode: int = 0o666) -> Iterator[IO[bytes]]:
    """Open a file that appears under its name only when all is written; raises UserError if it cannot be.

    `mode` is its rights, less the umask. A device or a pipe, which nothing can be renamed to, is written as it is.
    """
    try:
        if path.is_dir():
            raise IsADirectoryError(EISDIR, os.strerror(EISDIR))
        with _beside(path, mode) if path.is_file() or not path.exists() else path.open("wb") as file:
            yield file
    except OSError as error:
        raise UserError(f"{path}: cannot be written ({error.strerror}): check the folder and its space") from error


@contextmanager
def _beside(path: Path, mode: int) -> Iterator[IO[bytes]]:
    """Open a hidden file beside `path` that takes its name in the end, or goes without a trace."""
    hidden = path.with_name(f".{path.name}.{os.getpid()}")
    hidden.unlink(missing_ok=True)  # what a cut of power left of an earlier program with the same number
    with os.fdopen(os.open(hidden, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
            hidden.replace(path)
        except BaseException:
            hidden.unlink(missing_ok=True)
            raise


def suggestion(word: str, known: Iterable[str], form: str = "`%s`") -> str:
    """Say what an unknown word may have meant, or what there is to choose from; `form` is how a name is written."""
    near = get_close_matches(word, known := list(known))
    if not near:
        return "there are " + ", ".join(form % name for name in known)
    meant = max(near, key=lambda name: sorted(name) == sorted(word))  # letters swapped: likelier than a wrong letter
    return f"did you mean {form % meant}?"
