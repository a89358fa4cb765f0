"""The panel: two lights, each steady, blinking slowly or blinking fast, so that nobody needs to tell colours."""

SELF_TEST_MS = 2_000
IDENTIFY_MS = 10_000

# How a light shows a word: lit for the first so many milliseconds of every so many. No two look alike in rhythm, since
# one in twelve men does not tell red from green; none flashes more than three times a second, for people with epilepsy.
PATTERNS = {
    "off": (0, 1_000),
    "near": (1_000, 2_000),
    "over": (1_000, 1_000),
    "identify": (200, 400),
}


class Panel:
    """The VIP and the prompt light. At the start both are lit for a moment, so that a dead one is seen."""

    def __init__(self, up_ms: int) -> None:
        self._words = ("off", "off")
        self._since_ms = [up_ms, up_ms]
        self._test_until_ms = up_ms + SELF_TEST_MS
        self._identify_ms: int | None = None

    def show(self, up_ms: int, vip: str, prompt: str) -> bool:
        """Set the words of both lights; tell whether that changes anything."""
        words = (vip, prompt)
        changed = words != self._words
        for index in (0, 1):
            if words[index] != self._words[index]:
                self._since_ms[index] = up_ms
        self._words = words
        return changed

    def identify(self, up_ms: int) -> None:
        """Let both lights blink fast for a while, so that the desk can be found."""
        self._identify_ms = up_ms

    def lights(self, up_ms: int) -> "tuple[bool, bool]":
        """Return whether the VIP and the prompt light are lit now."""
        if up_ms < self._test_until_ms:
            return True, True
        first, second = [_is_lit(word, up_ms - since_ms) for word, since_ms in self._showing(up_ms)]
        return first, second

    def next_ms(self, up_ms: int) -> int | None:
        """Return when a light changes by itself, None when both stay as they are."""
        if up_ms < self._test_until_ms:
            return self._test_until_ms
        moments = [_next_change_ms(word, since_ms, up_ms) for word, since_ms in self._showing(up_ms)]
        return min([moment for moment in moments if moment is not None], default=None)

    def _showing(self, up_ms: int) -> "list[tuple[str, int]]":
        """Return the word that each light shows and since when."""
        if self._identify_ms is not None and up_ms - self._identify_ms < IDENTIFY_MS:
            return [("identify", self._identify_ms)] * 2
        return [(self._words[index], self._since_ms[index]) for index in (0, 1)]


def _is_lit(word: str, shown_ms: int) -> bool:
    lit_ms, cycle_ms = PATTERNS[word]
    return shown_ms % cycle_ms < lit_ms


def _next_change_ms(word: str, since_ms: int, up_ms: int) -> int | None:
    lit_ms, cycle_ms = PATTERNS[word]
    if lit_ms in (0, cycle_ms):
        return None
    into_ms = (up_ms - since_ms) % cycle_ms
    return up_ms + (lit_ms if into_ms < lit_ms else cycle_ms) - into_ms
