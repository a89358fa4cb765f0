"""A real Mosquitto that takes everybody, for what a Pico does with a broker that is not the gateway's own."""

import getpass
import socket
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Self

from thirdring_gateway.demo.run import free_port
from thirdring_gateway.identities.authority import Pair

from tests.pico.bench import until
from tests.unit.real_broker import MOSQUITTO


class Broker:
    """Mosquitto in `folder`; with a `server` certificate it listens at `tls_port` too, by TLS."""

    def __init__(self, folder: Path, server: Pair | None = None) -> None:
        self.port, self.tls_port = free_port(), free_port()
        lines = f"user {getpass.getuser()}\nper_listener_settings true\n"
        lines += f"listener {self.port} 127.0.0.1\nallow_anonymous true\n"
        if server:
            pem = folder / "server.pem"
            pem.write_text(server.cert + server.key)
            lines += f"listener {self.tls_port} 127.0.0.1\nallow_anonymous true\ncertfile {pem}\nkeyfile {pem}\n"
        (folder / "broker.conf").write_text(lines)
        self.log = folder / "broker.log"
        with self.log.open("wb") as log:
            self._process = subprocess.Popen([MOSQUITTO, "-v", "-c", str(folder / "broker.conf")], stderr=log)
        until(lambda: is_open(self.port), "no broker")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()


def is_open(port: int) -> bool:
    """Tell whether somebody listens at a port of this machine."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False
