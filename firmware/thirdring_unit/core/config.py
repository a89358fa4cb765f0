"""The settings in force: those of the unit's own file, and over them what the gateway last pushed that was right.

A push is checked as a whole, and kept for the next start; one that is wrong anywhere changes nothing.
"""

import json

from thirdring_unit.core.settings import TABLE, Settings, SettingsError, attribute, parse
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
        if stored and self._try(json.loads(stored.decode())) is None:
            self.apply()

    def offer(self, push: dict) -> str | None:
        """Take a push of the gateway for `apply`, and keep it; return one line that says what is wrong with it.

        Raises OSError when it cannot be kept.
        """
        if push == self._kept:
            return None
        wrong = self._try(push)
        if wrong is None:
            self._slots.save(SLOT, json.dumps(push).encode())
        return wrong

    def apply(self) -> None:
        """Put the last right push in force, if it is not yet."""
        if self._next is None:
            return
        for section, key, _, _, _ in TABLE:
            name = attribute(section, key)
            setattr(self.settings, name, getattr(self._next, name))
        self.rev = self._kept["rev"]
        self._next = None

    def _try(self, push: dict) -> str | None:
        try:
            settings = parse(_over(self._given, push["settings"]))
        except SettingsError as error:
            return str(error)
        if (settings.branch, settings.unit) != (self.settings.branch, self.settings.unit):
            return "`branch` and `id` in [unit] are this unit's own; leave them out"
        self._kept = push
        self._next = settings
        return None


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
