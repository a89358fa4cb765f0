"""A real Mosquitto, and a gateway that acknowledges whatever comes: what a desk's program talks to in its tests."""

import json
import os
import shutil
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path
from threading import Condition
from typing import Any

from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

PATIENCE_S = 120  # events are waited for; only a failure lasts so long
MOSQUITTO = shutil.which("mosquitto", path=f"{os.environ['PATH']}:/usr/sbin") or "mosquitto"


class Gateway:
    """Acknowledges the facts of each boot as far as none is missing, and remembers all that desks say."""

    def __init__(self, port: int) -> None:
        self.facts: dict[tuple[int, int], dict[str, Any]] = {}
        self.said: dict[str, dict[str, Any]] = {}
        self._complete: dict[int, int] = {}
        self._changed = Condition()
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2)
        self._client.on_connect = lambda client, *_: client.subscribe("thirdring/1/#", 1)
        self._client.on_message = self._received
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()

    def wait_for(self, kind: str, boot: int) -> None:
        """Wait until a fact of a kind has come."""
        self.wait_until(lambda: kind in self.kinds(boot))

    def wait_until(self, is_so: Callable[[], bool]) -> None:
        """Wait until something is so, asked anew with each message that comes."""
        with self._changed:
            came = self._changed.wait_for(is_so, PATIENCE_S)
        assert came, self.facts

    def of_kind(self, kind: str) -> list[dict[str, Any]]:
        """All facts of one kind, in the order of their numbers."""
        return [fact for _, fact in sorted(self.facts.items()) if fact["kind"] == kind]

    def kinds(self, boot: int) -> list[str]:
        """Kinds of all facts of one boot in the order of their numbers."""
        return [fact["kind"] for key, fact in sorted(self.facts.items()) if key[0] == boot]

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def _complete_seq(self, boot: int) -> int:
        """The last fact of a boot before which none is missing: a broker that is killed forgets what it confirmed."""
        seq = self._complete.get(boot, 0)
        while (boot, seq + 1) in self.facts:
            seq += 1
        self._complete[boot] = seq
        return seq

    def _received(self, client: mqtt.Client, _: object, message: mqtt.MQTTMessage) -> None:
        tail = message.topic.split("/", 4)[4]
        body = json.loads(message.payload)
        with self._changed:
            self.said[tail] = body
            if tail == "fact":
                self.facts[body["boot"], body["seq"]] = body
                ack = json.dumps({"boot": body["boot"], "seq": self._complete_seq(body["boot"])})
                client.publish(message.topic.replace("/fact", "/ack"), ack, 1)
            self._changed.notify_all()


class Broker:
    """A Mosquitto that can be stopped and started again at the same port."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self._conf = folder / "broker.conf"
        self._conf.write_text(f"listener {self.port} 127.0.0.1\nallow_anonymous true\n")
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen([MOSQUITTO, "-c", self._conf], stderr=subprocess.PIPE, text=True)
        assert self._process.stderr
        assert any("running" in line for line in self._process.stderr)

    def stop(self) -> None:
        self._process.kill()
        self._process.communicate()
