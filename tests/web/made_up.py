"""A made-up branch: some days of facts of some desks, the same for the same seed."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

import thirdring_gateway.ledger.tables  # noqa: F401 -- sets Django up, before any model is imported
from thirdring_gateway.accounts.models import Person
from thirdring_gateway.entered.models import CallRecord, Matter, Promise
from thirdring_gateway.ledger.append import Appender, Batch
from thirdring_gateway.ledger.project import catch_up

BRANCH, ZONE = "b12", "Asia/Shanghai"
DAY_MS, HOUR_MS, MINUTE_MS = 86_400_000, 3_600_000, 60_000
NOW_MS = 1_795_415_400_000
"""2026-11-23 14:30 in Shanghai, a Monday."""
MIDNIGHT_MS = NOW_MS - 14 * HOUR_MS - 30 * MINUTE_MS
RING_MS = 5_000
ENTERED = (
    (Matter.CONSULTATION, "张", "13800001111", "询问转账限额"),
    (Matter.COMPLAINT, "李", "13900002222", "等候时间太长"),
    (Matter.TRANSACTION, "王", "13700003333", "办理挂失"),
    (Matter.SUGGESTION, "陈", "13600004444", "建议增加窗口"),
)
TITLES = {
    "desk-01": "1号窗口",
    "desk-02": "2号窗口",
    "desk-03": "3号窗口",
    "desk-04": "贵宾窗口",
    "desk-05": "5号窗口",
    "desk-06": "6号窗口",
}


@dataclass
class Unit:
    """A unit in one boot: numbers its facts and remembers them."""

    name: str
    boot: int
    began_ms: int
    facts: list[dict[str, Any]] = field(default_factory=list)
    call: int = 0

    def say(self, at_ms: int, kind: str, **fields: Any) -> None:
        envelope = {"v": 1, "branch": BRANCH, "unit": self.name, "boot": self.boot, "seq": len(self.facts) + 1}
        self.facts.append(envelope | {"up_ms": at_ms - self.began_ms, "kind": kind} | fields)

    def ring(self, at_ms: int, rings: int) -> int:
        self.call += 1
        for n in range(rings):
            self.say(at_ms + n * RING_MS, "ring", call=self.call, n=n + 1)
        return self.call

    def answer(self, at_ms: int, rings: int, talk_ms: int, hold_ms: int = 0, by: str = "caller") -> int:
        """Ring, answer, perhaps hold, and hang up; return when it ended."""
        call = self.ring(at_ms, rings)
        wait_ms = (rings - 1) * RING_MS + 2_400
        up = at_ms + wait_ms
        self.say(up, "answered", call=call, rings=rings, rings_completed=rings, wait_ms=wait_ms)
        if hold_ms:
            self.say(up + 4_000, "held", call=call, how="key")
            self.say(up + 4_000 + hold_ms, "resumed", call=call, held_ms=hold_ms)
        end = up + 4_000 + hold_ms + talk_ms
        why = {"caller": "busy tone", "agent": "on-hook first", "unknown": "no clearing tone"}
        heard = {"agent_ms": talk_ms // 2, "caller_ms": talk_ms // 3, "loud_ms": talk_ms // 8 if call % 9 == 0 else 0}
        self.say(end, "ended", call=call, by=by, why=why[by], talk_ms=talk_ms, held_ms=hold_ms, greeting_ms=900,
                 silence_max_ms=2_500, interruptions=int(call % 7 == 0), **heard)  # fmt: skip
        if call % 3 == 0:
            self.say(end + 1_000, "outcome", resolved=call % 4 != 0, call=call)
        return end

    def miss(self, at_ms: int, rings: int) -> int:
        call = self.ring(at_ms, rings)
        end = at_ms + rings * RING_MS
        self.say(end, "missed", call=call, rings=rings, wait_ms=rings * RING_MS - 4_000)
        return end


def boot(name: str, number: int, began_ms: int) -> Unit:
    """Return a unit that has just started and knows the time."""
    unit = Unit(name, number, began_ms)
    unit.say(began_ms, "boot", fw="0.1.0", reason="power", inputs=[], can=["ring", "loop"])
    unit.say(began_ms + 100, "clock", epoch_ms=began_ms + 100, source="ntp")
    return unit


def day_of(unit: Unit, midnight_ms: int, until_ms: int, calls: int, random: Random) -> None:
    """Let a unit live through a day from nine o'clock on, as far as `until_ms`."""
    at = midnight_ms + 9 * HOUR_MS + random.randrange(5 * MINUTE_MS)
    pause_ms = 7 * HOUR_MS // calls
    ticket = 0
    for _ in range(calls):
        if at + 6 * MINUTE_MS > until_ms:
            break
        if 12 * HOUR_MS <= at - midnight_ms < 13 * HOUR_MS + 30 * MINUTE_MS:  # lunch
            at = midnight_ms + 13 * HOUR_MS + 30 * MINUTE_MS + random.randrange(10 * MINUTE_MS)
            continue
        rings = random.choices((1, 2, 3, 4, 6), (30, 40, 22, 5, 3))[0]
        if random.random() < 0.05:
            end = unit.miss(at, rings)
        else:
            hold = random.choices((0, 18_000, 41_000, 75_000), (80, 10, 7, 3))[0]
            by = random.choices(("caller", "agent", "unknown"), (80, 14, 6))[0]
            end = unit.answer(at, rings, random.randrange(20_000, 120_000), hold, by)
            if random.random() < 0.5:
                unit.say(end + 2_000, "rated", score=random.choices((5, 4, 3, 2), (6, 3, 1, 1))[0], call=unit.call)
        if random.random() < 0.12:
            ticket += 1
            wait = random.randrange(30_000, 6 * MINUTE_MS)
            name = f"{unit.boot}.{ticket}"
            unit.say(end + 10_000, "vip_in", ticket=name, tier=1 + ticket % 2)
            end += 10_000 + wait
            unit.say(end, "vip_served", ticket=name, wait_ms=wait)
        at = end + random.randrange(pause_ms // 3, pause_ms)


def branch(desks: int, days: int, calls: int, seed: int = 4) -> Iterator[Unit]:
    """Yield the units of a branch over the days up to now, one boot for each desk and day."""
    random = Random(seed)  # noqa: S311 -- a day must be repeatable, not secret
    for place in range(desks):
        for back in reversed(range(days)):
            midnight = MIDNIGHT_MS - back * DAY_MS
            if back % 7 in (1, 2):  # Sunday and Saturday: today is a Monday
                continue
            unit = boot(f"desk-{place + 1:02}", days - back, midnight + 8 * HOUR_MS + 50 * MINUTE_MS)
            day_of(unit, midnight, min(midnight + DAY_MS, NOW_MS - 2 * MINUTE_MS), calls, random)
            if back:
                unit.say(midnight + 17 * HOUR_MS + 40 * MINUTE_MS, "level", loud_ms=0)
            yield unit


def present(units: list[Unit]) -> None:
    """Let things go on right now at some of today's units: ringing, talking, on hold, VIP customers waiting, lost."""
    ringing, held, talking, waiting, *others = units
    ringing.ring(NOW_MS - 14_000, 3)
    call = held.ring(NOW_MS - 120_000, 2)
    held.say(NOW_MS - 113_000, "answered", call=call, rings=2, rings_completed=2, wait_ms=7_000)
    held.say(NOW_MS - 82_000, "held", call=call, how="key")
    call = talking.ring(NOW_MS - 50_000, 1)
    talking.say(NOW_MS - 48_000, "answered", call=call, rings=1, rings_completed=1, wait_ms=2_000)
    waiting.say(NOW_MS - 11 * MINUTE_MS, "vip_in", ticket="now.1", tier=1)
    waiting.say(NOW_MS - 260_000, "vip_in", ticket="now.2", tier=2)
    for unit in (ringing, held, talking, waiting, *others[:-1]):
        unit.say(NOW_MS - 3_000, "level", loud_ms=0)


def enter(units: list[Unit], person: Person) -> None:
    """Let `person` enter something of the first calls of each unit's day: records of each class, and promises."""
    for unit in units:
        at = [fact for fact in unit.facts if fact["kind"] == "ring" and fact["n"] == 1][:4]
        for ring, (matter, name, contact, problem) in zip(at, ENTERED, strict=False):
            of_call = {"unit": unit.name, "boot": unit.boot, "number": ring["call"]}
            start_ms = unit.began_ms + ring["up_ms"]
            is_complaint = matter == Matter.COMPLAINT
            number = f"{contact[:3]}{unit.name[-2:]}{unit.boot:04}{contact[-2:]}"
            CallRecord.objects.create(
                **of_call, start_ms=start_ms, matter=matter, name=f"{name}{unit.name[-1]}", contact=number,
                who=number, business="个人业务", problem=problem, resolved=not is_complaint, by=person,
                changed_ms=start_ms, owner=person if is_complaint else None,
                due_ms=start_ms + DAY_MS if is_complaint else None,
            )  # fmt: skip
            due_ms = start_ms + 2 * HOUR_MS if matter != Matter.TRANSACTION else start_ms + 5 * HOUR_MS
            in_time, late = due_ms - MINUTE_MS, due_ms + HOUR_MS
            told_ms = {Matter.CONSULTATION: in_time, Matter.COMPLAINT: late}.get(matter)
            done_ms = in_time if start_ms < MIDNIGHT_MS else told_ms
            Promise.objects.create(
                **of_call, what="回复客户", due_ms=due_ms, by=person, made_ms=start_ms,
                done_ms=done_ms if done_ms and done_ms < NOW_MS else None,
            )  # fmt: skip


def store(units: list[Unit]) -> None:
    """Append the units' facts to the ledger and project them."""
    appender = Appender()
    for unit in units:
        facts = [(fact, json.dumps(fact, separators=(",", ":"))) for fact in unit.facts]
        appender.append(Batch(heard_ms=None, facts=facts))
    catch_up(ZONE)
