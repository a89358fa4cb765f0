"""The GPIO controller of a Raspberry Pi, through lgpio, which works on every Pi and stamps edges in the kernel."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from gpiozero.exc import GPIOZeroError
from gpiozero.pins import Factory

from thirdring_unit.errors import UserError


def open_controller(chip: str, scratch: Path) -> Factory:
    """Open the controller that is called `chip` (number, name or label; empty: the Pi's own) as gpiozero's pins.

    lgpio keeps a pipe in `scratch`. Raises UserError.
    """
    os.environ["LG_WD"] = str(scratch)
    try:
        import lgpio  # noqa: PLC0415 -- importing it starts a thread and makes a pipe: only where there are pins
        from gpiozero.pins.lgpio import LGPIOFactory  # noqa: PLC0415 -- imports lgpio
    except ImportError as error:
        raise UserError("lgpio is missing, which reads the pins: install it (apt install python3-lgpio)") from error
    try:
        factory: Factory = LGPIOFactory(_number(chip, lgpio) if chip else None)
        _ = factory.board_info
    except lgpio.error as error:
        name = f"GPIO controller {chip}" if chip else "the GPIO controller"
        raise UserError(f"{name} cannot be opened ({_text(error)}): is this user in the group gpio?") from error
    except GPIOZeroError as error:
        raise UserError(f"the pins cannot be used: is this a Raspberry Pi? ({error})") from error
    return factory


def pin_error(name: str, number: int, error: Exception) -> UserError:
    """Say in one line why a pin cannot be used."""
    return UserError(f"{name} (BCM {number}) cannot be used ({_text(error)}): does another program use this pin?")


def _number(chip: str, lgpio: Any) -> int:
    if chip.isdigit():
        return int(chip)
    known: dict[str, int] = {}
    for path in sorted(Path("/dev").glob("gpiochip*")):
        number = int(path.name.removeprefix("gpiochip"))
        with suppress(lgpio.error):  # of another group, perhaps
            handle = lgpio.gpiochip_open(number)
            _, _, name, label = lgpio.gpio_get_chip_info(handle)
            lgpio.gpiochip_close(handle)
            known |= {name: number, label: number}
    if chip not in known:
        there = ", ".join(known) or "none that this user may open"
        raise UserError(f"there is no GPIO controller {chip}: check `chip` in [pins]; there are {there}")
    return known[chip]


def _text(error: Exception) -> str:
    return str(error).strip("'")
