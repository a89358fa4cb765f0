"""`thirdring-unit run` on gpiozero's mock pins, which stdin drives: `ring 1`, `serve 0`; `wait 60` is 60 ms.

python desk_on_mock_pins.py run --config unit.toml --state folder
"""

import sys
from functools import partial
from threading import Event, Thread

from gpiozero.pins.mock import MockFactory
from thirdring_unit import cli
from thirdring_unit.pi import main, pins


def drive(factory: MockFactory) -> None:
    """Pull the pins as stdin says; an input is active when it is pulled to ground."""
    for line in sys.stdin:
        name, active = line.split()
        if name == "wait":
            Event().wait(int(active) / 1_000)
            continue
        pin = factory.pin(pins.INPUTS[name][0])
        (pin.drive_low if active == "1" else pin.drive_high)()


if __name__ == "__main__":
    pulled = MockFactory()
    Thread(target=drive, args=(pulled,), daemon=True).start()
    main.live = partial(main.live, controller=lambda *_: pulled)
    cli.main()
