"""How long a phone's rings sound when nobody answers: by that, one that is broken off is known."""

from collections import deque

CUT_MS = 50  # a ring that is so much shorter was broken off; frames of 20 ms and echoes make less of a difference
KEPT = 8


class Whole:
    """Learns from every ring that another one followed; `usual_ms` is what is known before."""

    def __init__(self, usual_ms: int) -> None:
        self._usual_ms = usual_ms
        self._lasted_ms: deque[int] = deque(maxlen=KEPT)

    def followed(self, lasted_ms: int) -> None:
        """Takes the length of a ring after which the phone rang again."""
        self._lasted_ms.append(lasted_ms)

    def cut(self, lasted_ms: int) -> bool:
        """Whether a ring that lasted so long was broken off."""
        known_ms = sorted(self._lasted_ms)
        whole_ms = known_ms[len(known_ms) // 2] if known_ms else self._usual_ms
        return lasted_ms < whole_ms - CUT_MS
