"""Program, broker and Wi-Fi are killed at random moments; at the end every fact is in the ledger exactly once."""

import json
import os
import time
from functools import partial
from random import Random

import pytest

from tests.pico.bench import Edge, Gateway, Key, Pico, until

KILLS = int(os.environ.get("THIRDRING_KILLS", "20"))
SEED = int(os.environ.get("THIRDRING_SEED", str(time.time_ns() % 1_000_000)))
PAUSES_S = ((0.02, 0.3), (0.3, 1.0))  # as often while it starts as while it tells
STUCK_S = 120  # at the end: without any fact on its way to the ledger
BACKLOG_MOST, BACKLOG_LEAST = (
    64,
    32,
)  # files of the journal's 128: a full one gives facts up, which has tests of its own
EDGES_MS = 72 * 3_600_000
pytestmark = [pytest.mark.system, pytest.mark.slow]


def restless(chance: Random) -> list[Edge]:
    """A counter at which something happens all the time, and VIP customers are served soon."""
    edges: list[Edge] = []
    at_ms = 500
    while at_ms < EDGES_MS:
        name = chance.choice(["serve", "vip_in", "vip_served", "vip_served", "rate_4", "hold_key", "loop"])
        lasts_ms = chance.randint(60, 400)
        edges += [(at_ms, name, 1), (at_ms + lasts_ms, name, 0)]
        at_ms += lasts_ms + chance.randint(50, 20_000)
    return edges


def pause(chance: Random) -> None:
    time.sleep(chance.uniform(*chance.choice(PAUSES_S)))


def test_no_fact_is_lost_or_counted_twice_however_often_anything_is_killed(
    gateway: Gateway, pico: Pico, capfd: pytest.CaptureFixture[str]
) -> None:
    with capfd.disabled():
        print(f"\nkills of a Pico: THIRDRING_SEED={SEED} THIRDRING_KILLS={KILLS}")  # noqa: T201 -- to repeat a failure
    chance = Random(SEED)  # noqa: S311 -- repeatable, not secret
    pico.world(restless(chance), hop_ms=1_000)
    seen: dict[Key, bytes] = {}
    pico.start()
    for _ in range(KILLS):
        pause(chance)
        catch_up(pico)
        victim = chance.choice(["program", "program", "program", "broker", "wifi"])
        if victim == "program":
            pico.kill()
            seen |= pico.on_flash()
            pico.start()
        elif victim == "broker":
            until(gateway.kill_broker, "the gateway does not start its broker again")
        else:
            (pico.folder / "wifi-out").touch()
            pause(chance)
            (pico.folder / "wifi-out").unlink()
        assert pico.is_alive, f"the program ended by itself, SEED {SEED}\n{pico.log[-2_000:]}"
    finish(gateway, pico)
    seen |= pico.on_flash()
    stored = gateway.facts("desk-07")
    for boot, last in highest(seen).items():
        numbers = {seq for each, seq in stored if each == boot}
        assert set(range(1, last + 1)) <= numbers, f"boot {boot} has holes, SEED {SEED}"
    for boot, last in highest(stored).items():
        assert {seq for each, seq in stored if each == boot} == set(range(1, last + 1)), f"boot {boot}, SEED {SEED}"
    assert {key: json.loads(stored[key]) for key in seen} == {key: json.loads(body) for key, body in seen.items()}
    assert gateway.refused() == 0
    with capfd.disabled():
        boots = len({boot for boot, _ in stored})
        print(f"{len(stored)} facts of {boots} boots, each once; {len(seen)} of them were seen on the flash")  # noqa: T201


def catch_up(pico: Pico) -> None:
    """Let a Pico deliver undisturbed for a while when it was killed more often than its gateway could follow."""
    if pico.files > BACKLOG_MOST:
        until(lambda: pico.files < BACKLOG_LEAST, f"the backlog does not go down, SEED {SEED}\n{pico.log}", STUCK_S)


def finish(gateway: Gateway, pico: Pico) -> None:
    """Let the world come to rest, and the Pico tell all that it has."""
    pico.kill()
    pico.world(hop_ms=1_000)
    (pico.folder / "position").unlink()
    boot = max(boot for boot, _ in pico.on_flash())
    pico.start()
    until(lambda: any(key[0] > boot for key in pico.on_flash()), f"it does not start, SEED {SEED}\n{pico.log}")
    left = waiting(gateway, pico)
    while left:
        stuck = f"{left} facts do not arrive, SEED {SEED}\n{pico.log}"
        until(partial(has_moved_on, gateway, pico, left), stuck, STUCK_S)
        left = waiting(gateway, pico)


def has_moved_on(gateway: Gateway, pico: Pico, left: int) -> bool:
    return waiting(gateway, pico) < left


def waiting(gateway: Gateway, pico: Pico) -> int:
    """Return how many facts on the flash are not in the ledger."""
    return len(set(pico.on_flash()) - set(gateway.facts("desk-07")))


def highest(facts: "dict[Key, bytes] | dict[Key, str]") -> dict[int, int]:
    """Return the last number of each boot."""
    last: dict[int, int] = {}
    for boot, seq in facts:
        last[boot] = max(seq, last.get(boot, 0))
    return last
