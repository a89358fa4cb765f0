"""The settings in force: those of the unit's own file, and over them what the gateway last pushed that was right.

A push is checked as a whole, and kept for the next start; one that is wrong anywhere changes nothing.
"""

import json

from thirdring_unit.core import wire
from thirdring_unit.core.settings import Settings, SettingsError
from thirdring_unit.core.slots import Slots

SLOT = "config"


class Config:
    """`settings` is one object that everything reads; `apply` changes it in place. `rev` is the push in force, or 0.

    What is set up once (the outbox's window, the beat, the devices) follows at the next start.
    """

    def __init__(self, own: Settings, slots: Slots) -> None:
        self.settings = own
        self.rev = 0
        self._given = own.given
        self._slots = slots
        self._kept: dict = {"rev": 0, "settings": {}}
        self._next: Settings | None = None
        stored = slots.load(SLOT)
        if stored:
            self._restore(json.loads(stored.decode()))

    def _restore(self, push: dict) -> None:
        try:
            self._next = self._parsed(push)
        except SettingsError:  # the unit's own file has changed since, and the two do not agree any more
            return
        self._kept = push
        self.apply()

    def offer(self, push: dict) -> None:
        """Take a push of the gateway for `apply`, and keep it for the next start.

        Raises SettingsError with one line that says what is wrong with it, and OSError when it cannot be kept;
        nothing has changed then.
        """
        if push == self._kept:
            return
        settings = self._parsed(push)
        self._slots.save(SLOT, wire.encode("config", push))
        self._kept, self._next = push, settings

    def apply(self) -> None:
        """Put the last right push in force, if it is not yet."""
        if self._next is None:
            return
        from thirdring_unit.core.parsing import copy  # noqa: PLC0415 -- a Pico holds it no longer than it is needed

        copy(self._next, self.settings)
        self.rev = self._kept["rev"]
        self._next = None

    def _parsed(self, push: dict) -> Settings:
        from thirdring_unit.core.parsing import parse  # noqa: PLC0415 -- likewise

        settings = parse(_over(self._given, push["settings"]))
        if (settings.branch, settings.unit) != (self.settings.branch, self.settings.unit):
            raise SettingsError("`branch` and `id` in [unit] are this unit's own; leave them out")
        return settings


def _over(own: dict, pushed: dict) -> dict:
    """Return the mapping of a file with what was pushed in place of its keys."""
    merged = dict(own)
    for section, keys in pushed.items():
        if isinstance(keys, dict) and isinstance(own.get(section), dict):
            merged[section] = dict(own[section])
            merged[section].update(keys)
        else:
            merged[section] = keys
    return merged
