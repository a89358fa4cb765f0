"""Small state that survives a power cut: each name has two slots, written in turn, so that one is always whole."""

from thirdring_unit.core.frame import seal, unseal
from thirdring_unit.core.storage import Storage

MAX_SLOT_BYTES = 16384


class Slots:
    """Named small texts over a storage; after a power cut a name holds its last text or the one before it."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def load(self, name: str) -> bytes | None:
        """Return the newest whole text saved as `name`, None when there is none."""
        return self._newest(name)[1]

    def save(self, name: str, text: bytes) -> None:
        """Keep `text` (no newline in it) as `name`; durable on return. Raises OSError when the storage does."""
        if len(text) > MAX_SLOT_BYTES:
            raise ValueError(f"{name}: {len(text)} bytes, at most {MAX_SLOT_BYTES} are kept")
        serial, old = self._newest(name)
        if text != old:
            serial += 1
            self._storage.write(f"{name}.{serial % 2}", seal(b"%d " % serial + text))

    def _newest(self, name: str) -> "tuple[int, bytes | None]":
        found: tuple[int, bytes | None] = (0, None)
        for side in ("0", "1"):
            body = unseal(self._storage.read(f"{name}.{side}").rstrip(b"\n"))
            if body is not None:
                serial, _, text = body.partition(b" ")
                if int(serial) > found[0]:
                    found = (int(serial), text)
        return found
