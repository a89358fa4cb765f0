"""Verdict: who hung up first, and why we think so (R10)."""

from thirdring_unit.core.deaf import Deaf
from thirdring_unit.core.settings import Settings

WAITING_MS = 30_000  # a flash this soon after the call-waiting tone goes to the waiting call
AFTERWARDS_MS = 3000  # speech on the line so long after the far end cleared shows that it had not

CLEARING_TONES = {
    "busy": "busy tone",
    "congestion": "congestion tone",
    "disconnect": "disconnect tone",
    "dial": "dial tone",
}


class Verdict:
    """Collects the evidence of one call; `by_and_why` weighs it.

    Before on-hook, a clearing tone or an open loop says that the caller went first. On-hook without either says that
    the agent did, but only where the caller's going would have been sensed.
    """

    def __init__(self, settings: Settings, voice: Deaf) -> None:
        self._settings = settings
        self._voice = voice
        self._waiting_ms: int | None = None
        self.begin(answered=False)

    def begin(self, *, answered: bool) -> None:
        """A call begins."""
        self._answered = answered
        self._aside = False  # a flash put the caller aside: the line is another party's
        self._swapped = False  # ... who had been waiting
        self._left: tuple[int, str] | None = None
        self._doubtful = False  # a break that may be the agent's flash or the exchange's open loop
        self._waiting_ms = None

    @property
    def left_ms(self) -> int | None:
        """When the caller left, as far as the evidence goes."""
        return None if self._left is None else self._left[0]

    def tone(self, at_ms: int, name: object) -> None:
        """A tone began on the line."""
        if name == "waiting":
            self._waiting_ms = at_ms
        elif name == "dtmf":
            self._doubtful = False  # who dials after a break had flashed
        elif isinstance(name, str) and name in CLEARING_TONES:
            self._leave(at_ms, CLEARING_TONES[name])

    def opened(self, at_ms: int) -> None:
        """The loop was open for as long as the exchange opens it when the far end clears."""
        self._leave(at_ms, "open loop")

    def flashed(self, at_ms: int, length_ms: int) -> bool:
        """The agent flashed, to another party or back; returns whether the caller is now aside."""
        settings = self._settings
        self._doubtful = settings.open_loop_min_ms <= length_ms <= settings.open_loop_max_ms
        if not self._aside and self._waiting_ms is not None and at_ms - self._waiting_ms <= WAITING_MS:
            self._swapped = True
        self._aside = not self._aside
        return self._aside

    def spoke(self, at_ms: int) -> None:
        """Speech began on the line: nobody has left yet."""
        if self._left is not None and at_ms > self._left[0] + AFTERWARDS_MS:
            self._left = None

    def by_and_why(self) -> tuple[str, str]:
        """Who hung up first, and a short reason."""
        if not self._answered:
            return ("unknown", "dialled")
        if self._left is not None:
            return ("caller", self._left[1])
        if self._swapped:
            return ("unknown", "call waiting")
        if self._aside:
            return ("unknown", "flash or open loop" if self._doubtful and self._settings.open_loop else "transfer")
        deaf = self._deafness()
        return ("unknown", deaf) if deaf else ("agent", "on-hook first")

    def _deafness(self) -> str:
        """Why the caller's going would not have been sensed; empty if it would."""
        if self._settings.open_loop:
            return ""
        if not self._voice.hears("line"):
            return "no tone sensing"
        return "" if self._settings.far_end_tone else "no clearing tone"

    def _leave(self, at_ms: int, why: str) -> None:
        if self._left is None and not self._aside and not self._swapped:
            self._left = (at_ms, why)
