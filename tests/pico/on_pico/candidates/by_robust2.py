"""umqtt.robust2, which connects again by itself and keeps up to five messages, used as its own example does."""

from time import ticks_diff, ticks_ms

from by_simple2 import AT_ONCE, PAUSE_MS, TOPIC, options
from umqtt import robust2, simple2


class Client:
    def __init__(self, told):
        self._keepalive_ms = told["keepalive_s"] * 1_000
        self._came = []
        self._client = robust2.MQTTClient(b"desk-07", "127.0.0.1", **options(told))
        self._client.set_callback(lambda _topic, payload, _retained, _again: self._came.append(payload))
        self._client.set_last_will(TOPIC + b"state", b'{"boot":1,"s":"lost"}', retain=True, qos=1)
        if told["first_id"]:
            self._client.newpid = simple2.pid_gen(told["first_id"])
        self._next_ms = ticks_ms()
        self._has_begun = False

    @property
    def is_up(self):
        return self._has_begun and not self._client.is_conn_issue()

    def begin(self):
        self._client.connect()
        self._client.subscribe(TOPIC + b"ack", qos=1)
        self._has_begun = True

    def publish(self, payload):
        self._client.publish(TOPIC + b"fact", payload, qos=1)

    def step(self):
        if self.is_up:
            self._exchange()
        elif ticks_diff(ticks_ms(), self._next_ms) >= 0:
            self._next_ms = ticks_ms() + PAUSE_MS
            self._client.reconnect()
            if not self._client.is_conn_issue():
                self._client.resubscribe()
        came, self._came = self._came, []
        return came

    def _exchange(self):
        silent_ms = ticks_diff(ticks_ms(), self._client.last_cpacket)
        if max(silent_ms, 0) > self._keepalive_ms // 2 < ticks_diff(ticks_ms(), self._client.last_ping):
            self._client.ping()
        self._client.send_queue()
        for _ in range(AT_ONCE):
            self._client.check_msg()
