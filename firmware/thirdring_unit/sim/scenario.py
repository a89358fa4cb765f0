"""A scenario file: a desk's day that a non-programmer can write, read from TOML and checked.

Every mistake raises `ScenarioError` with one line: the file, the place, the key, and how to mend it.
"""

import tomllib
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any, Literal, NamedTuple

from thirdring_unit.errors import reading, suggestion
from thirdring_unit.sim import exchange
from thirdring_unit.sim.day import ScenarioError, work_out
from thirdring_unit.sim.plain import (
    PlainError,
    Reader,
    clock,
    clock_text,
    duration,
    one_of,
    tables,
    text,
    whole,
    yes_no,
)
from thirdring_unit.sim.story import Call, Hold, Scenario, Service, Vip

__all__ = ["Scenario", "ScenarioError", "load", "parse", "shipped"]

WARM_UP_MS = 15_000  # a unit that has just been switched on cannot know how often the phone has rung already


class _Key(NamedTuple):
    """How one key of the file is read, and the name under which the program knows it."""

    attribute: str
    read: Reader
    needed: bool = False


_NAME = text("[a-z0-9-]{1,32}", "desk-07")
_DAY = {
    "title": _Key("title", text(r"[^\n]{0,120}", "A quiet morning")),
    "desk": _Key("desk", _NAME, needed=True),
    "branch": _Key("branch", _NAME),
    "country": _Key("country", one_of(*exchange.countries())),
    "starts": _Key("starts_ms", clock),
    "ears": _Key("ears", one_of("both", "line", "none")),
    "far_end": _Key("far_end", one_of("tone", "open loop", "nothing")),
    "raw_ring": _Key("raw_ring", yes_no),
    "seed": _Key("seed", whole(0, 2**31)),
}
_AT = {"at": _Key("at_ms", clock, needed=True)}
_AFTERWARDS = {"rating": _Key("rating", whole(1, 5)), "resolved": _Key("resolved", yes_no)}
_HOLD = {
    "for": _Key("for_ms", duration, needed=True),
    "how": _Key("how", one_of("key", "flash", "music", "silence"), needed=True),
    "after": _Key("after_ms", duration),
}
_TALK = {
    "talk": _Key("talk_ms", duration, needed=True),
    "greeting": _Key("greeting_ms", duration),
    "transfer": _Key("transfer_ms", duration),
    "hangup": _Key("hangup", one_of("caller", "agent")),
    "hold": _Key("holds", tables('hold = { for = "75 s", how = "key" }')),
}
_RINGS = {"rings": _Key("rings", whole(1, 50), needed=True)}
_CALLS: dict[str, Literal["answered", "missed", "dialled"]] = {
    "call": "answered",
    "missed": "missed",
    "dialled": "dialled",
}
_TABLES: dict[str, dict[str, _Key]] = {
    "call": _AT | _RINGS | _TALK | _AFTERWARDS | {"after_ring": _Key("after_ring_ms", duration)},
    "missed": _AT | _RINGS,
    "dialled": _AT | _TALK | _AFTERWARDS,
    "vip": _AT
    | {
        "tier": _Key("tier", whole(1, 2), needed=True),
        "served_after": _Key("served_after_ms", duration),
        "left_after": _Key("left_after_ms", duration),
    },
    "service": _AT | {"for": _Key("for_ms", duration, needed=True)} | _AFTERWARDS,
}


KEYS = {"": list(_DAY), **{name: list(keys) for name, keys in _TABLES.items()}}
"""Every key of a scenario file by its table; "" is the top of the file."""


def load(path: Path) -> Scenario:
    """Read a scenario file; raises UserError in one line that begins with the file's name."""
    with reading(path), path.open("rb") as file:
        try:
            return parse(tomllib.load(file))
        except tomllib.TOMLDecodeError as error:
            raise ScenarioError(f"{path}: is not TOML: {error}") from error
        except ScenarioError as error:
            raise ScenarioError(f"{path}: {error}") from None


def shipped() -> list[Scenario]:
    """Give the six desks of the demonstration, whose days together show every rule at work."""
    with resources.as_file(resources.files(__package__) / "scenarios") as folder:
        return [load(path) for path in sorted(folder.glob("*.toml"))]


def parse(data: dict[str, Any]) -> Scenario:
    """Read a scenario from the tables of its file; raises ScenarioError without the file's name."""
    top = {key: value for key, value in data.items() if key not in _TABLES}
    day = _table("the top of the file", top, _DAY, [*_DAY, *_TABLES])
    events = [(name, place, values) for name in _TABLES for place, values in _entries(name, data.get(name, []))]
    if not events:
        raise ScenarioError("nothing happens: add a [[call]], [[missed]], [[dialled]], [[vip]] or [[service]]")
    first_ms = min(values["at_ms"] for _, _, values in events)
    starts_ms = day.setdefault("starts_ms", max(0, first_ms - WARM_UP_MS))
    if starts_ms > first_ms - WARM_UP_MS:
        raise ScenarioError(f"`starts` must be {WARM_UP_MS // 1000} s or more before {clock_text(first_ms)}")
    for _, _, values in events:
        values["at_ms"] -= starts_ms
    calls = [_call(name, place, values) for name, place, values in events if name in _CALLS]
    vips = [_vip(place, values) for name, place, values in events if name == "vip"]
    services = [Service(**values) for name, _, values in events if name == "service"]
    scenario = Scenario(
        **day,
        calls=tuple(sorted(calls, key=lambda call: call.at_ms)),
        vips=tuple(sorted(vips, key=lambda vip: vip.at_ms)),
        services=tuple(sorted(services, key=lambda service: service.at_ms)),
    )
    work_out(scenario)
    return scenario


def _entries(name: str, tables: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Read every [[name]] of the file, each with the place that errors name."""
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise ScenarioError(f"`{name}` must be written as [[{name}]], with its keys on the lines below")
    for number, table in enumerate(tables, 1):
        place = f"[[{name}]] number {number}"
        yield place, _table(place, table, _TABLES[name], list(_TABLES[name]))


def _table(place: str, table: dict[str, Any], keys: dict[str, _Key], known: list[str]) -> dict[str, Any]:
    values = {}
    for key, value in table.items():
        if key not in keys:
            raise ScenarioError(f"{place}: `{key}` is not known; {suggestion(key, known)}")
        try:
            values[keys[key].attribute] = keys[key].read(value)
        except PlainError as error:
            raise ScenarioError(f"{place}: `{key}` {error}") from None
    for key, rule in keys.items():
        if rule.needed and key not in table:
            raise ScenarioError(f"{place}: `{key}` is missing")
    return values


def _call(name: str, place: str, values: dict[str, Any]) -> Call:
    if "transfer_ms" in values and "hangup" in values:
        raise ScenarioError(f"{place}: a transferred call leaves the desk with its caller: remove `hangup`")
    holds = tuple(Hold(**_table(f"{place}, hold", hold, _HOLD, list(_HOLD))) for hold in values.pop("holds", []))
    return Call(kind=_CALLS[name], holds=holds, **values)


def _vip(place: str, values: dict[str, Any]) -> Vip:
    if "served_after_ms" in values and "left_after_ms" in values:
        raise ScenarioError(f"{place}: a VIP is served or leaves: remove `served_after` or `left_after`")
    return Vip(**values)
