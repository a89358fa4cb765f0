"""One MQTT client under MicroPython, and the other end of its facts."""

import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from threading import Condition, Event
from typing import Any, Self

from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from tests.pico.bench import BRANCH, MICROPYTHON

SCRIPTS = Path(__file__).parent / "on_pico/candidates"
TOPIC = f"thirdring/1/{BRANCH}/desk-07/"
KEEPALIVE_S = 5
PATIENCE_S = 40
ENDED_S = 60  # after its patience is over, a program ends
HEAP = "160k"
RAISED = re.compile(r"\w*(Error|Exception): |\w*(Error|Exception):?$")


class Listener:
    """The other end: collects facts by their numbers, and acknowledges all up to the first gap."""

    def __init__(self, port: int, padding_bytes: int = 0) -> None:
        self.facts: set[int] = set()
        self.state: tuple[bytes | bytearray, bool] = (b"", False)
        self.is_listening = Event()
        self._padding = b" " * padding_bytes  # of every tenth acknowledgement
        self._changed = Condition()
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2)
        self._client.on_connect = lambda client, *_: client.subscribe([(TOPIC + "fact", 1), (TOPIC + "state", 1)])
        self._client.on_subscribe = lambda *_: self.is_listening.set()
        self._client.on_message = self._received
        self._client.reconnect_delay_set(1, 1)
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        assert self.is_listening.wait(PATIENCE_S)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    @property
    def acked(self) -> int:
        return next(number for number in range(len(self.facts) + 1) if number + 1 not in self.facts)

    def until(self, is_so: Callable[[], bool], patience_s: float = PATIENCE_S) -> bool:
        """Wait until something is so, asked anew with each message."""
        with self._changed:
            return self._changed.wait_for(is_so, patience_s)

    def _received(self, client: mqtt.Client, _: object, message: mqtt.MQTTMessage) -> None:
        with self._changed:
            if message.topic.endswith("state"):
                self.state = message.payload, message.retain
            else:
                self.facts.add(int(message.payload.split()[0]))
                padding = self._padding if len(self.facts) % 10 == 0 else b""
                client.publish(TOPIC + "ack", b"%d " % self.acked + padding, 1)
            self._changed.notify_all()


class Trial:
    """One client's program at work; `report` is what it saw, once it has ended."""

    def __init__(self, client: str, program: Path, port: int, facts: int, **options: object) -> None:
        told: dict[str, object] = {
            "port": port,
            "facts": facts,
            "keepalive_s": KEEPALIVE_S,
            "patience_s": PATIENCE_S,
            "every_ms": 0,
        }
        told |= {"padding_bytes": 180, "first_id": 0, "tls": "", "is_narrow": False, **options}
        paths = os.environ | {"MICROPYPATH": f"{SCRIPTS}:{program}:.frozen"}
        command = [MICROPYTHON, "-X", f"heapsize={HEAP}", str(SCRIPTS / "trial.py"), client, json.dumps(told)]
        self.process = subprocess.Popen(command, env=paths, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def report(self) -> dict[str, Any]:
        """Wait until it ends; `raised` is the first exception that reached the top of the program or of a task."""
        try:
            output, _ = self.process.communicate(timeout=ENDED_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
            return {"stood_still_ms": ENDED_S * 1_000, "live_bytes": 0, "raised": "does not end"}
        lines = output.strip().splitlines()
        raised = [line for line in lines if RAISED.match(line)][:1]
        seen = json.loads(lines[-1]) if not self.process.returncode else {"stood_still_ms": 0, "live_bytes": 0}
        return {**seen, "raised": "".join(raised)}
