"""Who may do what at the broker: the gateway all within its branch, each unit only what is its own."""

import secrets
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from thirdring_unit.core import wire

from thirdring_gateway.files import PRIVATE, make_folder, write_whole
from thirdring_gateway.trouble import Trouble

SECRET_BYTES = 24
INGEST_USER = wire.GATEWAY
LIGHTS_USER = "gateway-lights"
OWN_USERS = (INGEST_USER, LIGHTS_USER)
UNIT_SAYS = ("fact", "state", "info", "beat", "light/state", "reply")
UNIT_HEARS = ("ack", "light/set", "config", "cert", "cmd")


@dataclass(frozen=True, slots=True)
class Access:
    """What the broker must know of the units: hashes of passwords by unit, and serial numbers that are revoked.

    A unit with a certificate needs no entry: its certificate says who it is.
    """

    passwords: Mapping[str, str] = field(default_factory=dict)
    revoked: tuple[int, ...] = ()


def new_secret() -> str:
    """Return a password that nobody can guess."""
    return secrets.token_urlsafe(SECRET_BYTES)


def secret_of(state_dir: Path, user: str) -> str:
    """Return the password of one of the gateway's own programs, made on first use; its owner alone may read it."""
    path = make_folder(state_dir / "secrets") / user
    if not path.exists():
        write_whole(path, new_secret().encode(), PRIVATE)
    try:
        return path.read_text().strip()
    except OSError as error:
        raise Trouble(f"{path}: {error.strerror}; mend its rights or remove it to get a new secret") from error


def hashed(state_dir: Path, passwords: Mapping[str, str]) -> dict[str, str]:
    """Return the hashes of `passwords` by user, made by Mosquitto's own tool, so that they suit its version."""
    path = make_folder(state_dir / "broker") / "hashing"
    write_whole(path, "".join(f"{user}:{password}\n" for user, password in passwords.items()).encode(), PRIVATE)
    try:
        subprocess.run(["mosquitto_passwd", "-U", path], check=True, capture_output=True, text=True)
        lines = path.read_text().splitlines()
    except (OSError, subprocess.CalledProcessError) as error:
        raise Trouble("mosquitto_passwd does not work; install the package mosquitto") from error
    finally:
        path.unlink(missing_ok=True)
    return {user: found for user, _, found in (line.partition(":") for line in lines)}


def rights(branch: str) -> str:
    """Return Mosquitto's access list; `%u` is who came in, be it by certificate or password."""
    lines = []
    for user in OWN_USERS:
        lines += [f"user {user}", f"topic readwrite {wire.PROTOCOL}{branch}/#", ""]
    lines += [f"pattern write {wire.PROTOCOL}{branch}/%u/{tail}" for tail in UNIT_SAYS]
    lines += [f"pattern read {wire.PROTOCOL}{branch}/%u/{tail}" for tail in UNIT_HEARS]
    lines += [f"pattern read {wire.topic(branch, wire.GATEWAY, 'state')}", ""]
    return "\n".join(lines)
