"""Why the unit started, how often it crashed before, and whether it should rather not try again (safe mode).

The Pico's own reset cause knows power-on and watchdog only, and its `reset()` looks like the watchdog. So what is done
on purpose is written down before, and so is what a crash said.
"""

import json

from thirdring_unit.core.slots import Slots

SLOT = "starts"
CRASHES_MOST = 3  # in a row, each within SETTLED_MS of its start
SETTLED_MS = 600_000  # a start that lives so long was no crash
WHY_LENGTH = 120


class Starts:
    """What is known of the starts until this one; made once at each start. Raises OSError when that cannot be kept.

    `reason` is why this one came: "power", "watchdog", "crash", or the word given to `plan`. `why` is what the last
    crash said, `crashes` how many came in a row.
    """

    def __init__(self, slots: Slots, is_power_on: bool) -> None:
        self._slots = slots
        self._planned = ""
        self._is_settled = False
        kept = json.loads((slots.load(SLOT) or b'{"crashes":0,"planned":"","why":""}').decode())
        self.crashes: int = kept["crashes"]
        self.why: str = kept["why"]
        self.reason: str = kept["planned"]
        if is_power_on:
            self.reason, self.crashes, self.why = "power", 0, ""
        elif not self.reason:
            self.crashes += 1
            self.reason = "crash" if self.why else "watchdog"
            self.why = self.why or "the program stood still and the watchdog ended it"
        self._is_retry = bool(kept["planned"])
        self._save(self.why if self.is_unsafe else "")

    @property
    def is_unsafe(self) -> bool:
        """Tell whether to start in safe mode: after repeated crashes, unless this start is a planned one."""
        return self.crashes >= CRASHES_MOST and not self._is_retry

    def settle(self, up_ms: int) -> None:
        """Take that the unit lives at `up_ms`; after SETTLED_MS earlier crashes are forgotten."""
        if not self._is_settled and up_ms >= SETTLED_MS:
            self._is_settled = True
            if self.crashes:
                self.crashes = 0
                self._save("")

    def crash(self, why: str) -> None:
        """Write down why the unit is about to end."""
        self._save(why[:WHY_LENGTH])

    def plan(self, word: str) -> None:
        """Write down that the unit is about to start anew on purpose; `word` will be the reason."""
        self._planned = word
        self._save("")

    def _save(self, why: str) -> None:
        kept = {"crashes": self.crashes, "planned": self._planned, "why": why}
        self._slots.save(SLOT, json.dumps(kept).encode())
