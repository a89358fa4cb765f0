"""Mosquitto as a child process: configured, watched, restarted, and never left behind."""

import os
import shutil
import subprocess
import threading
import time
from pathlib import Path

import structlog
from thirdring_unit.core import wire

from thirdring_gateway.broker.access import OWN_USERS, Access, hashed, rights, secret_of
from thirdring_gateway.broker.configuration import Listeners, configuration
from thirdring_gateway.files import PRIVATE, make_folder, write_whole
from thirdring_gateway.identities.authority import Authority
from thirdring_gateway.trouble import Trouble

PROGRAM_FOLDERS = ":/usr/sbin:/usr/local/sbin"  # where Debian puts it, out of the path of plain users
START_S_MAX = 6  # a broker of a former run may take a moment to end
STOP_S_MAX = 5
PAUSE_S_FIRST = 0.2
PAUSE_S_MAX = 10.0
HEALTHY_S = 10
log = structlog.get_logger()


class Mosquitto:
    """The broker of one branch: `start` returns when it listens, and it is kept running until `stop`.

    `authority` proves it to the units; without one there are no encrypted listeners.
    """

    def __init__(self, state_dir: Path, branch: str, listeners: Listeners, authority: Authority | None = None) -> None:
        self._state_dir = state_dir
        self._branch = branch
        self._listeners = listeners
        self._authority = authority
        self._listening = threading.Event()
        self._stopping = threading.Event()
        self._is_planned = False  # that the broker ends
        self._complaint = ""
        self._own: dict[str, str] = {}
        self._process: subprocess.Popen[str] | None = None
        # The kernel ends the broker when the thread that started it ends, so that thread lives as long as we do.
        self._thread = threading.Thread(target=self._supervise, name="broker", daemon=True)

    @property
    def pid(self) -> int | None:
        """The process id of the running broker."""
        return self._process.pid if self._process else None

    def start(self, access: Access) -> None:
        """Write the configuration and start; raises Trouble with one line that says why it does not come up."""
        program = shutil.which("mosquitto", path=os.environ.get("PATH", "") + PROGRAM_FOLDERS)
        if program is None:
            raise Trouble("broker: mosquitto is not installed; install the package mosquitto")
        self._command = ["setpriv", "--pdeathsig", "TERM", program, "-c", str(self._write_files(access))]
        self._thread.start()
        if not self._listening.wait(START_S_MAX):
            self.stop()
            raise Trouble(self._reason())

    def admit(self, access: Access) -> None:
        """Let in those that `access` names from now on: every connection is cut, and made again where it may.

        Mosquitto is started anew, since at SIGHUP (2.0.11 and 2.0.21) it keeps connections by revoked certificates, and
        forgets `max_connections`. Units are back within seconds, and what they could not tell meanwhile they tell then.
        """
        self._write_access(access)
        self._is_planned = True
        if self._process:
            self._process.terminate()

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

    def _write_files(self, access: Access) -> Path:
        folder = make_folder(self._state_dir / "broker").absolute()
        self._own = hashed(self._state_dir, {user: secret_of(self._state_dir, user) for user in OWN_USERS})
        self._write_access(access)
        if self._authority:
            server = self._authority.server(wire.broker_name(self._branch))
            self._write("server.pem", server.cert + server.key)
            self._write("authority.pem", self._authority.cert)
        self._write("rights", rights(self._branch))
        self._write("mosquitto.conf", configuration(self._listeners, folder))
        return folder / "mosquitto.conf"

    def _write_access(self, access: Access) -> None:
        passwords = {**access.passwords, **self._own}
        self._write("passwords", "".join(f"{user}:{found}\n" for user, found in passwords.items()))
        if self._authority:
            self._write("revoked.pem", self._authority.revocations(access.revoked))

    def _write(self, name: str, text: str) -> None:
        write_whole(self._state_dir / "broker" / name, text.encode(), PRIVATE)

    # ---- the supervisor's thread

    def _supervise(self) -> None:
        pause_s = PAUSE_S_FIRST
        while not self._stopping.is_set():
            began = time.monotonic()
            self._run()
            if time.monotonic() - began > HEALTHY_S:
                pause_s = PAUSE_S_FIRST
            if self._is_planned:
                self._is_planned = False
                continue
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
            ports = self._listeners
            where = ", ".join(str(port) for port in (ports.local_port, ports.port, ports.password_port) if port)
            return f"broker: one of its ports ({where}) is in use by another program; set others in [broker]"
        return f"broker: mosquitto does not start: {self._complaint or 'it says nothing'}"
