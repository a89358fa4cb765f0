"""The one place where the gateway's parts are put together."""

import fcntl
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import IO, Self

import click
import structlog
from django.db import DatabaseError, connections

from thirdring_gateway.accounts.invitations import first_link
from thirdring_gateway.branch import store
from thirdring_gateway.broker.access import INGEST_USER, LIGHTS_USER, secret_of
from thirdring_gateway.broker.mosquitto import Mosquitto
from thirdring_gateway.clock import Clock, RealClock
from thirdring_gateway.config import Config
from thirdring_gateway.domain.settings import BranchSettings
from thirdring_gateway.files import make_folder
from thirdring_gateway.followed import Followed
from thirdring_gateway.identities import registry
from thirdring_gateway.identities.doorkeeper import Doorkeeper
from thirdring_gateway.identities.vault import open_authority
from thirdring_gateway.ingest import Ingest, Watcher
from thirdring_gateway.ledger.append import count
from thirdring_gateway.ledger.database import first_line, open_database
from thirdring_gateway.ledger.project import catch_up
from thirdring_gateway.lights import Lights
from thirdring_gateway.link import Login
from thirdring_gateway.logs import log_plainly
from thirdring_gateway.pushed import pushed
from thirdring_gateway.roll_call import RollCall
from thirdring_gateway.sending.process import Reporting
from thirdring_gateway.sending.work import Office
from thirdring_gateway.trouble import Trouble
from thirdring_gateway.web.process import Pages, Wanted

SWITCH_S = 0.0005  # a busy thread lets the lights' thread run within half a millisecond
PROJECT_EVERY_S = 1.0
FOLLOW_EVERY_S = 0.5
TROUBLED_S = 10.0
PATIENCE = 30  # seconds that the numbers wait for a flood to end
JOIN_S = 10
log = structlog.get_logger()


