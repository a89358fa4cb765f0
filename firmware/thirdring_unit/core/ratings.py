"""Ratings and outcomes: the customer's and the agent's last word on a service (R19, R20)."""

from thirdring_unit.core.buttons import STABLE_MS
from thirdring_unit.core.debounce import BOUNCE_MS

Fact = tuple  # (at_ms, kind, fields)
_CERTAIN_MS = STABLE_MS + BOUNCE_MS + 1  # a press that still counts may become known so much later
SCORES = {"rate_1": 1, "rate_2": 2, "rate_3": 3, "rate_4": 4, "rate_5": 5}


class Ratings:
    """Turns rating and outcome presses into facts; rating presses within `pause_ms` are one, the last."""

    def __init__(self, pause_ms: int) -> None:
        self._pause_ms = pause_ms
        self._pending: list[Fact] = []  # the rating that may still change, if there is one

    def press(self, at_ms: int, name: str, call: int | None) -> "list[Fact]":
        """Return the facts that are certain now; `call` is what the press is about, None when there is none."""
        if name in ("resolved", "unresolved"):
            return [(at_ms, "outcome", _about(call, {"resolved": name == "resolved"}))]
        if name not in SCORES:
            return []
        settled = self.run(at_ms + _CERTAIN_MS - 1)
        self._pending = [(at_ms, "rated", _about(call, {"score": SCORES[name]}))]
        return settled

    def run(self, up_ms: int) -> "list[Fact]":
        """Return the rating that no press can change any more."""
        due_ms = self.next_ms()
        if due_ms is None or due_ms > up_ms:
            return []
        settled, self._pending = self._pending, []
        return settled

    def next_ms(self) -> int | None:
        """Return when `run` is needed next."""
        return self._pending[0][0] + self._pause_ms + _CERTAIN_MS if self._pending else None


def _about(call: int | None, fields: dict) -> dict:
    if call is not None:
        fields["call"] = call
    return fields
