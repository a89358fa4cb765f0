"""Where the journal keeps its bytes: the contract, and a storage in memory that fulfils it."""

WHOLE_BYTES = 1 << 29  # more than any file has


class Storage:
    """Named byte strings, here in memory: for a replay that leaves nothing behind, and for tests.

    A runtime derives its own from this class and replaces every method. What `append` and `write` took must be
    durable when they return. When the power fails inside one of them, any prefix of `data` may have arrived; all
    other names must be untouched. Names are short, of a-z, 0-9, hyphen and dot. Every method may raise OSError.
    """

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def names(self) -> "list[str]":
        """Return all names, in any order."""
        return [str(name) for name in self.files]

    def read(self, name: str, start: int = 0, size_bytes: int = WHOLE_BYTES) -> bytes:
        """Return up to `size_bytes` of `name` from `start` on, none when there is no such name."""
        return self.files.get(name, b"")[start : start + size_bytes]

    def append(self, name: str, data: bytes) -> None:
        """Add `data` at the end of `name`, which need not exist."""
        self.files[name] = self.read(name) + data

    def write(self, name: str, data: bytes) -> None:
        """Replace all bytes of `name`; a power failure may leave any prefix of `data` and nothing of the old."""
        self.files[name] = data

    def remove(self, name: str) -> None:
        """Remove `name` and its bytes; it is no error when there is no such name."""
        self.files.pop(name, None)
