"""What a check of a desk has found so far: one line for each part, and whether the desk may open."""

import json
from collections.abc import Callable
from typing import NamedTuple

OK, NOTE, WAITING, WRONG = "ok", "note", "waiting", "wrong"
"""Verdicts: it works; it works, but read this; somebody is to try it; the desk may not open."""


class Item(NamedTuple):
    """One part, its verdict, and in plain words why."""

    verdict: str
    words: str


class Checklist:
    """Items by the name of their part, in the order in which they came; `changed` is called after each change."""

    def __init__(self, changed: Callable[[], object] = lambda: None) -> None:
        self.items: dict[str, Item] = {}
        self.changed = changed

    def put(self, part: str, verdict: str, words: str) -> None:
        """Say how a part is, from now on."""
        self.items[part] = Item(verdict, words)
        self.changed()

    @property
    def waiting(self) -> list[str]:
        """The parts that somebody has yet to try."""
        return [part for part, item in self.items.items() if item.verdict == WAITING]

    @property
    def may_open(self) -> bool:
        """Whether every part works."""
        return all(item.verdict in (OK, NOTE) for item in self.items.values())

    def as_json(self, unit: str) -> str:
        """Return all of it as one JSON object."""
        checks = [{"part": part, **item._asdict()} for part, item in self.items.items()]
        return json.dumps({"unit": unit, "may_open": self.may_open, "checks": checks}, ensure_ascii=False)
