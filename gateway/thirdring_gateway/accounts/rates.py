"""How often somebody may ask: an allowance that fills up again as time goes by."""

from collections import OrderedDict
from dataclasses import dataclass, field

REMEMBERED_MAX = 1024


@dataclass
class Allowance:
    """At most `most` askings at once, and one more every `every_ms`, for each key apart.

    Only the latest keys are remembered; a key that was forgotten has its whole allowance again.
    """

    most: int
    every_ms: int
    _full_at_ms: "OrderedDict[str, int]" = field(default_factory=OrderedDict)

    def wait_ms(self, key: str, now_ms: int) -> int:
        """Return how long `key` has to wait before it may ask, 0 when it may now."""
        return max(0, self._full_at_ms.get(key, 0) - now_ms - (self.most - 1) * self.every_ms)

    def take(self, key: str, now_ms: int) -> int:
        """Return how long `key` has to wait, 0 when it may ask now: that asking is counted."""
        wait_ms = self.wait_ms(key, now_ms)
        if not wait_ms:
            self._full_at_ms[key] = max(self._full_at_ms.get(key, 0), now_ms) + self.every_ms
            self._full_at_ms.move_to_end(key)
            while len(self._full_at_ms) > REMEMBERED_MAX:
                self._full_at_ms.popitem(last=False)
        return wait_ms
