"""MicroPython's `time`, by the world's clock; `utime` is the real one."""

from utime import gmtime, ticks_add, ticks_diff, time

from thirdring_unit.pico_sim.world import world

__all__ = ("gmtime", "sleep_ms", "ticks_add", "ticks_diff", "ticks_ms", "time")


def ticks_ms() -> int:
    """Return what the Pico's counter shows."""
    return world.ticks()


def sleep_ms(wait_ms: int) -> None:
    """Let time pass."""
    world.wait(None, wait_ms)
