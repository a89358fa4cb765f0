"""The way to a broker, with what happens on ways: connections that hang, and a far end that says nothing."""

from contextlib import suppress
from socket import MSG_WAITALL, SHUT_RDWR, create_connection, create_server, socket
from threading import Thread

CONNACK_BYTES = 4


class Road:
    """Passes connections on to a port, and counts them; `hang` leaves open ones open and silent.

    While it `is_silent`, new ones are taken and lead nowhere. With `awaited`, what comes back after the confirmed
    connection is held until that word is in it, and comes at once.
    """

    def __init__(self, to_port: int, awaited: bytes = b"") -> None:
        self._to_port = to_port
        self._awaited = awaited
        self._server = create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        self.connections = 0
        self.is_silent = False
        self._generation = 0
        self._kept: list[socket] = []
        Thread(target=self._accept, daemon=True).start()

    def hang(self) -> None:
        self._generation += 1

    def _accept(self) -> None:
        while True:
            near, _ = self._server.accept()
            self._kept.append(near)
            self.connections += 1
            if not self.is_silent:
                far = create_connection(("127.0.0.1", self._to_port))
                self._kept.append(far)
                for ends in ((near, far, b""), (far, near, self._awaited)):
                    Thread(target=self._pass_on, args=(*ends, self._generation), daemon=True).start()

    def _pass_on(self, source: socket, target: socket, awaited: bytes, generation: int) -> None:
        with suppress(OSError):
            if awaited:
                target.sendall(source.recv(CONNACK_BYTES, MSG_WAITALL))
            held = b""
            while data := source.recv(4096):
                held += data
                if generation == self._generation and awaited in held:
                    target.sendall(held)
                    held, awaited = b"", b""
            if generation == self._generation:
                target.shutdown(SHUT_RDWR)
