"""What the telephone exchange of a country does to a line: ringing, tones, and the flash that its phones send.

Made from tones.csv alone, so that a simulated line is evidence about the core and not an echo of it.
"""

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

_FLASH_MS = {"US": 600, "CA": 600, "GB": 80, "JP": 300}  # what a phone of the country sends on its flash key
_FLASH_ELSEWHERE_MS = 100
_RING_HZ_ELSEWHERE = 25


@dataclass(frozen=True, slots=True)
class Tone:
    """Frequencies sounding together, and on/off times in turn; no times mean a steady tone."""

    hz: tuple[int, ...]
    on_off_ms: tuple[int, ...] = ()

    @property
    def cycle_ms(self) -> int:
        """Length of one whole cadence cycle."""
        return sum(self.on_off_ms)


@dataclass(frozen=True, slots=True)
class Exchange:
    """The line's side of one country."""

    ring_on_off_ms: tuple[int, ...]
    ring_hz: int
    dial: Tone
    busy: Tone
    congestion: Tone
    flash_ms: int

    @property
    def ring_cycle_ms(self) -> int:
        """Time from the start of one ring to the start of the next."""
        return sum(self.ring_on_off_ms)

    def bursts(self, at_ms: int) -> list[tuple[int, int]]:
        """Start and end of each burst of the ring that starts at `at_ms`; a British ring has two."""
        found = []
        for index, length_ms in enumerate(self.ring_on_off_ms):
            if index % 2 == 0:
                found.append((at_ms, at_ms + length_ms))
            at_ms += length_ms
        return found


@cache
def _table() -> dict[str, Exchange]:
    text = resources.files(__package__).joinpath("tones.csv").read_text(encoding="utf-8")
    return {row["country"]: _exchange(row) for row in csv.DictReader(text.splitlines())}


def countries() -> list[str]:
    """Name every country whose exchange is known."""
    return list(_table())


def exchange_of(country: str) -> Exchange:
    """Give the exchange of a country; raises KeyError for an unknown one."""
    return _table()[country]


def _exchange(row: dict[str, str]) -> Exchange:
    return Exchange(
        ring_on_off_ms=_numbers(row["ring_on_off_ms"]),
        ring_hz=(_numbers(row["ring_hz"]) or (_RING_HZ_ELSEWHERE,))[0],
        dial=Tone(_numbers(row["dial_hz"].split("*")[0])),  # India's is modulated; its carrier stands for it
        busy=Tone(_numbers(row["busy_hz"]), _numbers(row["busy_on_off_ms"])),
        congestion=Tone(_numbers(row["congestion_hz"]), _numbers(row["congestion_on_off_ms"])),
        flash_ms=_FLASH_MS.get(row["country"], _FLASH_ELSEWHERE_MS),
    )


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"(?<![.\d])\d+", text))
