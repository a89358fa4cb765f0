"""The Pico's program: reads how the unit was set up, and puts its parts together. `/main.py` calls `main`."""

import gc
import sys
from time import sleep_ms

import machine

from thirdring_unit.core.slots import Slots
from thirdring_unit.pico.board import Board
from thirdring_unit.pico.flash import Flash
from thirdring_unit.pico.forget import forget
from thirdring_unit.pico.setup import Setup, SetupError
from thirdring_unit.pico.starts import Starts
from thirdring_unit.pico.uplink import Uplink

GC_THRESHOLD_BYTES = 4_096  # collect early, so that the heap keeps room in one piece
JOURNAL_MAX_BYTES = 128 * 4_096  # segments of one flash block each, and a third of the flash stays free for the rest
BLINK_MS = 100
PAUSE_BLINKS = 50  # after a crash, so that one at every start does not wear out the flash
HELP_EVERY = 50  # blinks


def main(folder: str = "/", link: "type[Uplink]" = Uplink) -> None:
    """Be a desk unit, and start anew when that ends. `folder` ends in a slash; `link` makes its uplink.

    A unit that was not set up rightly says so on its serial line, and its lights blink in turn, until it is.
    """
    gc.threshold(GC_THRESHOLD_BYTES)
    board = Board()
    try:
        setup = _setup(folder)
        flash = Flash(folder + "journal")
        starts = Starts(Slots(flash), machine.reset_cause() == machine.PWRON_RESET)
        _live(board, setup, flash, starts, link)
    except SetupError as error:
        _ask_for_help(board, str(error))


def _setup(folder: str) -> Setup:
    from thirdring_unit.pico.reading import read  # noqa: PLC0415 -- forgotten once it is done

    return read(folder)


def _live(board: Board, setup: Setup, flash: Flash, starts: Starts, link: "type[Uplink]") -> None:
    """Run the unit, or its safe mode, until a new start is needed."""
    try:
        run = _safe_desk if starts.is_unsafe else _desk
        starts.plan(run(board, setup, flash, starts, link))
    except SetupError:
        raise
    except Exception as error:  # noqa: BLE001 -- whatever it was, it is written down, and the unit starts anew
        sys.print_exception(error)
        starts.crash(f"{type(error).__name__}: {error}")
        for turn in range(PAUSE_BLINKS):
            _blink(board, turn)
    machine.reset()


def _desk(board: Board, setup: Setup, flash: Flash, starts: Starts, link: "type[Uplink]") -> str:
    forget()
    from thirdring_unit.core.journal import Journal  # noqa: PLC0415 -- safe mode must not need what may have crashed
    from thirdring_unit.core.unit import Unit  # noqa: PLC0415 -- likewise
    from thirdring_unit.pico.capture import fitted  # noqa: PLC0415 -- likewise
    from thirdring_unit.pico.desk import Desk  # noqa: PLC0415 -- likewise

    settings = setup.settings
    unit = Unit(settings, Journal(flash, min(settings.limit_bytes, JOURNAL_MAX_BYTES)), starts.reason, "pico")
    forget()
    uplink = link(setup, unit.subscriptions(), unit.will())
    return Desk(unit, board, fitted(settings.inputs), uplink, starts).run()


def _safe_desk(board: Board, setup: Setup, flash: Flash, starts: Starts, link: "type[Uplink]") -> str:
    from thirdring_unit.pico.safe import SafeDesk  # noqa: PLC0415 -- no other start needs it

    return SafeDesk(board, setup, Slots(flash), starts.why, link).run()


def _ask_for_help(board: Board, why: str) -> None:
    turn = 0
    while True:
        if turn % HELP_EVERY == 0:
            sys.stdout.write(f"thirdring: {why}\n")
        _blink(board, turn)
        turn += 1


def _blink(board: Board, turn: int) -> None:
    board.lights.show(turn % 2 == 0, turn % 2 == 1)
    board.watchdog.feed()
    sleep_ms(BLINK_MS)
