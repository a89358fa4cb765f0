"""Who this unit is, whom it trusts and how it is set: the files that the flasher writes, in forms that a Pico reads.

`docs/pico.md` defines them.
"""

import json

from thirdring_unit.core.settings import Settings, parse

VERSION = 1


class SetupError(Exception):
    """This unit was not set up rightly; the message is one line that names the file and what is wrong with it."""


class Identity:
    """The content of identity.json; raises KeyError, TypeError or ValueError when that is wrong.

    `password` is None with a client certificate. `since` is the time of enrolment in seconds since 1970: the unit has
    no clock, and takes that as the date, or every certificate would seem to lie in the future.
    """

    def __init__(self, fields: dict) -> None:
        if fields["v"] != VERSION:
            raise ValueError(f"is of version {fields['v']}, known is {VERSION}")
        self.branch: str = fields["branch"]
        self.unit: str = fields["unit"]
        host, _, port = fields["broker"].rpartition(":")
        self.host: str = host.strip("[]")
        self.port = int(port)
        self.password: str | None = fields.get("password")
        self.is_secured: bool = fields["tls"]
        self.since: int = fields["since"]
        self.first_boot: int = fields.get("first_boot", 1)


class Networks:
    """The content of wifi.json: the country of the radio rules, and pairs of name and password; raises likewise."""

    def __init__(self, fields: dict) -> None:
        self.country: str = fields["country"]
        self.known: list[tuple[str, str]] = [(each["ssid"], each["password"]) for each in fields["networks"]]
        if not self.known:
            raise ValueError("names no network")


class Setup:
    """Everything that the flasher wrote into `folder` (ending in a slash); raises SetupError with what is wrong."""

    settings: Settings
    identity: Identity
    networks: Networks

    def __init__(self, folder: str) -> None:
        self.folder = folder
        name = "unit.json"
        try:
            self.settings = parse(_fields(folder + name))
            name = "identity.json"
            self.identity = Identity(_fields(folder + name))
            name = "wifi.json"
            self.networks = Networks(_fields(folder + name))
        except OSError:
            raise SetupError(f"{folder}{name} is missing or cannot be read: flash this unit again") from None
        except KeyError as error:
            raise SetupError(f"{folder}{name} lacks `{error.args[0]}`: flash this unit again") from None
        except (AttributeError, TypeError, ValueError) as error:
            raise SetupError(f"{folder}{name}: {error}: flash this unit again") from None
        who = (self.identity.branch, self.identity.unit)
        if who != (self.settings.branch, self.settings.unit):
            raise SetupError(f"{folder}unit.json is of another unit than identity.json: flash this unit again")
        self.settings.first_boot = max(self.settings.first_boot, self.identity.first_boot)


def _fields(path: str) -> dict:
    with open(path, "rb") as file:
        fields = json.load(file)
    if not isinstance(fields, dict):
        raise TypeError("is no JSON object")
    return fields