class Gateway(AbstractContextManager["Gateway"]):
    """Broker, ingest, projection and lights of one branch, until `stopping` is set.

    What people change meanwhile is followed: settings, identities, and the units in the settings file `followed`.
    `watchers` see every batch after its commit. `failed` tells whether a part broke down.
    """

    def __init__(
        self,
        config: Config,
        state_dir: Path,
        stopping: Event,
        clock: Clock | None = None,
        watchers: Iterable[Watcher] = (),
        followed: Followed | None = None,
    ) -> None:
        self.failed = False
        self._stopping = stopping
        self._config = config
        self._state_dir = make_folder(state_dir)
        self._lock = _only_one(state_dir)
        branch = config.branch.branch
        open_database(config.ledger(state_dir))
        clock = self._clock = clock or RealClock()
        self._followed = followed
        self._doors = None if config.external else self._doorkeeper()
        self._revision, settings = store.revision(), store.load(config.branch)
        self.lights = Lights(self._login(LIGHTS_USER), settings, clock, count("lights_started"))
        self._ingest = Ingest(self._login(INGEST_USER), branch, clock, [self.lights.tell, *watchers])
        self._roll_call = RollCall(clock.now_ms())
        self._tell_units(settings)
        self._threads = [
            Thread(target=self._guarded, args=[work], name=name)
            for name, work in (
                ("ingest", self._ingest.run),
                ("lights", self.lights.run),
                ("projection", self._project),
                ("changes", self._follow),
            )
        ]

    def __enter__(self) -> Self:
        """Start everything; raises Trouble when the broker does not come up."""
        sys.setswitchinterval(SWITCH_S)
        catch_up(store.load(self._config.branch).hours.zone)
        if self._doors:
            self._doors.open()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Commit what has arrived, then end everything."""
        self._stopping.set()
        self._ingest.wake()
        self.lights.wake()
        for thread in self._threads:
            if thread.ident:
                thread.join(JOIN_S)
        if self._doors:
            self._doors.close()
        self._lock.close()

    def _doorkeeper(self) -> Doorkeeper:
        branch, listeners = self._config.branch.branch, self._config.listeners
        authority = open_authority(self._state_dir, branch, is_known=registry.enrolled(branch).exists())
        broker = Mosquitto(self._state_dir, branch, listeners, authority)
        return Doorkeeper(authority, branch, broker)

    def _login(self, user: str) -> Login:
        return Login(self._config.address, user, secret_of(self._state_dir, user))

    def _guarded(self, work: Callable[[Event], None]) -> None:
        """Run a part; when it fails in a way that nobody foresaw, the whole gateway ends and is started again."""
        try:
            work(self._stopping)
        except Exception:
            log.exception("a part failed, the gateway ends")
            self.failed = True
            self._stopping.set()
        finally:
            connections.close_all()

    def _project(self, stop: Event) -> None:
        """Keep the numbers up to date; in a flood of facts the acknowledgements come first, for a while."""
        patience = PATIENCE
        while not stop.wait(PROJECT_EVERY_S):
            patience = patience - 1 if self._ingest.is_flooded else PATIENCE
            if 0 < patience < PATIENCE:
                continue
            try:
                catch_up(store.load(self._config.branch).hours.zone)
            except DatabaseError as error:
                log.warning("the numbers are not up to date", why=first_line(error))

    def _follow(self, stop: Event) -> None:
        """Follow what people change, in the order in which it matters: who may come in first."""
        pause_s = FOLLOW_EVERY_S
        while not stop.wait(pause_s):
            pause_s = FOLLOW_EVERY_S
            try:
                self._take_changes()
                self._call_the_roll()
            except (DatabaseError, Trouble) as error:
                log.warning("a change is not in force yet", why=first_line(error))
                pause_s = TROUBLED_S

    def _take_changes(self) -> None:
        is_changed = self._doors is not None and self._doors.look(RealClock().now_ms())
        written = self._followed.units_written() if self._followed else None
        if written is not None:
            self._config = replace(self._config, units=written)
        revision = store.revision()
        if is_changed or written is not None or revision != self._revision:
            settings = store.load(self._config.branch)
            self.lights.use(settings)
            self._tell_units(settings)
            self._revision = revision

    def _call_the_roll(self) -> None:
        """Ask the units to check themselves when the branch is about to open."""
        settings = store.load(self._config.branch)
        units = {*self._config.units, *(self._doors.units() if self._doors else ())}
        self._ingest.ask(self._roll_call.due(self._clock.now_ms(), settings.hours, settings.branch, sorted(units)))

    def _tell_units(self, settings: BranchSettings) -> None:
        """Let the broker keep for the units what they are to know: settings, and their newest certificates."""
        units = self._doors.units() if self._doors else []
        certificates = self._doors.certificates() if self._doors else []
        self._ingest.greet_with([*pushed(self._config, settings, self._clock.now_ms(), units), *certificates])


def serve(config: Config, state_dir: Path, followed: Followed | None = None) -> int:
    """Run a gateway until SIGTERM or Ctrl-C; return its exit status."""
    log_plainly()
    with (
        ended_by_signals() as stopping,
        Gateway(config, state_dir, stopping, followed=followed) as gateway,
        pages(config, state_dir, RealClock()),
        reporting(config, state_dir, RealClock()),
    ):
        log.info("ready", branch=config.branch.branch, broker=str(config.external or config.listeners))
        stopping.wait()
    return int(gateway.failed)


def pages(config: Config, state_dir: Path, clock: Clock) -> Pages:
    """Return the pages over an open ledger, and say where they are and how the first manager gets in."""
    wanted = Wanted(
        config.branch,
        clock,
        config.ledger(state_dir),
        state_dir,
        config.web.host,
        config.web.port,
        config.web_name,
        config.reports(state_dir),
        config.web_certificate,
    )
    shown = Pages(wanted)
    link = first_link(RealClock().now_ms())
    if link:
        click.echo(f"First start: open {wanted.address}{link} to become the manager (works once, for three days)")
    log.info("pages", address=wanted.address)
    if wanted.is_open_to_listeners:
        log.warning(
            "the pages speak plain HTTP: who listens on the network reads passwords; set [web] certificate and key"
        )
    return shown


def reporting(config: Config, state_dir: Path, clock: Clock) -> Reporting:
    """Return what makes and sends the scheduled reports."""
    office = Office(config.branch, clock, state_dir, config.reports(state_dir))
    return Reporting(office, config.ledger(state_dir))


@contextmanager
def ended_by_signals() -> Iterator[Event]:
    """Yield an event that SIGTERM and Ctrl-C set."""
    stop = Event()
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _only_one(state_dir: Path) -> IO[str]:
    lock = (state_dir / "lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise Trouble(f"state folder {state_dir}: another gateway is using it; end that one first") from None
    return lock
