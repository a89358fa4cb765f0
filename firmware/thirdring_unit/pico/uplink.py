"""The way to the gateway: Wi-Fi, socket, TLS and MQTT session, one upon the other, made again whenever one breaks.

Nothing here blocks but looking up a name and one step of a TLS handshake, both shorter than the watchdog waits.
"""

import gc
import socket
from select import POLLERR, POLLHUP, POLLIN, POLLOUT, poll
from time import sleep_ms

from thirdring_unit.core import wire
from thirdring_unit.core.events import Message
from thirdring_unit.pico.backoff import BackOff
from thirdring_unit.pico.mqtt import MqttError, Session
from thirdring_unit.pico.setup import Setup
from thirdring_unit.pico.wifi import Wifi

GREET_MS = 20_000  # from the first packet to the confirmed subscriptions, a TLS handshake of some seconds between them
RETRY_MS = (1_000, 30_000)
_CHUNK_BYTES = 512  # as most messages are shorter; longer ones come in pieces
_UNDER_WAY = (115, 119)  # EINPROGRESS by Linux and by lwIP


class Uplink:
    """Carries messages both ways while `is_up`; `why` tells in one line why it last broke.

    `topics` are those to subscribe to, `will` is what the broker says for a unit that is lost.
    """

    def __init__(self, setup: Setup, topics: "list[str]", will: Message) -> None:
        self.why = ""
        self._wifi = Wifi(setup.networks, setup.country)
        self._setup = setup
        self._credentials = setup.credentials
        self._keepalive_ms = setup.settings.keepalive_ms
        self._topics = list(topics)
        if setup.credentials.is_renewable:
            self._topics.append(self._topic("cert"))
        self._will = will
        self._backoff = BackOff(*RETRY_MS)
        self._buffer = memoryview(bytearray(_CHUNK_BYTES))
        self._poll = poll()
        self._socket: socket.socket | None = None
        self._session: Session | None = None  # there is none until the socket is connected
        self._greet_until_ms = 0

    @property
    def is_up(self) -> bool:
        """Tell whether the broker has let the unit in and confirmed its subscriptions."""
        return self._session is not None and self._session.is_up

    @property
    def trouble(self) -> str:
        """Tell why the unit's renewed certificate is not used, "" while nothing is wrong with it."""
        return self._credentials.trouble

    @property
    def is_quiet(self) -> bool:
        """Tell that the link is up and awaits nothing."""
        return self._session is not None and self._session.is_quiet

    def publish(self, up_ms: int, message: Message) -> None:
        """Send a message, or lose it: the unit itself sends again what matters."""
        if self._session is not None:
            self._session.publish(up_ms, self._topic(message.tail), message)

    def step(self, up_ms: int) -> "list[tuple[str, bytes]]":
        """Do what is due, and return what was received: each message's tail (see `Unit.receive`) and payload."""
        try:
            if not self._wifi.step(up_ms):
                self._close("no Wi-Fi")
            elif self._socket is None:
                self._open(up_ms)
            elif self._session is None:
                self._greet(up_ms)
            else:
                return self._exchange(up_ms, self._socket, self._session)
        except (OSError, ValueError, MqttError, MemoryError) as error:  # ValueError: whom TLS does not trust
            if self._session is not None and not self._session.is_up:
                self._credentials.failed()
            self._close(" ".join(str(error).split()) or "out of memory")  # TLS complains in several lines
            self._backoff.begin(up_ms)
        return []

    def wait(self, wait_ms: int) -> None:
        """Wait until something is received, but no longer than `wait_ms`."""
        if self._session is None:
            sleep_ms(wait_ms)
        else:
            self._poll.poll(wait_ms)

    def close(self) -> None:
        """Give the socket back; the broker will take the unit for lost."""
        self._close("closed")

    # ---- one step each

    def _open(self, up_ms: int) -> None:
        if not self._backoff.is_over(up_ms):
            return
        gc.collect()  # TLS needs its buffers in one piece
        self._greet_until_ms = up_ms + GREET_MS
        address = socket.getaddrinfo(self._setup.host, self._setup.port)[0][-1]
        self._socket = opened = socket.socket()
        opened.setblocking(False)
        try:
            opened.connect(address)
        except OSError as error:
            if error.errno not in _UNDER_WAY:
                raise
        self._poll.register(opened, POLLOUT)

    def _greet(self, up_ms: int) -> None:
        """Begin the session once the socket is connected."""
        self._check_patience(up_ms)
        ready = self._poll.poll(0)
        if self._socket is None or not ready:
            return
        if ready[0][1] & (POLLERR | POLLHUP):  # before a session begins: nobody has refused this unit
            raise MqttError("nobody is at the broker's address")
        self._session = session = Session(up_ms, self._keepalive_ms)
        self._poll.unregister(self._socket)
        context = self._credentials.context()
        if context is not None:
            name = wire.broker_name(self._setup.branch)  # the certificate does not know the broker's address
            self._socket = context.wrap_socket(self._socket, server_hostname=name, do_handshake_on_connect=False)
        self._poll.register(self._socket, POLLIN)
        session.connect(self._setup.unit, self._setup.password, self._topic(self._will.tail), self._will, self._topics)

    def _exchange(self, up_ms: int, connected: socket.socket, session: Session) -> "list[tuple[str, bytes]]":
        was_up = session.is_up
        received: list[tuple[str, bytes]] = []
        while count := self._read(connected):
            received += session.feed(up_ms, self._buffer[:count])
        session.tick(up_ms)
        self._write(connected, session)
        if not session.is_up:
            self._check_patience(up_ms)
        elif not was_up:
            self._backoff.reset()
            self._credentials.let_in()
        return [(_tail(topic), payload) for topic, payload in received if not self._is_taken(topic, payload)]

    def _is_taken(self, topic: str, payload: bytes) -> bool:
        """Tell whether a message is the link's own matter: a renewed certificate, of which the core never hears."""
        is_cert = topic == self._topic("cert")
        if is_cert:
            self._credentials.renew(payload)
        return is_cert

    def _check_patience(self, up_ms: int) -> None:
        if up_ms > self._greet_until_ms:
            raise MqttError("the broker does not answer")

    def _read(self, connected: socket.socket) -> int:
        """Read into the buffer and return how much; raises MqttError when the broker has closed the connection."""
        count = connected.readinto(self._buffer)
        if count == 0:
            raise MqttError("the broker has closed the connection")
        return count or 0

    def _write(self, connected: socket.socket, session: Session) -> None:
        while session.out:
            count = connected.write(session.out[0])
            if not count:
                return
            session.sent(count)

    def _close(self, why: str) -> None:
        if self._socket is not None:
            self.why = why
            self._poll.unregister(self._socket)
            self._socket.close()
        self._socket = self._session = None

    def _topic(self, tail: str) -> str:
        return wire.topic(self._setup.branch, self._setup.unit, tail)


def _tail(topic: str) -> str:
    """Return what `Unit.receive` calls a topic; one that is not ours stays as it is, and is refused there."""
    try:
        _, unit, tail = wire.parse_topic(topic)
    except wire.WireError:
        return topic
    return f"{wire.GATEWAY}/{tail}" if unit == wire.GATEWAY else tail
