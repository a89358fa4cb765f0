"""A simulated desk as a real process: a scenario in place of a phone, mock pins in place of lights, a real broker."""

import signal
from contextlib import closing
from pathlib import Path
from typing import Any

import structlog
from gpiozero.pins.mock import MockFactory

from thirdring_unit import configfile
from thirdring_unit.core import wire
from thirdring_unit.core.events import Message
from thirdring_unit.core.journal import Journal
from thirdring_unit.core.settings import Settings
from thirdring_unit.core.unit import Unit
from thirdring_unit.drivers.broker import BrokerLink
from thirdring_unit.drivers.credentials import Credentials
from thirdring_unit.drivers.lights import LedLights
from thirdring_unit.drivers.state import held
from thirdring_unit.filestorage import FileStorage
from thirdring_unit.runtime import Clock, Inbox, Link, Runtime, run
from thirdring_unit.sim.day import work_out
from thirdring_unit.sim.listener import LISTENED
from thirdring_unit.sim.story import Scenario
from thirdring_unit.sim.world import World

VIP_PIN, PROMPT_PIN = (23, True), (24, True)  # of the mock factory: any two will do

_log = structlog.get_logger()


def settings_for(scenario: Scenario, config: Path | None = None) -> Settings:
    """Give the settings of a simulated desk: its file's, or its scenario's name; the line is the scenario's."""
    named = {"unit": {"branch": scenario.branch, "id": scenario.desk}}
    found: dict[str, Any] = configfile.tables(config) if config else named
    heard = LISTENED[scenario.ears]
    return configfile.settings(
        found,
        str(config or "simulate"),
        line={
            "country": scenario.country,
            "open_loop": scenario.far_end == "open loop",
            "far_end_tone": scenario.far_end == "tone",
        },
        sound={f"{channel}_device": "scenario" if channel in heard else "" for channel in ("line", "agent", "room")},
    )


def simulate(
    scenario: Scenario, settings: Settings, credentials: Credentials, state: Path, pace: int, *, once: bool
) -> None:
    """Be a desk until SIGTERM, or with `once` until the day is over and the gateway has all of its facts.

    `state` keeps the journal and the world's position; `pace` is how much faster than life the day goes. Raises
    UserError when the state cannot be used.
    """
    with held(state), closing(FileStorage(state / "journal")) as storage:
        world = World(work_out(scenario), state / "position")
        unit = Unit(settings, Journal(storage, settings.limit_bytes), "power", "simulated")
        _log.info("desk starts", unit=settings.unit, boot=unit.boot, at_ms=world.at_ms)
        with closing(LedLights(VIP_PIN, PROMPT_PIN, MockFactory())) as lights:
            _live(unit, world, credentials, lights, pace, once=once)
        _log.info("desk stops", unit=settings.unit, boot=unit.boot)


def _live(unit: Unit, world: World, credentials: Credentials, lights: LedLights, pace: int, *, once: bool) -> None:
    clock = Clock(pace)
    inbox = Inbox(clock)
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, lambda *_: inbox.stop())
    broker = BrokerLink(credentials, unit, inbox, pace)
    runtime = Runtime(unit, _UntilDone(broker, world, inbox) if once else broker, lights)
    unit.start(0, world.active())
    broker.connect()
    run(runtime, clock, inbox, world)
    broker.close(unit.will())
    if inbox.refused:
        _log.warning("events were refused because the loop was too slow", unit=unit.settings.unit, count=inbox.refused)


class _UntilDone:
    """A link that ends the loop once a beat says that the day is over and nothing is left to tell."""

    def __init__(self, link: Link, world: World, inbox: Inbox) -> None:
        self._link = link
        self._world = world
        self._inbox = inbox

    def publish(self, message: Message) -> None:
        self._link.publish(message)
        if message.tail == "beat":
            beat = wire.decode(message.tail, message.payload)
            if beat["backlog"] == 0 and self._world.is_over(beat["up_ms"]):
                self._inbox.stop()
