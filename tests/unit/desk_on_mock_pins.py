"""`thirdring-unit run` and `check` on gpiozero's mock pins, which stdin drives, a word and a number a line.

`ring 1` pulls an input, `ring 0` lets it go, `wait 60` waits 60 ms, `watch 0` until the program watches its inputs.
PACE in the environment lets the program's clock run so many times faster than life.

    python desk_on_mock_pins.py run --config unit.toml --state folder
"""

import os
import sys
from functools import partial
from threading import Event, Thread

from gpiozero.pins.mock import MockFactory
from thirdring_unit import cli
from thirdring_unit.pi import check, main, pins

PULLED = MockFactory()
PINS = {name: PULLED.pin(number) for name, (number, _, _) in pins.INPUTS.items()}


def drive() -> None:
    """Pull the pins as stdin says; an input is active when it is pulled to ground."""
    pausing = Event()
    for line in sys.stdin:
        name, number = line.split()
        if name == "wait":
            pausing.wait(int(number) / 1_000)
        elif name == "watch":
            while all(pin.when_changed is None for pin in PINS.values()):
                pausing.wait(0.02)
        else:
            (PINS[name].drive_low if number == "1" else PINS[name].drive_high)()


if __name__ == "__main__":
    Thread(target=drive, daemon=True).start()
    main.live = partial(main.live, controller=lambda *_: PULLED, pace=int(os.environ.get("PACE", "1")))
    check.check = partial(check.check, controller=lambda *_: PULLED)
    cli.main()
