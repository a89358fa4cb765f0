"""Small state that survives a power cut: each name has two slots, written in turn, so that one is always whole."""

from thirdring_unit.core.frame import seal, unseal
from thirdring_unit.core.storage import Storage

MAX_SLOT_BYTES = 16384
_SERIAL_DIGITS = 20  # more than any serial has


class Slots:
    """Named small texts over a storage; after a power cut a name holds its last text or the one before it."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def load(self, name: str) -> bytes | None:
        """Return the newest whole text saved as `name`, None when there is none."""
        text = self._newest(name)[1]
        return None if text is None else bytes(text)

    def save(self, name: str, text: bytes) -> None:
        """Keep `text` (no newline in it) as `name`; durable on return. Raises OSError when the storage does."""
        if len(text) > MAX_SLOT_BYTES:
            raise ValueError(f"{name}: {len(text)} bytes, at most {MAX_SLOT_BYTES} are kept")
        serial = self._serial_for(name, text)
        if serial:
            self._storage.write(f"{name}.{serial % 2}", seal(b"%d " % serial + text))

    def _serial_for(self, name: str, text: bytes) -> int:
        """Return the number under which `text` is to be kept, 0 when it is what is kept already."""
        serial, old = self._newest(name)
        return 0 if old is not None and old == text else serial + 1

    def _newest(self, name: str) -> "tuple[int, memoryview | None]":
        found: tuple[int, memoryview | None] = (0, None)
        for side in ("0", "1"):
            body = unseal(self._storage.read(f"{name}.{side}"))
            if body is not None:
                digits, _, _ = bytes(body[:_SERIAL_DIGITS]).partition(b" ")
                if int(digits) > found[0]:
                    found = int(digits), body[len(digits) + 1 :]
        return found
