"""Facts of the emulated desk beside those that the scenario yields when it is replayed in virtual time."""

from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from typing import Any

Fact = Mapping[str, Any]

ASIDE = ("boot", "clock", "level", "checked", "fault", "dropped")
"""Kinds that tell of the unit, its clock and its room, and not of the day."""
OWN = ("v", "branch", "unit", "boot", "seq", "up_ms", "limit_ms", "test")
"""Fields that differ between any two units that sense the same."""
WIRED_MS, HEARD_MS = 100, 700
"""How exactly a time must be met: by a wire, with bounce and a slow processor; by ear, with its block as well."""
HEARD = ("agent_ms", "caller_ms", "overlap_ms", "greeting_ms", "silence_max_ms", "loud_ms")


def told(facts: Iterable[Fact]) -> list[Fact]:
    """Return what is told of the day, by its subjects: calls, VIPs and the counter, each in the order of time."""
    of_day = [fact for fact in facts if fact["kind"] not in ASIDE]
    return sorted(of_day, key=lambda fact: (_subject(fact), fact["up_ms"], fact["seq"]))


def differences(got: Iterable[Fact], expected: Iterable[Fact]) -> list[str]:
    """Return a line for everything in which the facts `got` differ from those `expected`; times may differ a little."""
    got, expected = told(got), told(expected)
    matched = SequenceMatcher(None, [*map(_name, got)], [*map(_name, expected)], autojunk=False)
    lines = []
    for what, first, last, other_first, other_last in matched.get_opcodes():
        if what == "equal":
            pairs = zip(got[first:last], expected[other_first:other_last], strict=True)
            lines += [line for one, other in pairs if (line := _difference(one, other))]
        else:
            lines += [f"{_name(fact)} at {fact['up_ms']} ms is too many" for fact in got[first:last]]
            lines += [f"{_name(fact)} at {fact['up_ms']} ms is missing" for fact in expected[other_first:other_last]]
    return lines


def _difference(one: Fact, other: Fact) -> str:
    different = [name for name in sorted({*one, *other} - {*OWN}) if not _agree(name, one, other)]
    fields = ", ".join(f"{name} {one.get(name)} instead of {other.get(name)}" for name in different)
    return f"{_name(other)} at {other['up_ms']} ms: {fields}" if fields else ""


def _agree(name: str, one: Fact, other: Fact) -> bool:
    mine, theirs = one.get(name), other.get(name)
    if name == "ticket":
        return str(mine).rpartition(".")[2] == str(theirs).rpartition(".")[2]  # before the dot stands the boot
    if name.endswith("_ms") and isinstance(mine, int) and isinstance(theirs, int):
        is_heard = name in HEARD or other.get("how") in ("music", "quiet")
        return abs(mine - theirs) <= (HEARD_MS if is_heard else WIRED_MS)
    return bool(mine == theirs)


def _name(fact: Fact) -> str:
    return f"{_subject(fact)}: {fact['kind']}"


def _subject(fact: Fact) -> str:
    if "ticket" in fact:
        return f"VIP {str(fact['ticket']).rpartition('.')[2]}"
    return f"call {fact['call']:>2}" if fact.get("call") is not None else str(fact["kind"])
