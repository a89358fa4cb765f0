"""`thirdring-unit run`: a desk on a Raspberry Pi, composed of its drivers; runs until it is told to end."""

import signal
from collections.abc import Callable
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from typing import Protocol

import structlog
from gpiozero.pins import Factory

from thirdring_unit.core.journal import Journal
from thirdring_unit.core.settings import Settings
from thirdring_unit.core.unit import Unit
from thirdring_unit.drivers.broker import BrokerLink
from thirdring_unit.drivers.credentials import credentials_of
from thirdring_unit.drivers.lights import LedLights
from thirdring_unit.drivers.state import held
from thirdring_unit.edgefile import Edge
from thirdring_unit.pi import beginning, pins, service
from thirdring_unit.pi.deaf import Deaf
from thirdring_unit.pi.disk import Disk
from thirdring_unit.pi.gpio import open_controller
from thirdring_unit.pi.inputs import Inputs
from thirdring_unit.pi.wallclock import WallClock
from thirdring_unit.rounds import Chore, Rounds
from thirdring_unit.runtime import Clock, Inbox, Runtime, run

MODEL = "pi"
LOOK_MS = 1_000  # how often the pins are looked at, for an edge that was lost
CLOCK_MS = 10_000
DISK_MS = 10_000
ALIVE_MS = 10_000  # without a watchdog that wants it more often

_log = structlog.get_logger()

Controller = Callable[[str, Path], Factory]


class Hearing(Protocol):
    """What listens at a desk: nothing, or microphones."""

    def start(self) -> None:
        """Begin to listen; to be called when every pin is held."""

    def edge(self, unit: Unit, up_ms: int, *, edge: Edge) -> None:
        """Bring in an edge, after the sound until then."""

    def are_alive(self) -> bool:
        """Whether sound comes, or is at least tried again and again."""

    def close(self) -> None:
        """Listen no more."""


def live(config: Path, state: Path, controller: Controller = open_controller, pace: int = 1) -> None:
    """Be a desk until SIGTERM; `state` is the only folder that is written to.

    `pace` is how much faster than life its clock runs, for a soak. Raises UserError when settings, pins or state cannot
    be used.
    """
    with held(state), ExitStack() as opened:
        settings, wrong = beginning.settings(config, state)
        credentials = credentials_of(settings, state)
        factory = opened.enter_context(closing(controller(settings.chip, state)))
        clock = Clock(pace)
        inbox = Inbox(clock)
        hearing = opened.enter_context(closing(_hearing(settings, state, inbox, clock)))

        def put(edge: Edge) -> None:
            inbox.put(partial(hearing.edge, edge=edge), edge.at_ms)

        inputs = opened.enter_context(closing(Inputs(settings.inputs, factory, clock, put)))
        lights = opened.enter_context(closing(LedLights(pins.LIGHTS["vip"], pins.LIGHTS["prompt"], factory)))
        # Not before: recorders are forked, and a child that still holds a pin's line makes it busy for a while.
        hearing.start()
        disk = opened.enter_context(closing(Disk(state / "journal")))
        unit = _unit(settings, disk, state, wrong)  # not before all is there: every unit that is made is a boot
        unit.start(0, inputs.active())
        _live(unit, BrokerLink(credentials, unit, inbox, pace), lights, clock, inbox, _rounds(inputs, disk, hearing))
        beginning.ended(state)
        _log.info("desk stops", unit=settings.unit, boot=unit.boot)


def _unit(settings: Settings, disk: Disk, state: Path, wrong: str | None) -> Unit:
    """Make the unit, which tells what its start has found to be wrong."""
    journal = Journal(disk, settings.limit_bytes)
    unit = Unit(settings, journal, beginning.reason(state), MODEL)
    _log.info("desk starts", unit=settings.unit, boot=unit.boot)
    if wrong:
        unit.fault(0, "settings", True, wrong)
    if journal.damaged:
        _log.warning("records of the journal are damaged and left out", count=journal.damaged)
        unit.fault(0, "journal", True, f"{journal.damaged} records are damaged")
    return unit


def _live(unit: Unit, link: BrokerLink, lights: LedLights, clock: Clock, inbox: Inbox, rounds: Rounds) -> None:
    """Run the loop until somebody asks for its end."""
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, lambda *_: inbox.stop())
    link.connect()
    service.notify(service.READY)
    run(Runtime(unit, link, lights), clock, inbox, rounds)
    service.notify(service.STOPPING)
    link.close(unit.will())


def _rounds(inputs: Inputs, disk: Disk, hearing: Hearing) -> Rounds:
    """Return what is looked at now and then."""

    def stay_alive(_unit: Unit, _up_ms: int) -> None:
        if hearing.are_alive():
            service.notify(service.ALIVE)

    return Rounds(
        Chore(inputs.look, LOOK_MS),
        Chore(WallClock().look, CLOCK_MS),
        Chore(disk.look, DISK_MS),
        Chore(stay_alive, (service.watchdog_ms() or 2 * ALIVE_MS) // 2),
    )


def _hearing(settings: Settings, state: Path, inbox: Inbox, clock: Clock) -> Hearing:
    if not settings.channels:
        return Deaf()
    from thirdring_unit.pi.microphones import Microphones  # noqa: PLC0415 -- numpy comes with it, 30 MB

    return Microphones(settings, state, inbox, clock)
