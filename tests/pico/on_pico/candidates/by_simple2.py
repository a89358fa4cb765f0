"""umqtt.simple2, with what it leaves to its user: pings, looking for silence, and connecting again."""

import ssl
import sys
from time import ticks_diff, ticks_ms

sys.modules["ussl"] = ssl  # the name that it asks for is gone since MicroPython 1.23

from umqtt import simple2  # noqa: E402

TOPIC = b"thirdring/1/b12/desk-07/"
SOCKET_S = 1
PAUSE_MS = 1_000
AT_ONCE = 12  # packets that are taken in one step


def options(told):
    """Return what its constructor takes."""
    made = {"port": told["port"], "keepalive": told["keepalive_s"], "socket_timeout": SOCKET_S, "message_timeout": 5}
    if told["tls"]:
        with open(told["tls"] + "ca.der", "rb") as file:
            authority = file.read()
        made["ssl"] = True
        name = "thirdring-b12"
        made["ssl_params"] = {"cert_reqs": ssl.CERT_REQUIRED, "cadata": authority, "server_hostname": name}
    return made


class Client:
    def __init__(self, told):
        self.is_up = False
        self._keepalive_ms = told["keepalive_s"] * 1_000
        self._came = []
        self._client = simple2.MQTTClient(b"desk-07", "127.0.0.1", **options(told))
        self._client.set_callback(lambda _topic, payload, _retained, _again: self._came.append(payload))
        self._client.set_last_will(TOPIC + b"state", b'{"boot":1,"s":"lost"}', retain=True, qos=1)
        if told["first_id"]:
            self._client.newpid = simple2.pid_gen(told["first_id"])
        self._next_ms = ticks_ms()

    def begin(self):
        pass

    def publish(self, payload):
        self._try(lambda: self._client.publish(TOPIC + b"fact", payload, qos=1))

    def step(self):
        if self.is_up:
            self._try(self._exchange)
        elif ticks_diff(ticks_ms(), self._next_ms) >= 0:
            self._try(self._connect)
        came, self._came = self._came, []
        return came

    def _connect(self):
        self._client.connect()
        self._client.subscribe(TOPIC + b"ack", qos=1)
        self.is_up = True

    def _exchange(self):
        silent_ms = ticks_diff(ticks_ms(), self._client.last_cpacket)
        if silent_ms > self._keepalive_ms:
            raise OSError("the broker is silent")
        if max(silent_ms, 0) > self._keepalive_ms // 2 < ticks_diff(ticks_ms(), self._client.last_ping):
            self._client.ping()
        for _ in range(AT_ONCE):
            self._client.check_msg()

    def _try(self, do):
        try:
            do()
        except (OSError, simple2.MQTTException):
            self.is_up = False
            self._next_ms = ticks_ms() + PAUSE_MS
            self._client.disconnect()
