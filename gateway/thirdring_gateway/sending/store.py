"""The settings of scheduled reports: plans and mail server in the database, the password in a file of its own."""

from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from thirdring_gateway.branch import store
from thirdring_gateway.files import PRIVATE, write_whole
from thirdring_gateway.sending.plan import Plan, plan_of

PLANS, SERVER = "report_plans", "mail_server"
SECRET_FILE = "mail.secret"  # noqa: S105 -- the file's name
STARTTLS, TLS, NO_TLS = "starttls", "tls", "none"


@dataclass(frozen=True)
class Server:
    """A mail server; without a host there is none. The password is not here: see `password`."""

    host: str = ""
    port: int = 587
    security: str = STARTTLS
    user: str = ""
    sender: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return it as it is stored."""
        return asdict(self)


def plans() -> dict[str, Plan]:
    """Return the plans that are switched on, by the kind of their period."""
    return {kind: plan_of(row) for kind, row in store.stored().get(PLANS, {}).items()}


def server() -> Server:
    """Return the mail server that a manager set."""
    return Server(**store.stored().get(SERVER, {}))


def password(state_dir: Path) -> str:
    """Return the mail server's password, empty when there is none."""
    with suppress(FileNotFoundError):
        return (state_dir / SECRET_FILE).read_text()
    return ""


def keep_password(state_dir: Path, secret: str) -> None:
    """Keep the password in a file that its owner alone can read; an empty one is forgotten."""
    if secret:
        write_whole(state_dir / SECRET_FILE, secret.encode(), PRIVATE)
    else:
        (state_dir / SECRET_FILE).unlink(missing_ok=True)
