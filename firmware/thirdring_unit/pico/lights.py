"""The two lights of a desk, each an LED between its pin and ground."""

from machine import Pin


class Lights:
    """VIP and prompt light, by the rows of `pins.LIGHTS`."""

    def __init__(self, rows: "tuple[tuple[str, int, int], ...]") -> None:
        self._lit = [level for _, _, level in rows]
        self._pins = [Pin(pin, Pin.OUT, value=1 - level) for _, pin, level in rows]

    def show(self, vip: bool, prompt: bool) -> None:
        """Switch both lights."""
        for pin, lit, on in zip(self._pins, self._lit, (vip, prompt)):
            pin.value(lit if on else 1 - lit)
