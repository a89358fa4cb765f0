"""The journal's storage in a folder of real files, for the simulated desk and the Raspberry Pi."""

import os
from pathlib import Path

from thirdring_unit.core.storage import WHOLE_BYTES, Storage


class FileStorage(Storage):
    """Files in `folder`, which is made when it is missing; raises OSError when that cannot be.

    With `fsync` (the default) what was written survives a power cut, without it only the end of the process.
    """

    def __init__(self, folder: Path, *, fsync: bool = True) -> None:
        super().__init__()
        self._folder = folder
        self._fsync = fsync
        self._open: tuple[str, int] | None = None  # the file last appended to: opening costs more than writing
        folder.mkdir(parents=True, exist_ok=True)

    def names(self) -> list[str]:
        """Return the names of the files."""
        return [entry.name for entry in os.scandir(self._folder) if entry.is_file()]

    def read(self, name: str, start: int = 0, size_bytes: int = WHOLE_BYTES) -> bytes:
        """Return up to `size_bytes` of `name` from `start` on, none when there is no such file."""
        try:
            with (self._folder / name).open("rb") as file:
                file.seek(start)
                return file.read(size_bytes)
        except FileNotFoundError:
            return b""

    def append(self, name: str, data: bytes) -> None:
        """Add `data` at the end of `name`."""
        if self._open is None or self._open[0] != name:
            self.close()
            is_new = not (self._folder / name).exists()
            self._open = name, os.open(self._folder / name, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            if is_new:
                self._sync_folder()
        self._put(self._open[1], data)

    def write(self, name: str, data: bytes) -> None:
        """Replace all bytes of `name`."""
        is_new = not (self._folder / name).exists()
        descriptor = os.open(self._folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            self._put(descriptor, data)
        finally:
            os.close(descriptor)
        if is_new:
            self._sync_folder()

    def remove(self, name: str) -> None:
        """Remove the file `name`, if there is one."""
        if self._open is not None and self._open[0] == name:
            self.close()
        (self._folder / name).unlink(missing_ok=True)

    def close(self) -> None:
        """Give back the open file; the storage can be used on."""
        if self._open is not None:
            os.close(self._open[1])
            self._open = None

    def _put(self, descriptor: int, data: bytes) -> None:
        while data:
            data = data[os.write(descriptor, data) :]
        if self._fsync:
            os.fdatasync(descriptor)

    def _sync_folder(self) -> None:
        """Make a new name in the folder durable too."""
        if self._fsync:
            descriptor = os.open(self._folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
