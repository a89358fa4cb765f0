"""MicroPython's `select`, in the world's time; `uselect` is the real one."""

import uselect
from uselect import POLLERR, POLLHUP, POLLIN, POLLOUT

from thirdring_unit.pico_sim.world import world

__all__ = ("POLLERR", "POLLHUP", "POLLIN", "POLLOUT", "poll")


class poll:  # noqa: N801 -- MicroPython's own name
    """Waits for sockets."""

    def __init__(self) -> None:
        self._real = uselect.poll()

    def register(self, stream: object, events: int) -> None:
        """Look after a stream."""
        self._real.register(stream, events)

    def unregister(self, stream: object) -> None:
        """Look after a stream no more."""
        self._real.unregister(stream)

    def poll(self, wait_ms: int) -> list:
        """Return the streams that have something, after `wait_ms` at most."""
        return self._real.poll(0) if wait_ms == 0 else world.wait(self._real, wait_ms)
