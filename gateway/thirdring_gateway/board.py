"""The live board: what each desk is doing now, as far as its last committed facts tell."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from thirdring_unit.core.vip import OFF

from thirdring_gateway.ledger.append import Batch

UNKNOWN, IDLE, RINGING, TALKING, HOLDING, LOST = "starting", "idle", "ringing", "talking", "on hold", "lost"
Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DeskNow:
    """A desk at this moment; `vip` and `prompt` are what its two lights show."""

    line: str = UNKNOWN
    event: str = ""
    vip: str = OFF
    prompt: str = OFF
    is_here: bool = False
    last: tuple[int, int] = (0, 0)

    @property
    def doing(self) -> str:
        """What the desk is doing, in one or two words."""
        return self.line if self.is_here or self.line == UNKNOWN else LOST


# What a fact says about the line (None: nothing), and in words.
WORDS: dict[str, tuple[str | None, Callable[[Fields], str]]] = {
    "boot": (IDLE, lambda _: "unit started"),
    "ring": (RINGING, lambda fact: f"ring {fact.get('n', '?')}"),
    "answered": (TALKING, lambda fact: f"answered at ring {_known(fact.get('rings'))}"),
    "missed": (IDLE, lambda fact: f"missed after ring {_known(fact.get('rings'))}"),
    "dialled": (TALKING, lambda _: "dialled out"),
    "held": (HOLDING, lambda fact: f"on hold ({fact.get('how', '?')})"),
    "resumed": (TALKING, lambda fact: f"back after {_seconds(fact.get('held_ms'))}"),
    "flashed": (None, lambda _: "flashed the line"),
    "ended": (IDLE, lambda fact: _hung_up(fact.get("by"))),
    "vip_in": (None, lambda fact: f"VIP came, tier {_known(fact.get('tier'))}"),
    "vip_served": (None, lambda fact: f"VIP served after {_seconds(fact.get('wait_ms'))}"),
    "vip_left": (None, lambda _: "VIP left"),
    "service": (None, lambda fact: "service began" if fact.get("began") else "service ended"),
    "rated": (None, lambda fact: f"rated {fact.get('score')} of 5"),
    "outcome": (None, lambda fact: "resolved" if fact.get("resolved") else "not resolved"),
}


class Board:
    """All desks of a branch; fed by one thread, read by any."""

    def __init__(self, units: Iterable[str]) -> None:
        self.desks: dict[str, DeskNow] = dict.fromkeys(units, DeskNow())

    def take(self, batch: Batch) -> None:
        """Take a committed batch; facts that came again or too late are no news."""
        for fact, _ in batch.facts:
            if fact["unit"] in self.desks:
                self.desks[fact["unit"]] = _after(self.desks[fact["unit"]], fact)
        for _, unit, state in batch.states:
            self._note(unit, is_here=state["s"] == "ready")
        for _, unit, light in batch.lights:
            self._note(unit, vip=light["vip"], prompt=light["prompt"])

    def _note(self, unit: str, **changes: Any) -> None:
        if unit in self.desks:
            self.desks[unit] = replace(self.desks[unit], **changes)


def _after(desk: DeskNow, fact: Fields) -> DeskNow:
    key = fact["boot"], fact["seq"]
    if key <= desk.last or fact["kind"] not in WORDS:
        return desk
    line, words = WORDS[fact["kind"]]
    return replace(desk, line=line or desk.line, event=words(fact), last=key)


def _hung_up(by: object) -> str:
    return f"{by} hung up first" if by in ("caller", "agent") else "call ended"


def _known(value: object) -> object:
    return "?" if value is None else value


def _seconds(length_ms: int | None) -> str:
    return "?" if length_ms is None else f"{length_ms / 1000:.0f} s"
