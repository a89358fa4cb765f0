"""MicroPython's `machine`: pins that the world drives, lights that are written down, a watchdog that bites."""

from thirdring_unit.pico_sim.world import NEVER_MS, RESET_STATUS, world

PWRON_RESET = 1
WDT_RESET = 3

_is_power_on = world.is_power_on()
world.started()


def reset_cause() -> int:
    """Tell why the Pico started; as on the real one, its own `reset` looks like the watchdog."""
    return PWRON_RESET if _is_power_on else WDT_RESET


def reset() -> None:
    """Start anew."""
    world.restart(RESET_STATUS)


class Pin:
    """A pin: an input stands as the world drives it (active low), an output's changes go into `lights.csv`."""

    IN, OUT = 0, 1
    PULL_UP, PULL_DOWN = 1, 2
    IRQ_FALLING, IRQ_RISING = 4, 8

    def __init__(self, number: int, mode: int, _pull: int = 0, value: int = 0) -> None:
        self.handler: object = None
        self._number = number
        self._is_output = mode == self.OUT
        self._value = value if self._is_output else 1 - world.level(number)
        world.pins[number] = self

    def value(self, level: "int | None" = None) -> int:
        """Return the level, or set it."""
        if level is not None and level != self._value:
            self._value = level
            world.note("lights.csv", f"{world.now_ms()},{self._number},{level}")
        return self._value

    def drive(self, active: int) -> None:
        """Be driven from outside."""
        self._value = 1 - active

    def irq(self, handler: object, trigger: int, hard: bool) -> None:
        """Call `handler` on every change."""
        assert hard
        assert trigger == self.IRQ_FALLING | self.IRQ_RISING
        self.handler = handler


class WDT:
    """The watchdog: ends the process when it is not fed in time, by the world's time."""

    def __init__(self, timeout: int) -> None:
        self._timeout_ms = timeout
        world.watchdog_ms = NEVER_MS
        self.feed()

    def feed(self) -> None:
        """Begin the time anew."""
        world.watchdog_ms = world.now_ms() + self._timeout_ms


class RTC:
    """The clock of the date, which this machine sets by itself."""

    def datetime(self, _moment: tuple) -> None:
        """Set the date."""
