"""Runs the Pico's program in the world of a folder: `main(FOLDER)`, with this folder first on MicroPython's path."""

import sys

from thirdring_unit.pico_sim.world import world


def main(folder: str) -> None:
    """Be a Pico until the process is killed."""
    world.begin(folder, _pin_numbers())

    import select  # noqa: F401
    import time  # noqa: F401

    import machine  # noqa: F401 -- before the heap is looked at: stand-ins are no part of the program
    import network  # noqa: F401

    world.note_heap()

    from thirdring_unit.pico.main import main as program
    from thirdring_unit.pico_sim.watched import WatchedUplink

    program(folder + "/", WatchedUplink)


def _pin_numbers() -> "dict[str, int]":
    """Return the GP number of each input; the module is let go of, for the program's heap is counted without ours."""
    from thirdring_unit.pico.pins import INPUTS

    numbers = {row[0]: row[1] for row in INPUTS}
    del sys.modules["thirdring_unit.pico.pins"]
    delattr(sys.modules["thirdring_unit.pico"], "pins")
    return numbers
