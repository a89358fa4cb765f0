"""Reads how the unit was set up: the files that the flasher writes, in forms that a Pico reads (`docs/pico.md`).

Needed at the start only.
"""

import json
from time import gmtime, time

from machine import RTC

from thirdring_unit.core.parsing import parse
from thirdring_unit.core.settings import Settings
from thirdring_unit.pico.credentials import Credentials
from thirdring_unit.pico.setup import Setup, SetupError

VERSION = 1  # of identity.json
WINDOW = 8  # facts on their way at once, unless unit.json says otherwise: they are held in RAM


def read(folder: str) -> Setup:
    """Return what the flasher wrote into `folder` (ending in a slash); raises SetupError with what is wrong."""
    setup = Setup()
    name = "identity.json"
    try:
        identity = _fields(folder + name)
        _identify(setup, identity)
        name = "unit.json"
        setup.settings = _settings(_fields(folder + name), setup, identity.get("first_boot", 1))
        name = "wifi.json"
        _connect(setup, _fields(folder + name))
        name = "*.der"
        setup.credentials = _credentials(folder, setup, identity)
    except OSError as error:
        raise SetupError(f"{folder}{name} is missing or cannot be read ({error}): flash this unit again") from None
    except KeyError as error:
        raise SetupError(f"{folder}{name} lacks `{error.args[0]}`: flash this unit again") from None
    except (AttributeError, TypeError, ValueError) as error:
        raise SetupError(f"{folder}{name}: {error}: flash this unit again") from None
    return setup


def _fields(path: str) -> dict:
    with open(path, "rb") as file:
        fields = json.load(file)
    if not isinstance(fields, dict):
        raise TypeError("is no JSON object")
    return fields


def _identify(setup: Setup, fields: dict) -> None:
    """Take who the unit is and where its broker is."""
    if fields["v"] != VERSION:
        raise ValueError(f"is of version {fields['v']}, known is {VERSION}")
    setup.branch = fields["branch"]
    setup.unit = fields["unit"]
    host, _, port = fields["broker"].rpartition(":")
    setup.host = host.strip("[]")
    setup.port = int(port)
    setup.password = fields.get("password")


def _connect(setup: Setup, fields: dict) -> None:
    """Take the wireless networks."""
    setup.country = fields["country"]
    setup.networks = [(each["ssid"], each["password"]) for each in fields["networks"]]
    if not setup.networks:
        raise ValueError("names no network")


def _settings(tables: dict, setup: Setup, first_boot: int) -> Settings:
    outbox = {"window": WINDOW}
    outbox.update(tables.get("outbox", {}))
    unit = {"first_boot": first_boot}
    unit.update(tables.get("unit", {}))
    tables.update({"outbox": outbox, "unit": unit})
    settings = parse(tables)
    if (settings.branch, settings.unit) != (setup.branch, setup.unit):
        raise ValueError("is of another unit than identity.json")
    return settings


def _credentials(folder: str, setup: Setup, identity: dict) -> Credentials:
    """Return the certificates; without a clock the time is that of enrolment, or they would not be valid yet."""
    since: int = identity["since"]
    if time() < since:  # as after power-on
        year, month, day, hour, minute, second, weekday, _ = gmtime(since)
        RTC().datetime((year, month, day, weekday, hour, minute, second, 0))
    made = Credentials(folder, secured=identity["tls"], own=setup.password is None)
    made.context()  # so that a file which is missing or damaged is told now
    return made
