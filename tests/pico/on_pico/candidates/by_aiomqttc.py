"""aiomqttc, with a loop of ours that connects again: its own does not after a silent broker."""

import asyncio
import builtins
import ssl

builtins.TimeoutError = asyncio.TimeoutError  # which it takes for a builtin, as on CPython

from aiomqttc import MQTTClient  # noqa: E402

TOPIC = "thirdring/1/b12/desk-07/"
PAUSE_S = 1


def security(folder):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.verify_mode = ssl.CERT_REQUIRED
    with open(folder + "ca.der", "rb") as file:
        made.load_verify_locations(cadata=file.read())
    return made


class Client:
    def __init__(self, told):
        self._came = []
        self._client = MQTTClient(
            client_id="desk-07",
            server="127.0.0.1",
            port=told["port"],
            keepalive=told["keepalive_s"],
            ssl=security(told["tls"]) if told["tls"] else False,
            will_topic=TOPIC + "state",
            will_message=b'{"boot":1,"s":"lost"}',
            will_qos=1,
            will_retain=True,
        )
        self._client.protocol.pid = told["first_id"]
        self._client.on_message = self._take

    @property
    def is_up(self):
        return self._client.connected

    def begin(self):
        asyncio.create_task(self._stay_connected())  # noqa: RUF006 -- it ends with the program

    def publish(self, payload):
        asyncio.create_task(self._client.publish(TOPIC + "fact", payload, qos=1))  # noqa: RUF006 -- it ends by itself

    def step(self):
        came, self._came = self._came, []
        return came

    async def _stay_connected(self):
        while True:
            if not self._client.connected and await self._client.connect():
                await self._client.subscribe(TOPIC + "ack", 1)
            await asyncio.sleep(PAUSE_S)

    async def _take(self, _client, _topic, payload, *_more):
        self._came.append(payload)
