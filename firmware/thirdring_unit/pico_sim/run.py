"""Runs the Pico's program in the world of a folder: `micropython -X heapsize=160k run.py FOLDER`."""

import sys

from thirdring_unit.pico_sim.world import world


def main(folder: str) -> None:
    """Be a Pico until the process is killed."""
    from thirdring_unit.pico.pins import INPUTS

    world.begin(folder, {row[0]: row[1] for row in INPUTS})

    from thirdring_unit.pico.main import main as program
    from thirdring_unit.pico_sim.watched import WatchedUplink

    program(folder + "/", WatchedUplink)


if __name__ == "__main__":
    main(sys.argv[1])
