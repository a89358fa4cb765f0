"""The reporting beside the gateway: a thread that looks what is due, and a short-lived process that does the work.

Setting a month's pages takes a processor for seconds and a library some memory: both are given back after each round.
"""

import fcntl
import signal
from contextlib import AbstractContextManager
from threading import Event, Thread
from time import monotonic
from types import TracebackType
from typing import NamedTuple, Self

import structlog
from django.db import DatabaseError, connections

from thirdring_gateway.children import born, end
from thirdring_gateway.ledger.database import first_line, open_ledger
from thirdring_gateway.logs import log_plainly
from thirdring_gateway.sending.work import Office, is_anything_to_do, work
from thirdring_gateway.trouble import Trouble

LOOK_EVERY_S = 30.0
ROUND_S_MAX = 900
LOCK_FILE = "reports.lock"
log = structlog.get_logger()


class Patience(NamedTuple):
    """How long the reporting waits: first, until desks have brought what they kept while the gateway was off."""

    first_s: float = 120.0
    between_s: float = LOOK_EVERY_S


USUAL = Patience()


class Reporting(AbstractContextManager["Reporting"]):
    """Makes and sends what is due, as long as the gateway runs."""

    def __init__(self, office: Office, database: str, patience: Patience = USUAL) -> None:
        self._office = office
        self._database = database
        self._patience = patience
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="reports")

    def __enter__(self) -> Self:
        """Start to look."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End; what is not finished goes on after the next start."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        pause_s = self._patience.first_s
        while not self._stopping.wait(pause_s):
            pause_s = self._patience.between_s
            try:
                if is_anything_to_do(self._office):
                    self._round()
            except (DatabaseError, Trouble) as error:
                log.warning("reports wait", why=first_line(error))
        connections.close_all()

    def _round(self) -> None:
        process = born(one_round, (self._office, self._database), "reports")
        ends_at = monotonic() + ROUND_S_MAX
        while process.is_alive() and monotonic() < ends_at and not self._stopping.wait(0.2):
            pass
        if process.is_alive() and not self._stopping.is_set():
            log.warning("a round of reports took too long and is ended", seconds=ROUND_S_MAX)
        end(process)


def one_round(office: Office, database: str) -> None:
    """Do one round in a process of its own; only one at a time, even when a killed gateway left one behind."""
    log_plainly()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with (office.state_dir / LOCK_FILE).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        open_ledger(database)
        work(office)
        connections.close_all()
