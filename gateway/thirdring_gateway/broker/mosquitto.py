"""Mosquitto as a child process: configured, watched, restarted, and never left behind."""

import getpass
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import structlog

from thirdring_gateway.broker.access import OWN_USERS, rights, write_passwords
from thirdring_gateway.files import PRIVATE, make_folder, write_whole
from thirdring_gateway.trouble import Trouble

# Units send again what the ledger did not acknowledge, so the broker's own file need not hold every message: it is
# saved every so many changes, which spares the card and the speed. Queues are bounded; what finds no room comes again.
CONFIGURATION = """\
# Generated at every start; changes made here are lost.
listener {port} {host}
set_tcp_nodelay true
user {user}
allow_anonymous false
use_username_as_clientid true
password_file {folder}/passwords
acl_file {folder}/rights
persistence true
persistence_location {folder}/
autosave_on_changes true
autosave_interval 500
persistent_client_expiration 30d
max_inflight_messages 1000
max_queued_messages 20000
max_queued_bytes 33554432
message_size_limit 16384
max_connections 1000
log_dest stderr
log_type error
log_type warning
log_type information
connection_messages false
"""
PROGRAM_FOLDERS = ":/usr/sbin:/usr/local/sbin"  # where Debian puts it, out of the path of plain users
START_S_MAX = 6  # a broker of a former run may take a moment to end
STOP_S_MAX = 5
PAUSE_S_FIRST = 0.2
PAUSE_S_MAX = 10.0
HEALTHY_S = 10
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Address:
    """Where a broker listens."""

    host: str
    port: int


class Mosquitto:
    """The broker of one branch: `start` returns when it listens, and it is kept running until `stop`."""

    def __init__(self, state_dir: Path, address: Address, branch: str, units: Iterable[str]) -> None:
        self._state_dir = state_dir
        self._address = address
        self._branch = branch
        self._units = list(units)
        self._listening = threading.Event()
        self._stopping = threading.Event()
        self._complaint = ""
        self._process: subprocess.Popen[str] | None = None
        # The kernel ends the broker when the thread that started it ends, so that thread lives as long as we do.
        self._thread = threading.Thread(target=self._supervise, name="broker", daemon=True)

    @property
    def pid(self) -> int | None:
        """The process id of the running broker."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Write the configuration and start; raises Trouble with one line that says why it does not come up."""
        program = shutil.which("mosquitto", path=os.environ.get("PATH", "") + PROGRAM_FOLDERS)
        if program is None:
            raise Trouble("broker: mosquitto is not installed; install the package mosquitto")
        self._command = ["setpriv", "--pdeathsig", "TERM", program, "-c", str(self._write_configuration())]
        self._thread.start()
        if not self._listening.wait(START_S_MAX):
            self.stop()
            raise Trouble(self._reason())

    def stop(self) -> None:
        """End the broker; it saves its state."""
        self._stopping.set()
        process = self._process
        if process and process.poll() is None:
            process.terminate()
        self._thread.join(STOP_S_MAX)
        if process and process.poll() is None:
            process.kill()

    # ---- what it needs

    def _write_configuration(self) -> Path:
        folder = make_folder(self._state_dir / "broker").absolute()
        write_passwords(self._state_dir, folder / "passwords", [*OWN_USERS, *self._units])
        write_whole(folder / "rights", rights(self._branch, self._units).encode(), PRIVATE)
        text = CONFIGURATION.format(
            host=self._address.host, port=self._address.port, user=getpass.getuser(), folder=folder
        )
        write_whole(folder / "mosquitto.conf", text.encode(), PRIVATE)
        return folder / "mosquitto.conf"

    # ---- the supervisor's thread

    def _supervise(self) -> None:
        pause_s = PAUSE_S_FIRST
        while not self._stopping.is_set():
            began = time.monotonic()
            self._run()
            if time.monotonic() - began > HEALTHY_S:
                pause_s = PAUSE_S_FIRST
            if not self._stopping.wait(pause_s):
                log.warning("broker ended, starting it again", why=self._complaint or "it was killed", pause_s=pause_s)
            pause_s = min(2 * pause_s, PAUSE_S_MAX)

    def _run(self) -> None:
        """Start Mosquitto and follow what it says until it ends."""
        self._complaint = ""
        try:
            # In a process group of its own, Ctrl-C reaches it only through `stop`, after the last acknowledgements.
            self._process = subprocess.Popen(
                self._command, stderr=subprocess.PIPE, text=True, errors="replace", process_group=0
            )
        except OSError as error:
            self._complaint = f"cannot run {self._command[0]}: {error.strerror}"
            return
        with self._process as process:
            if self._stopping.is_set():
                process.terminate()
            for line in process.stderr or ():
                self._note(line.strip().partition(": ")[2])

    def _note(self, line: str) -> None:
        if line.endswith(" running"):
            self._listening.set()
        elif line.startswith("Error"):
            self._complaint = line.removeprefix("Error: ")
            log.warning("broker complains", line=line)

    def _reason(self) -> str:
        if "in use" in self._complaint:
            where = f"{self._address.host}:{self._address.port}"
            return f"broker: {where} is in use by another program; end that one or set another `port` in [broker]"
        return f"broker: mosquitto does not start: {self._complaint or 'it says nothing'}"
