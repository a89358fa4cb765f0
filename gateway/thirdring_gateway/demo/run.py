"""Running the demonstration: start everything, show it, end everything, judge it."""

import socket
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from threading import Event
from time import monotonic

from rich.console import Console, RenderableType
from rich.live import Live
from thirdring_unit.sim.truth import truth

from thirdring_gateway.app import Gateway, ended_by_signals, pages
from thirdring_gateway.board import Board
from thirdring_gateway.branch.store import name_desk
from thirdring_gateway.broker.configuration import Address, Listeners
from thirdring_gateway.clock import PacedClock, RealClock
from thirdring_gateway.config import Config
from thirdring_gateway.demo import screen
from thirdring_gateway.demo.compare import compare
from thirdring_gateway.demo.desks import Desk, Story, enrol_all, story
from thirdring_gateway.domain.hours import local, local_date, midnight_ms
from thirdring_gateway.domain.settings import BranchSettings
from thirdring_gateway.ledger.database import open_database
from thirdring_gateway.logs import log_plainly
from thirdring_gateway.reports import Report, make
from thirdring_gateway.trouble import Trouble

PACE = 20  # without --seconds: about a minute
STARTING_S = 10  # of the given seconds, for six desks to start and to end
SHORTEST_S = 20
GRACE = 3  # a slow machine may take so many times the given seconds before the demonstration gives up
LOOK_EVERY_S = 0.5
LOOKS_PER_LINE = 10
DAY_MS = 86_400_000
SUCCESS, DIFFERENT, INTERRUPTED = 0, 1, 130


def demo(seconds: int | None, seed: int | None, console: Console) -> int:
    """Show a branch at work and return 0 when its numbers are those of the scenario.

    Ends with the day, which takes about `seconds`; Ctrl-C ends it early, with the summary so far and status 130.
    """
    if seconds is not None and seconds < SHORTEST_S:
        raise Trouble(f"--seconds {seconds}: give at least {SHORTEST_S}, six desks have to start and to end")
    with tempfile.TemporaryDirectory(prefix="thirdring-demo-") as folder, ended_by_signals() as stop:
        state_dir = Path(folder)
        told = story(seed)
        pace = PACE if seconds is None else -(-told.length_ms // (1000 * (seconds - STARTING_S)))
        limit_s = GRACE * (seconds or told.length_ms / 1000 / pace + STARTING_S)
        with (state_dir / "gateway.log").open("w") as log:
            log_plainly(log)
            return Demonstration(told, pace, state_dir, console).run(stop, limit_s)


class Demonstration:
    """One run."""

    def __init__(self, told: Story, pace: int, state_dir: Path, console: Console) -> None:
        self._told = told
        self._pace = pace
        self._state_dir = state_dir
        self._console = console
        self._settings = BranchSettings(told.scenarios[0].branch)
        zone = self._settings.hours.zone
        self._from_ms = midnight_ms(local_date(RealClock().now_ms(), zone), zone) + told.scenarios[0].starts_ms
        self._clock = PacedClock(self._from_ms, pace)
        self._titles = {each.desk: each.title for each in told.scenarios}
        self._board = Board(self._titles)

    def run(self, stop: Event, limit_s: float) -> int:
        """Run until the day is over, `stop` is set or the limit has passed; print the summary."""
        listeners = Listeners(free_port(), "127.0.0.1", free_port(), password_port=0)
        config = Config(self._settings, listeners, web=Address("127.0.0.1", free_port()))
        open_database(config.ledger(self._state_dir))
        enrol_all(config, self._state_dir, self._titles)
        with (
            Gateway(config, self._state_dir, stop, self._clock, [self._board.take]) as gateway,
            pages(config, self._state_dir, self._clock),
        ):
            for unit, title in self._titles.items():
                name_desk(unit, title)
            with self._desks() as desks:
                is_over = self._watch(desks, stop, limit_s)
                failures = [desk.failure for desk in desks if desk.failure]
            made = self._report()
        for failure in failures:
            self._console.print(failure, style="red", markup=False)
        status = self._summarise(made, is_over=is_over)
        return DIFFERENT if failures or gateway.failed else status

    @contextmanager
    def _desks(self) -> Iterator[list[Desk]]:
        desks: list[Desk] = []
        try:
            for unit, options in zip(self._titles, self._told.options, strict=True):
                desks.append(Desk(unit, options, self._state_dir, self._pace))
            yield desks
        finally:
            for desk in desks:
                desk.stop()

    def _watch(self, desks: Sequence[Desk], stop: Event, limit_s: float) -> bool:
        """Show the branch until all desks are done; return whether they are."""
        ends_at = monotonic() + limit_s
        with self._screen() as show:
            while not all(desk.is_done for desk in desks):
                if stop.wait(LOOK_EVERY_S) or monotonic() > ends_at or any(desk.failure for desk in desks):
                    return False
                show(self._report())
        return True

    @contextmanager
    def _screen(self) -> Iterator[Callable[[Report], None]]:
        """Yield what shows the present state: a live table on a terminal, else a line now and then."""
        if self._console.is_terminal:
            with Live(console=self._console, auto_refresh=False) as live:
                yield lambda made: live.update(self._live(made), refresh=True)
        else:
            self._console.print(screen.header(self._pace, self._time()))
            looks = count()
            yield lambda made: self._print_line(made) if next(looks) % LOOKS_PER_LINE == 0 else None

    def _live(self, made: Report) -> RenderableType:
        return screen.live(self._console, screen.header(self._pace, self._time()), self._titles, self._board, made)

    def _print_line(self, made: Report) -> None:
        self._console.print(screen.plain(self._time(), self._board, made), soft_wrap=True)

    def _time(self) -> str:
        return f"{local(self._clock.now_ms(), self._settings.hours.zone):%H:%M:%S}"

    def _report(self) -> Report:
        return make(self._settings, self._from_ms, self._from_ms + DAY_MS, self._clock.now_ms(), self._titles)

    def _summarise(self, made: Report, *, is_over: bool) -> int:
        rows = compare(made["kpis"], truth(self._told.scenarios))
        self._console.print(screen.summary(made, self._settings, rows))
        equal = all(row.equal for row in rows)
        self._console.print(screen.verdict(is_over=is_over, is_equal=equal))
        if not is_over:
            return INTERRUPTED
        return SUCCESS if equal else DIFFERENT


def free_port() -> int:
    """Return a port of this machine that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
