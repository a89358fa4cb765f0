"""Mistakes that the user can mend: one line that says what, where and how, and nothing half-written."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from tempfile import NamedTemporaryFile
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
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """Open a file that appears under its name only when all is written; raises UserError if it cannot be."""
    try:
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            try:
                yield file
                file.flush()
                os.fsync(file.fileno())
                Path(file.name).replace(path)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        raise UserError(f"{path}: cannot be written ({error.strerror}): check the folder and its space") from error


def suggestion(word: str, known: Iterable[str]) -> str:
    """Say what an unknown word may have meant, or what there is to choose from."""
    near = get_close_matches(word, known := list(known), 1)
    return f"did you mean `{near[0]}`?" if near else "there are " + ", ".join(f"`{name}`" for name in known)
