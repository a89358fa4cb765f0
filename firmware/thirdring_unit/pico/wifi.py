"""The Pico's Wi-Fi: joins one of the known networks, tries the next one with growing pauses, and restarts the chip.

Power saving is off (PM_NONE): with it, the chip is known to hang and to answer late.
"""

import network
from network import WLAN

from thirdring_unit.pico.backoff import BackOff

JOIN_MS = 15_000  # joining takes two to ten seconds
RESTART_AFTER = 4  # attempts in vain, after which the chip is switched off and on


class Wifi:
    """One of `networks`, pairs of name and password (empty: an open network), in the radio rules of `country`."""

    def __init__(self, networks: "list[tuple[str, str]]", country: str) -> None:
        network.country(country)
        self._networks = networks
        self._wlan = WLAN(network.STA_IF)
        self._wlan.active(True)
        self._backoff = BackOff(1_000, 60_000)
        self._attempts = 0
        self._joining_until_ms: int | None = None

    def step(self, up_ms: int) -> bool:
        """Do what is due and tell whether the network is there."""
        if self._wlan.isconnected():
            self._joining_until_ms = None
            self._attempts = 0
            self._backoff.reset()
            return True
        if self._joining_until_ms is None:
            if self._backoff.is_over(up_ms):
                self._join(up_ms)
        elif up_ms >= self._joining_until_ms or self._wlan.status() < 0:  # the chip says that it found no such network
            self._give_up(up_ms)
        return False

    def _join(self, up_ms: int) -> None:
        name, password = self._networks[self._attempts % len(self._networks)]
        self._wlan.config(pm=WLAN.PM_NONE)
        self._wlan.connect(name, password or None)
        self._joining_until_ms = up_ms + JOIN_MS

    def _give_up(self, up_ms: int) -> None:
        self._joining_until_ms = None
        self._attempts += 1
        self._backoff.begin(up_ms)
        self._wlan.disconnect()
        if self._attempts % RESTART_AFTER == 0:
            self._wlan.active(False)
            self._wlan.active(True)
