"""A corner: every part at one end of its spread, chosen so that the ends that hurt together come together."""

import math
from dataclasses import dataclass
from itertools import product
from types import MappingProxyType

from thirdring_bench.circuit import Item

TEMPERATURES_C = (0, 50)
ROOM_C = 25

_GROUPS = MappingProxyType(
    {
        # What brings more energy to the LEDs and to the sound input when it is larger (+1) or smaller (-1).
        "c_ring": ("drive", +1),
        "r_ring": ("drive", -1),
        "zener_ring": ("drive", -1),
        "r_led_shunt": ("drive", +1),
        "r_tap_load": ("drive", +1),
        "r_loop_shunt": ("drive", +1),
        "r_loop_led": ("drive", -1),
        "ptc_line": ("drive", -1),
        "mov_line": ("drive", +1),
        "c_tap": ("drive", +1),
        "r_tap": ("drive", -1),
        # What makes the nodes behind the optocouplers slower.
        "r_charge": ("slow", +1),
        "c_hold": ("slow", +1),
        "r_discharge": ("slow", -1),
        "r_pull_up": ("slow", +1),
        "r_loop_pull": ("slow", +1),
        "r_series": ("slow", +1),
        "c_loop": ("slow", +1),
    }
)


@dataclass(frozen=True, slots=True)
class Corner:
    """One combination of spreads: each of `drive`, `gain` (CTR) and `slow` is -1, 0 (nominal) or +1."""

    drive: int
    gain: int
    slow: int
    celsius: int

    @property
    def name(self) -> str:
        """Short name for tables, such as "drive- gain+ slow- 50 °C"."""
        if self == NOMINAL:
            return "nominal"
        sign = {-1: "-", 0: "0", 1: "+"}
        return f"drive{sign[self.drive]} gain{sign[self.gain]} slow{sign[self.slow]} {self.celsius} °C"

    @property
    def hot(self) -> bool:
        """Leakage currents are at their worst."""
        return self.celsius > ROOM_C

    def factor(self, item: Item) -> float:
        """By how much the value of `item` differs from what is printed on it."""
        group, direction = _GROUPS.get(item.name, ("", 0))
        toward = {"drive": self.drive, "slow": self.slow}.get(group, 0)
        return 1 + toward * direction * item.tol_pct / 100

    def between(self, limits: tuple[float, float] | list[float], toward: int) -> float:
        """The lowest, middle or highest of a range, as `toward` is -1, 0 or +1."""
        low, high = limits
        return {-1: low, 0: math.sqrt(low * high), 1: high}[toward]


NOMINAL = Corner(0, 0, 0, ROOM_C)
ALL = (NOMINAL, *(Corner(*way) for way in product((-1, 1), (-1, 1), (-1, 1), TEMPERATURES_C)))
FEW = (NOMINAL, Corner(-1, -1, -1, 0), Corner(1, 1, -1, 0))
"""Nominal, and the weak and the strong end at which most requirements are tightest: for a proof in seconds."""
