"""Who this unit is, whom it connects to, by which networks, and how it is set."""

from thirdring_unit.core.settings import Settings
from thirdring_unit.pico.credentials import Credentials

VERSION = 1


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
    """Everything that the flasher wrote down."""

    def __init__(self, settings: Settings, identity: Identity, networks: Networks, credentials: Credentials) -> None:
        self.settings = settings
        self.identity = identity
        self.networks = networks
        self.credentials = credentials


class SetupError(Exception):
    """This unit was not set up rightly; the message is one line that names the file and what is wrong with it."""
