"""MicroPython's `network`: a Wi-Fi chip that joins any network in a moment, while the world has Wi-Fi."""

from thirdring_unit.pico_sim.world import world

STA_IF = 0
JOIN_MS = 100
CONNECTING, GOT_IP, NO_AP_FOUND = 1, 3, -2


def country(_code: str) -> None:
    """Take the country of the radio rules."""


class WLAN:
    """The station interface."""

    PM_NONE = 16

    def __init__(self, _interface: int) -> None:
        self._joined_ms: int | None = None

    def active(self, on: bool) -> None:
        """Switch the chip on or off."""
        if not on:
            self._joined_ms = None

    def config(self, pm: int) -> None:
        """Set the power saving, which must be off."""
        assert pm == self.PM_NONE

    def connect(self, name: str, _password: "str | None") -> None:
        """Join a network."""
        world.note("wifi.log", f"{world.now_ms()} join {name}")
        self._joined_ms = world.now_ms() + JOIN_MS

    def disconnect(self) -> None:
        """Leave the network."""
        self._joined_ms = None

    def isconnected(self) -> bool:
        """Tell whether the network is there."""
        return self.status() == GOT_IP

    def status(self) -> int:
        """Return how far joining is; negative when it failed."""
        if not world.has_wifi():
            self._joined_ms = None
        if self._joined_ms is None:
            return NO_AP_FOUND
        return GOT_IP if world.now_ms() >= self._joined_ms else CONNECTING
