"""What a whole Pico does with settings, commands and its own starts, at a real broker: seen at pins and in facts."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from paho.mqtt import publish
from thirdring_gateway.branch import store
from thirdring_unit.core.panel import IDENTIFY_MS, PATTERNS, SELF_TEST_MS
from thirdring_unit.core.slots import Slots
from thirdring_unit.filestorage import FileStorage
from thirdring_unit.pico.pins import LIGHTS
from thirdring_unit.pico.starts import CRASHES_MOST

from tests.pico.bench import BRANCH, Edge, Gateway, Pico, until
from tests.pico.broker import Broker
from tests.unit.real_broker import Gateway as Listener

pytestmark = [pytest.mark.system, pytest.mark.slow]

VIP_PIN, PROMPT_PIN = (pin for _, pin, _ in LIGHTS)
RESET, WATCHDOG = 64, 65
WATCHDOG_MS = 8_388  # the longest that an RP2040's watchdog can wait
LATE_MS = 100  # that a light may come late on a busy machine
TOPIC = f"thirdring/1/{BRANCH}/desk-07/"


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    with Broker(tmp_path) as made:
        yield made


@pytest.fixture
def listener(broker: Broker) -> Iterator[Listener]:
    made = Listener(broker.port)
    yield made
    made.close()


@pytest.fixture
def alone(tmp_path: Path, program: Path, broker: Broker) -> Iterator[Pico]:
    """A Pico at a broker without a gateway."""
    made = Pico(tmp_path / "pico", program, broker=f"127.0.0.1:{broker.port}", password="made up")
    made.world()
    yield made
    made.kill()


def live_again(pico: Pico, edges: list[Edge], **world: object) -> None:
    """Cut the power and begin a new life in a new world."""
    pico.kill()
    for name in ("position", "lights.csv"):
        (pico.folder / name).unlink(missing_ok=True)
    pico.world(edges, **world)
    pico.start()


def lit(pico: Pico, pin: int) -> list[tuple[int, int]]:
    """Return when a light went on and off after its self-test, as (ms, level)."""
    path = pico.folder / "lights.csv"
    rows = [tuple(map(int, line.split(","))) for line in path.read_text().splitlines()] if path.exists() else []
    return [(at_ms, level) for at_ms, number, level in rows if number == pin and at_ms > SELF_TEST_MS + LATE_MS]


def order(broker: Broker, tail: str, fields: dict[str, object], *, retain: bool = False) -> None:
    publish.single(TOPIC + tail, json.dumps(fields), qos=1, retain=retain, port=broker.port)


def test_a_limit_changed_at_the_gateway_lights_a_pico_that_was_cut_off_since(gateway: Gateway, pico: Pico) -> None:
    pico.world()
    pico.start()
    until(lambda: bool(gateway.facts("desk-07")), "it does not come in")
    store.save("tiers", [[1, 20_000, 0]])
    kept = [pico.folder / f"journal/config.{side}" for side in (0, 1)]
    until(lambda: any(path.exists() for path in kept), "the new limit does not come")
    (pico.folder / "wifi-out").touch()
    live_again(pico, [(5_000, "vip_in", 1), (5_200, "vip_in", 0)], hop_ms=100)
    until(lambda: len(lit(pico, VIP_PIN)) >= 5, "the light does not come")
    near_ms, over_ms = 5_000 + 16_000, 5_000 + 20_000  # 80 % of the limit, and the limit
    lit_ms, every_ms = PATTERNS["near"]
    expected = [near_ms, near_ms + lit_ms, near_ms + every_ms, near_ms + every_ms + lit_ms, over_ms]
    found = lit(pico, VIP_PIN)[:5]
    assert [level for _, level in found] == [1, 0, 1, 0, 1]
    assert all(0 <= at_ms - due_ms <= LATE_MS for (at_ms, _), due_ms in zip(found, expected, strict=True)), found


def test_wrong_settings_change_nothing_and_are_answered_with_what_is_wrong(
    broker: Broker, listener: Listener, alone: Pico
) -> None:
    alone.start()
    listener.wait_for("boot", 1)
    order(broker, "config", {"rev": 3, "settings": {"vip": {"near_percent": 50}}}, retain=True)
    listener.wait_until(lambda: listener.said.get("reply", {}).get("id") == "config-3")
    assert listener.said["reply"] == {"id": "config-3", "ok": True}
    order(broker, "config", {"rev": 4, "settings": {"vip": {"near_percnt": 50}}}, retain=True)
    listener.wait_until(lambda: listener.said.get("reply", {}).get("id") == "config-4")
    answer = dict(listener.said["reply"])
    assert not answer["ok"]
    assert "near_percnt" in answer["error"]
    live_again(alone, [])
    listener.wait_until(lambda: listener.said.get("beat", {}).get("boot") == 2)
    assert listener.said["beat"]["config"] == 3


def test_a_desk_that_is_looked_for_blinks_with_both_lights_for_a_while(
    broker: Broker, listener: Listener, alone: Pico
) -> None:
    alone.start()
    listener.wait_for("boot", 1)
    until(lambda: alone.position[1] > SELF_TEST_MS + 2 * LATE_MS, "no time passes")
    order(broker, "cmd", {"id": "where", "do": "identify"})
    listener.wait_until(lambda: listener.said.get("reply", {}).get("id") == "where")
    assert listener.said["reply"]["ok"] is True
    lit_ms, every_ms = PATTERNS["identify"]
    times = IDENTIFY_MS // every_ms
    for pin in (VIP_PIN, PROMPT_PIN):
        until(lambda pin=pin: len(lit(alone, pin)) >= 2 * times, "it does not blink")  # type: ignore[misc]
        rows = lit(alone, pin)
        assert [level for _, level in rows] == [1, 0] * times
        assert abs(rows[-1][0] - rows[0][0] - (IDENTIFY_MS - every_ms + lit_ms)) <= 2 * LATE_MS


def boots(listener: Listener) -> dict[int, object]:
    return {boot: fact["reason"] for (boot, _), fact in sorted(listener.facts.items()) if fact["kind"] == "boot"}


def test_every_start_is_counted_and_says_why_it_came(listener: Listener, alone: Pico) -> None:
    alone.start()
    listener.wait_for("boot", 1)
    alone.stall(WATCHDOG_MS + 1)
    assert alone.wait() == WATCHDOG
    alone.start()
    listener.wait_for("boot", 2)
    alone.kill()
    (alone.folder / "wifi-out").touch()
    live_again(alone, [], hop_ms=5_000)
    assert alone.wait() == RESET  # after six hours without a link
    (alone.folder / "wifi-out").unlink()
    alone.world()
    alone.start()
    listener.wait_for("boot", 4)
    assert boots(listener) == {1: "power", 2: "watchdog", 3: "power", 4: "link"}


def test_a_program_that_was_mended_lives_on_after_safe_mode(listener: Listener, alone: Pico) -> None:
    storage = FileStorage(alone.folder / "journal")
    Slots(storage).save("desk", b"{}")  # with which no unit can start
    alone.world(hop_ms=5_000)
    (alone.folder / "wifi-out").touch()
    for _ in range(CRASHES_MOST + 1):  # the last one is the hour of safe mode
        alone.start()
        assert alone.wait() == RESET
    for path in (alone.folder / "journal").glob("desk.*"):
        path.unlink()
    storage.close()
    (alone.folder / "wifi-out").unlink()
    alone.world()
    alone.start()
    listener.wait_until(lambda: "retry" in boots(listener).values())
    assert list(boots(listener).values()) == ["retry"]
