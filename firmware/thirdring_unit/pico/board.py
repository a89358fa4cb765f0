"""What a Pico has before any file is read: its time, its two lights and its watchdog."""

from machine import WDT

from thirdring_unit.pico.lights import Lights
from thirdring_unit.pico.pins import LIGHTS
from thirdring_unit.pico.uptime import UpTime

WATCHDOG_MS = 8_388  # the longest that the chip knows; once begun it cannot be stopped


class Board:
    """One of each; the watchdog begins to run here."""

    def __init__(self) -> None:
        self.time = UpTime()
        self.lights = Lights(LIGHTS)
        self.watchdog = WDT(timeout=WATCHDOG_MS)
