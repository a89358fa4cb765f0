"""Where the journal keeps its bytes: the contract, and a storage in memory that fulfils it."""


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

    def read(self, name: str) -> bytes:
        """Return all bytes of `name`, none when there is no such name."""
        return self.files.get(name, b"")

    def append(self, name: str, data: bytes) -> None:
        """Add `data` at the end of `name`, which need not exist."""
        self.files[name] = self.read(name) + data

    def write(self, name: str, data: bytes) -> None:
        """Replace all bytes of `name`; a power failure may leave any prefix of `data` and nothing of the old."""
        self.files[name] = data

    def remove(self, name: str) -> None:
        """Remove `name` and its bytes; it is no error when there is no such name."""
        self.files.pop(name, None)
