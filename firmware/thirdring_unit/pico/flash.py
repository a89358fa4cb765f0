"""The journal's storage on the Pico's flash: files of littlefs, which keeps a file whole until it is closed."""

import os

from thirdring_unit.core.storage import WHOLE_BYTES, Storage

_DIRECTORY = 0x4000
_MISSING = 2  # ENOENT
_EXISTS = 17  # EEXIST


class Flash(Storage):
    """Files in `folder`, which is made when it is missing; raises OSError when that cannot be.

    Closing a file makes it durable: littlefs writes the new blocks first, and the entry that points to them last. A
    power failure before leaves the old bytes, which the contract of Storage allows.
    """

    def __init__(self, folder: str) -> None:
        super().__init__()
        self._prefix = folder + "/"
        try:
            os.mkdir(folder)
        except OSError as error:
            if error.errno != _EXISTS:
                raise

    def names(self) -> "list[str]":
        """Return the names of the files."""
        return [entry[0] for entry in os.ilistdir(self._prefix) if entry[1] != _DIRECTORY]

    def read(self, name: str, start: int = 0, size_bytes: int = WHOLE_BYTES) -> bytes:
        """Return up to `size_bytes` of `name` from `start` on, none when there is no such file."""
        try:
            left_bytes = max(0, os.stat(self._prefix + name)[6] - start)  # known beforehand, it takes no more heap
            with open(self._prefix + name, "rb") as file:
                file.seek(start)
                data: bytes = file.read(min(size_bytes, left_bytes))
        except OSError as error:
            if error.errno == _MISSING:
                return b""
            raise
        return data

    def append(self, name: str, data: bytes) -> None:
        """Add `data` at the end of `name`."""
        with open(self._prefix + name, "ab") as file:
            file.write(data)

    def write(self, name: str, data: bytes) -> None:
        """Replace all bytes of `name`."""
        with open(self._prefix + name, "wb") as file:
            file.write(data)

    def remove(self, name: str) -> None:
        """Remove the file `name`, if there is one."""
        try:
            os.remove(self._prefix + name)
        except OSError as error:
            if error.errno != _MISSING:
                raise
