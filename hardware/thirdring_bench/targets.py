"""The two computers a desk unit is built on, and what each of their pins may be used for."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Target:
    """A computer with numbered pins.

    `places` maps a pin number to its place on the connector; `taken` says why a pin on it is not free;
    `high_at_reset` are the pins that are pulled up from power-on until the program starts.
    """

    name: str
    key: str
    places: Mapping[int, int]
    taken: Mapping[int, str]
    high_at_reset: frozenset[int] = frozenset()


def _reasons(*groups: tuple[tuple[int, ...], str]) -> Mapping[int, str]:
    return MappingProxyType({pin: why for pins, why in groups for pin in pins})


PI = Target(
    name="Raspberry Pi",
    key="pi",
    places=MappingProxyType(
        {2: 3, 3: 5, 4: 7, 14: 8, 15: 10, 17: 11, 18: 12, 27: 13, 22: 15, 23: 16, 24: 18, 10: 19, 9: 21, 25: 22}
        | {11: 23, 8: 24, 7: 26, 0: 27, 1: 28, 5: 29, 6: 31, 12: 32, 13: 33, 19: 35, 16: 36, 26: 37, 20: 38, 21: 40}
    ),
    taken=_reasons(
        ((0, 1), "the identity EEPROM of add-on boards"),
        ((2, 3), "the I2C bus of a clock module, with fixed pull-ups"),
        ((14, 15), "the serial console"),
        ((18, 19, 20, 21), "the I2S bus of a sound board"),
    ),
    high_at_reset=frozenset(range(9)),
)

PICO_W = Target(
    name="Pico W",
    key="pico",
    places=MappingProxyType(
        {0: 1, 1: 2, 2: 4, 3: 5, 4: 6, 5: 7, 6: 9, 7: 10, 8: 11, 9: 12, 10: 14, 11: 15, 12: 16, 13: 17, 14: 19, 15: 20}
        | {16: 21, 17: 22, 18: 24, 19: 25, 20: 26, 21: 27, 22: 29, 26: 31, 27: 32, 28: 34}
    ),
    taken=_reasons(
        ((0, 1), "the serial console"),
        ((23, 24, 25, 29), "the wireless chip"),
    ),
)

TARGETS = (PI, PICO_W)
