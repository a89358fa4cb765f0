"""Reads how the unit was set up: the files that the flasher writes, in forms that a Pico reads (`docs/pico.md`).

Needed at the start only.
"""

import json
from time import gmtime, time

from machine import RTC

from thirdring_unit.core.parsing import parse
from thirdring_unit.core.settings import Settings
from thirdring_unit.pico.credentials import Credentials
from thirdring_unit.pico.setup import Identity, Networks, Setup, SetupError

WINDOW = 8  # facts on their way at once, unless unit.json says otherwise: they are held in RAM


def read(folder: str) -> Setup:
    """Return what the flasher wrote into `folder` (ending in a slash); raises SetupError with what is wrong."""
    name = "identity.json"
    try:
        identity = Identity(_fields(folder + name))
        name = "unit.json"
        settings = _settings(_fields(folder + name), identity)
        name = "wifi.json"
        networks = Networks(_fields(folder + name))
        name = "*.der"
        credentials = _credentials(folder, identity)
    except OSError as error:
        raise SetupError(f"{folder}{name} is missing or cannot be read ({error}): flash this unit again") from None
    except KeyError as error:
        raise SetupError(f"{folder}{name} lacks `{error.args[0]}`: flash this unit again") from None
    except (AttributeError, TypeError, ValueError) as error:
        raise SetupError(f"{folder}{name}: {error}: flash this unit again") from None
    return Setup(settings, identity, networks, credentials)


def _fields(path: str) -> dict:
    with open(path, "rb") as file:
        fields = json.load(file)
    if not isinstance(fields, dict):
        raise TypeError("is no JSON object")
    return fields


def _settings(tables: dict, identity: Identity) -> Settings:
    outbox = {"window": WINDOW}
    outbox.update(tables.get("outbox", {}))
    unit = {"first_boot": identity.first_boot}
    unit.update(tables.get("unit", {}))
    tables.update({"outbox": outbox, "unit": unit})
    settings = parse(tables)
    if (settings.branch, settings.unit) != (identity.branch, identity.unit):
        raise ValueError("is of another unit than identity.json")
    return settings


def _credentials(folder: str, identity: Identity) -> Credentials:
    if time() < identity.since:  # as after power-on
        year, month, day, hour, minute, second, weekday, _ = gmtime(identity.since)
        RTC().datetime((year, month, day, weekday, hour, minute, second, 0))
    made = Credentials(folder, secured=identity.is_secured, own=identity.password is None)
    made.context()  # so that a file which is missing or damaged is told now
    return made
