"""Our own: `pico.uplink` with the session of `pico.mqtt`."""

from time import ticks_ms

import network  # noqa: F401 -- stand-ins are no part of what is measured
from thirdring_unit.core.events import Message
from thirdring_unit.pico.credentials import Credentials
from thirdring_unit.pico.setup import Setup
from thirdring_unit.pico.uplink import Uplink


class Fields:
    pass


class Client:
    def __init__(self, told):
        setup = Setup()
        setup.settings = Fields()
        setup.settings.keepalive_ms = told["keepalive_s"] * 1_000
        setup.branch, setup.unit, setup.password = "b12", "desk-07", None
        setup.host, setup.port = "127.0.0.1", told["port"]
        setup.networks, setup.country = [("", "")], ""
        setup.credentials = Credentials(told["tls"] or "/", secured=bool(told["tls"]), own=False)
        will = Message("state", b'{"boot":1,"s":"lost"}', retain=True)
        self._uplink = Uplink(setup, ["thirdring/1/b12/desk-07/ack"], will)
        self._first_id = told["first_id"]

    @property
    def is_up(self):
        return self._uplink.is_up

    def begin(self):
        pass

    def publish(self, payload):
        session = self._uplink._session
        if self._first_id:
            session._packet_id, self._first_id = self._first_id, 0
        self._uplink.publish(ticks_ms(), Message("fact", payload))

    def step(self):
        return [payload for _, payload in self._uplink.step(ticks_ms())]
