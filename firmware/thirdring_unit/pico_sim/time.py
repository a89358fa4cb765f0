"""MicroPython's `time`, by the world's clock; `utime` is the real one."""

from utime import gmtime, time

from thirdring_unit.pico_sim.world import TICKS_PERIOD, world

__all__ = ("gmtime", "sleep_ms", "ticks_diff", "ticks_ms", "time")


def ticks_ms() -> int:
    """Return what the Pico's counter shows."""
    return world.ticks()


def ticks_diff(ticks: int, since: int) -> int:
    """Return the time between two of the counter's values; the Pico's wraps earlier than this machine's."""
    half = TICKS_PERIOD // 2
    return (ticks - since + half) % TICKS_PERIOD - half


def sleep_ms(wait_ms: int) -> None:
    """Let time pass."""
    world.wait(None, wait_ms)
