"""Random but repeatable days: the same seed always tells the same story, for demonstrations and for tests by chance."""

from dataclasses import replace
from random import Random
from typing import Literal

from thirdring_unit.sim.day import BUTTON_REST_MS, rated_call_near, work_out
from thirdring_unit.sim.exchange import Exchange, exchange_of
from thirdring_unit.sim.story import Call, Hold, Scenario, Service, Vip
from thirdring_unit.sim.telephone import Course, course

_WARM_UP_MS = 15_000
_LIMIT_MS = 60_000
_CLEAR_OF_LIMIT_MS = 2_000  # holds keep away from the limit by more than ears can be wrong
_SHORT_MS = 5_000  # missed calls that rang less long count apart
_CLEAR_OF_SHORT_MS = 100
_VIP_LIMIT_MS = {1: 600_000, 2: 300_000}


def scenario(
    seed: int,
    *,
    desk: str = "desk-01",
    branch: str = "b12",
    country: str = "CN",
    length_ms: int = 20 * 60_000,
    ears: Literal["both", "line", "none"] = "both",
    starts_ms: int = 9 * 3_600_000,
) -> Scenario:
    """Tell a random day of about `length_ms`; every story it can tell is one that can happen."""
    chance = Random(f"{seed} {desk}")
    told = Scenario(
        desk=desk,
        title=f"Chance {seed}",
        branch=branch,
        country=country,
        starts_ms=starts_ms,
        ears=ears,
        raw_ring=_odds(chance, 30),
        seed=chance.randrange(2**31),
        calls=_calls(chance, country, ears, length_ms),
        vips=_vips(chance, length_ms),
    )
    day = replace(told, services=_services(chance, work_out(told).courses, length_ms))
    work_out(day)
    return day


def _odds(chance: Random, percent: int) -> bool:
    return chance.randrange(100) < percent


def _calls(chance: Random, country: str, ears: str, length_ms: int) -> tuple[Call, ...]:
    line = exchange_of(country)
    calls, at_ms = [], _WARM_UP_MS + chance.randrange(10_000)
    while at_ms < length_ms:
        call = _call(chance, at_ms, line, ears)
        calls.append(call)
        at_ms = course(call, line, "tone", Random(0)).over_ms + BUTTON_REST_MS + chance.randrange(30_000)
    return tuple(calls)


def _call(chance: Random, at_ms: int, line: Exchange, ears: str) -> Call:
    kind: Literal["answered", "missed", "dialled"] = "answered"
    if _odds(chance, 30):
        kind = chance.choice(("missed", "dialled"))
    rings = 0 if kind == "dialled" else chance.choice((1, 1, 2, 2, 2, 3, 3, 4, 5, 7))
    if kind == "missed":
        rang_ms = line.bursts((rings - 1) * line.ring_cycle_ms)[-1][1]
        return Call(at_ms, kind, rings + 1 if abs(rang_ms - _SHORT_MS) < _CLEAR_OF_SHORT_MS else rings)
    dropped = _odds(chance, 8)
    transferred = not dropped and _odds(chance, 10)
    return Call(
        at_ms,
        kind,
        rings,
        after_ring_ms=chance.randrange(400, line.ring_cycle_ms - 200),
        greeting_ms=chance.randrange(400, 4_000),
        talk_ms=300 if dropped else chance.randrange(20_000, 90_000),
        holds=() if dropped else _holds(chance, "none" if kind == "dialled" else ears),
        transfer_ms=_wait(chance) if transferred else None,
        hangup="agent" if dropped else chance.choice(("caller", "caller", "agent")),
        rating=chance.choice((None, None, 1, 2, 3, 4, 5, 5)),
        resolved=chance.choice((None, True, True, False)),
    )


def _holds(chance: Random, ears: str) -> tuple[Hold, ...]:
    hows: list[Literal["key", "flash", "music", "silence"]] = ["key", "flash"]
    if ears != "none":
        hows += ["music", "silence"]
    holds = tuple(Hold(_wait(chance), chance.choice(hows)) for _ in range(chance.choice((0, 0, 0, 1, 1, 2))))
    if ears == "line" and holds and holds[0].how == "music":
        return holds[:1]  # with one ear, a few words between music and music or silence may be an announcement
    return holds


def _wait(chance: Random) -> int:
    """Give a wait that is clearly under or clearly over the limit of the service rules."""
    if _odds(chance, 60):
        return chance.randrange(25_000, _LIMIT_MS - _CLEAR_OF_LIMIT_MS)
    return chance.randrange(_LIMIT_MS + _CLEAR_OF_LIMIT_MS, 100_000)


def _vips(chance: Random, length_ms: int) -> tuple[Vip, ...]:
    vips, gone_ms = [], 0
    at_ms = _WARM_UP_MS + chance.randrange(120_000)
    while at_ms < length_ms * 2 // 3:
        tier = chance.choice((1, 1, 2))
        limit_ms = _VIP_LIMIT_MS[tier]
        gone_ms = max(gone_ms, at_ms + chance.randrange(limit_ms * 13 // 10)) + 3_000
        if abs(gone_ms - at_ms - limit_ms) < _CLEAR_OF_LIMIT_MS:
            gone_ms += 2 * _CLEAR_OF_LIMIT_MS
        waited_ms = gone_ms - at_ms
        served = _odds(chance, 80)
        vips.append(Vip(at_ms, tier, waited_ms if served else None, None if served else waited_ms))
        at_ms += chance.randrange(20_000, 300_000)
    return tuple(vips)


def _services(chance: Random, courses: tuple[Course, ...], length_ms: int) -> tuple[Service, ...]:
    """Tell of ordinary customers; who rates at the counter does it while the phone is long at rest."""
    services, at_ms = [], _WARM_UP_MS + chance.randrange(200_000)
    while at_ms < length_ms:
        for_ms = chance.randrange(20_000, 200_000)
        near = rated_call_near(courses, at_ms + for_ms)
        services.append(Service(at_ms, for_ms, None if near else chance.choice((None, 3, 4, 5))))
        at_ms += for_ms + chance.randrange(10_000, 300_000)
    return tuple(services)
