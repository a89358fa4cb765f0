"""Files that appear whole or not at all."""

import os
from pathlib import Path

from thirdring_gateway.trouble import Trouble

PRIVATE = 0o600
PUBLIC = 0o644


def write_whole(path: Path, content: bytes, mode: int = PUBLIC) -> None:
    """Put `content` into `path` in one step: a reader sees the old file or the new one; raises Trouble."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise Trouble(f"{path}: {error.strerror}; choose a place that may be written and has room") from error


def make_folder(path: Path) -> Path:
    """Create the private folder `path` if need be and return it; raises Trouble when it cannot be written."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Trouble(f"folder {path}: {error.strerror}; choose another one or mend its rights") from error
    if not os.access(path, os.W_OK | os.X_OK):
        raise Trouble(f"folder {path} may not be written; choose another one or mend its rights")
    return path
