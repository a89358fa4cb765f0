"""The pages in a process of their own, so that a busy page never holds up a light.

The gateway owns the listening socket: when the process has to be started again, nobody's request is refused.
"""

import socket
import sys
from contextlib import AbstractContextManager
from multiprocessing import parent_process
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Any, NamedTuple, Self

import structlog
import uvicorn

from thirdring_gateway.children import born, end
from thirdring_gateway.clock import Clock
from thirdring_gateway.domain.settings import BranchSettings
from thirdring_gateway.trouble import Trouble
from thirdring_gateway.web.certificate import Certificate

RESTART_S = 2.0
FAR_MS = 1_000_000
SERVER: dict[str, Any] = {
    "log_level": "warning",
    "access_log": False,  # the record of who saw what is in the database
    "server_header": False,
    "lifespan": "off",
    "timeout_graceful_shutdown": 3,  # seconds in which the streams notice
}
MS_PER_S = 1000
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 -- only compared with what the settings say
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
log = structlog.get_logger()


class Wanted(NamedTuple):
    """What the pages are about, and where they are to be reached."""

    branch: BranchSettings
    clock: Clock
    database: str
    state_dir: Path
    host: str
    port: int
    name: str = ""
    folder: Path = Path("reports")
    certificate: Certificate | None = None

    @property
    def address(self) -> str:
        """Where a browser on this machine finds the pages."""
        scheme = "https" if self.certificate else "http"
        return f"{scheme}://{'127.0.0.1' if self.host in EVERYWHERE else self.host}:{self.port}"

    @property
    def is_open_to_listeners(self) -> bool:
        """Whether what people type, passwords too, crosses the network in the clear."""
        return not self.certificate and self.host not in LOOPBACK

    @property
    def hosts(self) -> list[str]:
        """The names by which the pages may be called: when they are open to the branch, any."""
        return ["*"] if self.host in EVERYWHERE else list(filter(None, [self.host, self.name, *LOOPBACK]))


class Pages(AbstractContextManager["Pages"]):
    """The process of the pages, started again whenever it ends by itself."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._stopping = Event()
        if wanted.certificate:
            wanted.certificate.check()
        self._socket = listening(wanted.host, wanted.port)
        self._watch = Thread(target=self._keep_running, name="pages")

    def __enter__(self) -> Self:
        """Start the process."""
        self._watch.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process."""
        self._stopping.set()
        self._watch.join()
        self._socket.close()

    def _keep_running(self) -> None:
        while not self._stopping.is_set():
            process = born(run, (self._wanted, self._socket), "pages")
            while process.is_alive() and not self._stopping.wait(0.2):
                pass
            if not self._stopping.is_set():
                log.warning("the pages ended and are started again", status=process.exitcode)
                self._stopping.wait(RESTART_S)
            end(process)


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens at an address; raises Trouble when it cannot."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        raise Trouble(f"pages at {host}:{port}: {error.strerror}; set another host or port under [web]") from error


def run(wanted: Wanted, listener: socket.socket) -> None:
    """Serve the pages until SIGTERM, or until the gateway is gone."""
    from thirdring_gateway.ledger.database import open_ledger  # noqa: PLC0415 -- this process's own Django
    from thirdring_gateway.web.site import Composed, site  # noqa: PLC0415 -- only after Django is set up

    open_ledger(wanted.database)
    pace = round(FAR_MS / MS_PER_S / wanted.clock.wait_s(wanted.clock.now_ms() + FAR_MS))
    chain, key = wanted.certificate or (None, None)
    server = uvicorn.Server(uvicorn.Config("", **SERVER, ssl_certfile=chain, ssl_keyfile=key))
    given = Composed(wanted.branch, wanted.clock, pace, lambda: server.should_exit, wanted.state_dir, wanted.folder)
    server.config.app = site(given, wanted.state_dir / "web.key", wanted.hosts)
    Thread(target=end_with_parent, args=(server,), daemon=True).start()
    server.run(sockets=[listener])


def end_with_parent(server: uvicorn.Server) -> None:
    """Wait for the gateway to be gone, then end the server."""
    parent = parent_process()
    if parent is None:
        sys.exit("the pages are a part of the gateway")
    parent.join()
    server.should_exit = True
