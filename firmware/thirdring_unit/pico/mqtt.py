"""MQTT 3.1.1 as a client needs it, without a socket: bytes in, messages out, and time as an argument.

QoS 0 and 1, will, keepalive. Nothing is repeated here: the unit sends again what the gateway has not acknowledged.
"""

from thirdring_unit.core.events import Message

PACKET_MAX_BYTES = 8704  # a message of 8192 bytes with its topic
OUT_MAX_BYTES = 12_288  # what may wait for the socket; the window of facts is smaller
UNACKNOWLEDGED_MAX = 64
ACK_MS = 30_000  # a broker that answers pings but no publish is none

_CONNACK, _PUBLISH, _PUBACK, _SUBACK, _PINGRESP = 0x20, 0x30, 0x40, 0x90, 0xD0
_REFUSALS = ("", "protocol", "client id", "broker not available", "user or password", "not authorised")
_FAILED = 0x80
_MORE = 0x80  # in a byte of a length: another one follows
_HEADER_MAX_BYTES = 5
_CLEAN = 0x02


class MqttError(Exception):
    """The broker refuses, is silent or speaks no MQTT; the message is one line."""


class Session:
    """One connection's worth of MQTT: `out` holds what the socket is to send, `is_up` tells that all is subscribed.

    A broken session is thrown away, and a new connection begins with a new one. `dropped` counts messages that
    found no room, `oversized` packets that were too long to be read.
    """

    def __init__(self, up_ms: int, keepalive_ms: int) -> None:
        self.out: list[bytes] = []  # packets, since a Pico has no room for all of them in one piece
        self.is_up = False
        self.dropped = 0
        self.oversized = 0
        self._in = bytearray()
        self._skip_bytes = 0
        self._packet_id = 0
        self._unacknowledged: dict[int, int] = {}  # packet id: since when
        self._topics: list[str] = []
        self._keepalive_ms = keepalive_ms
        self._heard_ms = self._sent_ms = up_ms
        self._pinged_ms: int | None = None

    # ---- what goes out

    def connect(self, client: str, password: str | None, will_topic: str, will: Message, topics: "list[str]") -> None:
        """Begin: present the unit with its will, and subscribe to `topics` once it is let in."""
        self._topics = topics
        flags = _CLEAN | 0x04 | will.qos << 3 | will.retain << 5 | 0x80 | (0x40 if password is not None else 0)
        seconds = max(1, self._keepalive_ms // 1_000)
        body = b"\0\x04MQTT\x04" + bytes([flags]) + seconds.to_bytes(2, "big")
        body += _text(client) + _text(will_topic) + _sized(will.payload) + _text(client)
        self._send(0x10, body if password is None else body + _text(password))

    def publish(self, up_ms: int, topic: str, message: Message) -> None:
        """Send a message, or drop and count it when there is no room."""
        size = len(topic) + len(message.payload) + 8
        waiting = sum([len(packet) for packet in self.out])
        if waiting + size > OUT_MAX_BYTES or len(self._unacknowledged) >= UNACKNOWLEDGED_MAX:
            self.dropped += 1
            return
        self._sent_ms = up_ms
        body = _text(topic)
        if message.qos:
            packet_id = self._next_id()
            self._unacknowledged[packet_id] = up_ms
            body += packet_id.to_bytes(2, "big")
        self._send(_PUBLISH | message.qos << 1 | message.retain, body + message.payload)

    def tick(self, up_ms: int) -> None:
        """Ping when either side is quiet; raises MqttError when no answer comes, or nothing is acknowledged."""
        if up_ms < self.next_ms():
            return
        if self._pinged_ms is not None:
            raise MqttError("the broker is silent")
        self._pinged_ms = self._sent_ms = up_ms
        self._send(0xC0, b"")
        if self._unacknowledged and up_ms - min(self._unacknowledged.values()) > ACK_MS:
            raise MqttError("the broker acknowledges nothing")

    def next_ms(self) -> int:
        """Return when `tick` is needed next."""
        since_ms = min(self._heard_ms, self._sent_ms) if self._pinged_ms is None else self._pinged_ms
        return since_ms + self._keepalive_ms // 2

    @property
    def is_quiet(self) -> bool:
        """Tell that nothing is to be sent and no answer is awaited."""
        return self.is_up and not self.out and not self._unacknowledged and self._pinged_ms is None

    def _next_id(self) -> int:
        """Return the next packet id: 1 to 65535 and round again, none that is still in use."""
        while True:
            self._packet_id = self._packet_id % 65_535 + 1
            if self._packet_id not in self._unacknowledged:
                return self._packet_id

    def _send(self, kind: int, body: bytes) -> None:
        header = bytearray([kind])
        length = len(body)
        while length >= _MORE:
            header.append(length % _MORE | _MORE)
            length >>= 7
        header.append(length)
        self.out.append(bytes(header) + body)

    def sent(self, size_bytes: int) -> None:
        """Take that the socket took so much of the first packet."""
        packet = self.out.pop(0)
        if size_bytes < len(packet):
            self.out.insert(0, packet[size_bytes:])

    # ---- what comes in

    def feed(self, up_ms: int, data: "bytes | memoryview") -> "list[tuple[str, bytes]]":
        """Take what the socket gave; return the messages in it as topic and payload. Raises MqttError on garbage."""
        self._heard_ms = up_ms
        self._in.extend(data)
        messages: list[tuple[str, bytes]] = []
        while self._in:
            skipped = min(self._skip_bytes, len(self._in))
            if skipped:
                self._in = self._in[skipped:]
                self._skip_bytes -= skipped
                continue
            start, length = _length(self._in)
            if length > PACKET_MAX_BYTES:
                self.oversized += 1
                self._skip_bytes = start + length
            elif not start or len(self._in) < start + length:
                break
            else:
                packet, self._in = bytes(self._in[: start + length]), self._in[start + length :]
                self._take(packet[0], packet[start:], messages)
        return messages

    def _take(self, kind: int, body: bytes, messages: "list[tuple[str, bytes]]") -> None:
        if kind & 0xF0 == _PUBLISH:
            messages.append(self._message(kind, body))
        elif kind == _PUBACK:
            self._unacknowledged.pop(int.from_bytes(_part(body, 0, 2), "big"), None)
        elif kind == _PINGRESP:
            self._pinged_ms = None
        elif kind == _CONNACK:
            self._welcome(body)
        elif kind == _SUBACK:
            if any(code == _FAILED for code in body[2:]):
                raise MqttError("the broker refuses what this unit wants to hear")
            self.is_up = True
        else:
            raise MqttError(f"the broker sent a packet of kind {kind:#x}")

    def _message(self, kind: int, body: bytes) -> "tuple[str, bytes]":
        end = 2 + int.from_bytes(_part(body, 0, 2), "big")
        topic = _part(body, 2, end)
        if kind & 0x06:
            self._send(_PUBACK, _part(body, end, end + 2))
            end += 2
        try:
            return topic.decode(), body[end:]
        except UnicodeError:
            raise MqttError("the broker sent a topic that is no text") from None

    def _welcome(self, body: bytes) -> None:
        code = _part(body, 0, 2)[1]
        if code:
            why = _REFUSALS[code] if code < len(_REFUSALS) else f"code {code}"
            raise MqttError(f"the broker refuses this unit: {why}")
        wanted = b"".join([_text(topic) + b"\x01" for topic in self._topics])
        self._send(0x82, self._next_id().to_bytes(2, "big") + wanted)


def _sized(data: bytes) -> bytes:
    return len(data).to_bytes(2, "big") + data


def _text(text: str) -> bytes:
    return _sized(text.encode())


def _part(body: bytes, start: int, end: int) -> bytes:
    if len(body) < end:
        raise MqttError("the broker sent a packet that is too short")
    return body[start:end]


def _length(data: bytearray) -> "tuple[int, int]":
    """Return where the body of the packet begins, 0 when that is not known yet, and its length."""
    length = 0
    for index in range(1, min(_HEADER_MAX_BYTES, len(data))):
        length |= data[index] % _MORE << 7 * (index - 1)
        if data[index] < _MORE:
            return index + 1, length
    if len(data) >= _HEADER_MAX_BYTES:
        raise MqttError("the broker sent a length that is none")
    return 0, 0
