"""Who this unit is, whom it connects to, by which networks, and how it is set."""

from thirdring_unit.core.settings import Settings
from thirdring_unit.pico.credentials import Credentials


class Setup:
    """Everything that the flasher wrote down; `reading` reads it.

    `password` is None with a client certificate. `networks` are pairs of name and password, in the order in which they
    are tried, and `country` is that of the radio rules.
    """

    settings: Settings
    branch: str
    unit: str
    host: str
    port: int
    password: str | None
    country: str
    networks: "list[tuple[str, str]]"
    credentials: Credentials


class SetupError(Exception):
    """This unit was not set up rightly; the message is one line that names the file and what is wrong with it."""
