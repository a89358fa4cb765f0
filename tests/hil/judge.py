"""What the emulated desk told, beside what its scenario says must come out."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console
from thirdring_gateway.demo.compare import Row, compare
from thirdring_gateway.ledger.append import Batch
from thirdring_unit import replay
from thirdring_unit.sim.story import Scenario
from thirdring_unit.sim.truth import Limits, truth

from tests.hil.facts import Fact, differences, told

LIGHT_MS = 1_500
"""Within this the light must follow its limit, and go out when the VIP is served; the figure itself is printed."""
LOST = re.compile(r"(\d+) ms of sound were lost")  # what a unit says when a card's buffer ran over
LOST_MS_MAX = 500
PRESSED = ("service", "vip_served", "vip_left")  # facts that tell of a press at once, and so show the way's delay


@dataclass(slots=True)
class Seen:
    """What came to the gateway; delays are between the unit's clock and the gateway's, so only differences count."""

    facts: dict[tuple[int, int], Fact] = field(default_factory=dict)
    delays_ms: list[int] = field(default_factory=list)
    beats_ms: list[int] = field(default_factory=list)

    def take(self, batch: Batch) -> None:
        """Take a batch after its commit."""
        heard_ms = batch.heard_ms or 0
        for fact, _ in batch.facts:
            key = (fact["boot"], fact["seq"])
            if key not in self.facts and fact["kind"] in PRESSED:
                self.delays_ms.append(heard_ms - fact["up_ms"])
            self.facts.setdefault(key, fact)
        self.beats_ms += [heard_ms - beat["up_ms"] for _, _, beat in batch.beats]


class Light(NamedTuple):
    """How long after its moment the VIP light was on, and off again; None: never."""

    on_ms: int | None
    off_ms: int | None


def judge(
    job: Path, scenario: Scenario, seen: Seen, kpis: dict[str, Any], vip_limit_ms: int, out: Console
) -> list[str]:
    """Print the figures, and return a line for everything that is not as the scenario wants it."""
    said: dict[str, Any] = json.loads((job / "told.json").read_text())
    facts = list(seen.facts.values())
    rows = compare(kpis, truth([scenario], Limits(vip_ms=dict.fromkeys((1, 2), vip_limit_ms))))
    lost_ms, faults = _faults(facts)
    light = _light(said["lights"], scenario, vip_limit_ms)
    _print(out, said, seen, rows, lost_ms, light)
    return [
        *differences(facts, expected(job)),
        *(f"{row.title}: {row.told} instead of {row.true}" for row in rows if not row.equal),
        *faults,
        *([f"{lost_ms} ms of sound were lost: was this machine busy?"] if lost_ms > LOST_MS_MAX else []),
        *([] if _is_prompt(light) else [f"the VIP light followed after {light} and not within {LIGHT_MS} ms"]),
        *([f"the unit ended with status {said['exit_status']}"] if said["exit_status"] else []),
    ]


def expected(job: Path) -> list[Fact]:
    """Replay the day in virtual time: the same core and ears, without a kernel, a clock or a network between."""
    lines: list[bytes] = []
    sounds = {channel: job / f"{channel}.wav" for channel in ("line", "agent")}
    edges = job / "edges.csv"
    replay.replay(replay.settings_for(job / "unit.toml", edges, sounds), edges, sounds, lines.append)
    return [json.loads(line) for line in lines]


def _faults(facts: Sequence[Fact]) -> tuple[int, list[str]]:
    """Return how much sound the unit says it lost, and a line for every other fault."""
    faults = [fact for fact in facts if fact["kind"] in ("fault", "dropped") and fact.get("on", True)]
    lost = [LOST.match(fact.get("why") or "") for fact in faults]
    others = [f"a fault was told: {fact}" for fact, found in zip(faults, lost, strict=True) if not found]
    return sum(int(found[1]) for found in lost if found), others


def _light(changes: Sequence[tuple[int, str, int]], scenario: Scenario, limit_ms: int) -> Light:
    """Look at the pin of the VIP light around the one VIP who waited too long."""
    (late,) = [vip for vip in scenario.vips if vip.gone_ms and vip.gone_ms - vip.at_ms > limit_ms]
    due_ms, gone_ms = late.at_ms + limit_ms, late.gone_ms or 0
    vip = [(at_ms, value) for at_ms, name, value in changes if name == "vip"]
    before = [value for at_ms, value in vip if at_ms < due_ms][-1:]  # it blinks while the limit is near
    on_ms = [0] if before == [1] else [at_ms - due_ms for at_ms, value in vip if value and at_ms >= due_ms]
    off_ms = [at_ms - gone_ms for at_ms, value in vip if not value and at_ms >= gone_ms]
    return Light(on_ms[0] if on_ms else None, off_ms[0] if off_ms else None)


def _is_prompt(light: Light) -> bool:
    return all(late_ms is not None and late_ms <= LIGHT_MS for late_ms in light)


def _print(out: Console, said: dict[str, Any], seen: Seen, rows: Sequence[Row], lost_ms: int, light: Light) -> None:
    delays_ms = sorted(delay_ms - min(seen.beats_ms) for delay_ms in seen.delays_ms)
    equal = sum(row.equal for row in rows)
    out.print(f"facts of the day, each once: {len(told(seen.facts.values()))}; numbers equal: {equal} of {len(rows)}")
    out.print(f"press to committed fact: median {delays_ms[len(delays_ms) // 2]} ms, at most {delays_ms[-1]} ms")
    out.print(f"VIP light after its limit: {light.on_ms} ms; out after the VIP was served: {light.off_ms} ms")
    out.print(f"sound lost, as the unit itself tells: {lost_ms} ms")
    out.print(f"edges applied at most {said['late_ms_max']} ms late; unit ready after {said['ready_s']} s")
    out.print(f"unit: {said['cpu_s']} s of the emulated processor, {said['memory_kb_max'] // 1_024} MiB at most")
