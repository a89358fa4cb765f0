"""The two lights of a desk on GPIO pins; with gpiozero's mock pins it is the simulated desk's driver."""

from gpiozero import LED
from gpiozero.pins import Factory


class LedLights:
    """VIP and prompt light, each an LED between its pin and ground.

    A pin is its number and whether a high level lights it. `pin_factory` is always given: a global one would make two
    desks in one process share their pins.
    """

    def __init__(self, vip_pin: tuple[int, bool], prompt_pin: tuple[int, bool], pin_factory: Factory) -> None:
        self._leds = tuple(
            LED(number, active_high=active_high, pin_factory=pin_factory)
            for number, active_high in (vip_pin, prompt_pin)
        )
        self._shown = (False, False)

    def show(self, vip: bool, prompt: bool) -> None:
        """Switch the lights; a pin is only touched when its light changes."""
        for led, was_on, on in zip(self._leds, self._shown, (vip, prompt), strict=True):
            if on != was_on:
                led.value = on
        self._shown = (vip, prompt)

    def close(self) -> None:
        """Switch both off and give the pins back."""
        for led in self._leds:
            led.off()
            led.close()
