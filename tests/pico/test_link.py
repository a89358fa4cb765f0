"""The Pico's way to the gateway on a real broker: packet ids that wrap, a broker that hangs, and safe mode."""

import json
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from paho.mqtt import publish
from thirdring_unit.core.slots import Slots
from thirdring_unit.filestorage import FileStorage
from thirdring_unit.pico.starts import CRASHES_MOST

from tests.pico.bench import BRANCH, Gateway, Pico, until
from tests.pico.broker import Broker
from tests.pico.road import Road
from tests.pico.test_flash import run
from tests.unit.real_broker import Gateway as Listener

pytestmark = [pytest.mark.system, pytest.mark.slow]

KEEPALIVE_MS = 5_000
MOST_S = 3  # the pause before a new attempt, and a busy machine
UNIT: dict[str, object] = {"unit": {"branch": BRANCH, "id": "desk-07"}, "line": {"country": "CN"}}


def test_more_publishes_than_there_are_packet_ids_go_through_one_connection(tmp_path: Path, program: Path) -> None:
    with Broker(tmp_path) as broker:
        report = run(program, "wrap.py", str(broker.port), "66000")
    assert report["published"] == 66_000
    assert report["acknowledged"] == 66_000
    assert report["highest_id"] == 65_535
    assert report["grown_bytes"] < 2_048


def test_a_connection_that_hangs_is_left_and_no_fact_is_lost(gateway: Gateway, pico: Pico) -> None:
    road = Road(gateway.port)
    identity = json.loads((pico.folder / "identity.json").read_text())
    pico.write("identity.json", {**identity, "broker": f"127.0.0.1:{road.port}"})
    pico.write("unit.json", {**UNIT, "link": {"keepalive_ms": KEEPALIVE_MS}})
    pico.world([(6_000, "serve", 1), (6_200, "serve", 0)])
    pico.start()
    until(lambda: len(gateway.facts("desk-07")) == 1, "no boot fact")
    road.hang()  # before the press: the broker's end and the Pico's stay open, and nothing passes
    hung_s = time.monotonic()
    until(lambda: road.connections == 2, "it is not noticed")
    assert time.monotonic() - hung_s <= KEEPALIVE_MS / 1_000 + MOST_S
    until(lambda: len(gateway.facts("desk-07")) == 2, "the press never arrives")
    assert pico.process is not None
    assert pico.process.poll() is None


def test_the_light_that_the_gateway_set_while_a_unit_was_away_is_shown_once_it_is_back(
    tmp_path: Path, program: Path
) -> None:
    """The broker confirms the subscriptions and sends what it kept in one go."""
    over = json.dumps({"rev": 7, "vip": "over", "prompt": "near"})
    with Broker(tmp_path) as broker:
        publish.single("thirdring/1/b12/desk-07/light/set", over, qos=1, retain=True, port=broker.port)
        listener = Listener(broker.port)
        road = Road(broker.port, awaited=b"light/set")
        pico = Pico(tmp_path / "pico", program, broker=f"127.0.0.1:{road.port}", password="made up")
        pico.world()
        pico.start()
        try:
            listener.wait_until(lambda: listener.said.get("light/state") == json.loads(over))
        finally:
            pico.kill()
            listener.close()


@pytest.fixture
def crashing(tmp_path: Path, program: Path) -> Iterator[tuple[Pico, Broker]]:
    """A Pico whose program cannot start: what it kept of its desk is none."""
    with Broker(tmp_path) as broker:
        pico = Pico(tmp_path / "pico", program, broker=f"127.0.0.1:{broker.port}", password="made up")
        storage = FileStorage(pico.folder / "journal")
        Slots(storage).save("desk", b"{}")
        storage.close()
        pico.world(hop_ms=1_000)
        (pico.folder / "wifi-out").touch()
        yield pico, broker
        pico.kill()


def test_a_program_that_crashes_again_and_again_comes_to_rest_in_safe_mode_and_says_why(
    crashing: tuple[Pico, Broker],
) -> None:
    pico, broker = crashing
    for _ in range(CRASHES_MOST):
        pico.start()
        assert pico.wait() == 64  # it starts anew by itself
    (pico.folder / "wifi-out").unlink()
    listener = Listener(broker.port)
    pico.start()
    listener.wait_until(lambda: "beat" in listener.said)
    assert listener.said["info"] == {"model": "pico", "fw": "safe mode", "why": "KeyError: serving"}
    beat = listener.said["beat"]
    assert (beat["up_ms"], beat["safe"]) == (0, "KeyError: serving")  # no minute of it is covered
    assert listener.facts == {}
    for order, ok in (("identify", True), ("self-check", False)):
        command = json.dumps({"id": order, "do": order})
        publish.single("thirdring/1/b12/desk-07/cmd", command, qos=1, port=broker.port)
        listener.wait_until(partial(is_answered, listener, order))
        assert listener.said["reply"]["ok"] is ok
    listener.close()


def is_answered(listener: Listener, order: str) -> bool:
    return bool(listener.said.get("reply", {}).get("id") == order)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("identity.json", "{}", "identity.json lacks `v`"),
        ("identity.json", "[1", "identity.json: syntax error in JSON"),
        ("unit.json", '{"unit":{"branch":"b12","id":"desk-99"},"line":{"country":"CN"}}', "unit.json: is of another"),
        ("unit.json", '{"unit":{"branch":"b12","id":"desk-07"},"line":{"contry":"CN"}}', "unknown key `contry`"),
        ("wifi.json", '{"country":"CN","networks":[]}', "wifi.json: names no network"),
        ("ca.der", "no certificate", "*.der: "),
        ("ca.der", None, "*.der is missing"),
    ],
)
def test_a_unit_that_was_not_set_up_rightly_says_so_in_one_line(
    tmp_path: Path, program: Path, name: str, content: str | None, why: str
) -> None:
    pico = Pico(tmp_path, program, broker="127.0.0.1:1", tls=name == "ca.der")
    if content is not None:
        (pico.folder / name).write_text(content)
    pico.world()
    pico.start()
    try:
        until(lambda: "thirdring: " in pico.log, "it says nothing")
        until((pico.folder / "lights.csv").exists, "its lights do not blink")
    finally:
        pico.kill()
    assert why in pico.log.splitlines()[0]
    assert "Traceback" not in pico.log
