"""Who may do what at the broker: one secret per unit, and for each unit only its own topics."""

import secrets
import subprocess
from collections.abc import Iterable
from pathlib import Path

from thirdring_unit.core import wire
from thirdring_unit.identity import Identity, text_of

from thirdring_gateway.files import PRIVATE, make_folder, write_whole
from thirdring_gateway.trouble import Trouble

SECRET_BYTES = 24
INGEST_USER = wire.GATEWAY
LIGHTS_USER = "gateway-lights"
OWN_USERS = (INGEST_USER, LIGHTS_USER)
UNIT_SAYS = ("fact", "state", "info", "beat", "light/state", "reply")
UNIT_HEARS = ("ack", "light/set", "config", "cmd")


def secret_of(state_dir: Path, user: str) -> str:
    """Return the password of `user`, making one on first use; its file is readable by the owner alone."""
    path = make_folder(state_dir / "secrets") / user
    if not path.exists():
        write_whole(path, secrets.token_urlsafe(SECRET_BYTES).encode(), PRIVATE)
    try:
        return path.read_text().strip()
    except OSError as error:
        raise Trouble(f"{path}: {error.strerror}; mend its rights or remove it to get a new secret") from error


def identity_of(state_dir: Path, branch: str, unit: str, port: int) -> Path:
    """Return the identity file of a unit on this very machine, made anew; no TLS, since nothing leaves the machine."""
    path = make_folder(state_dir / "secrets") / f"{unit}.json"
    identity = Identity(branch, unit, "127.0.0.1", port, password=secret_of(state_dir, unit))
    write_whole(path, text_of(identity).encode(), PRIVATE)
    return path


def write_passwords(state_dir: Path, path: Path, users: Iterable[str]) -> None:
    """Write Mosquitto's password file for `users`, hashed by Mosquitto's own tool, so that it suits its version."""
    plain = "".join(f"{user}:{secret_of(state_dir, user)}\n" for user in users)
    write_whole(path, plain.encode(), PRIVATE)
    try:
        subprocess.run(["mosquitto_passwd", "-U", path], check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        path.unlink(missing_ok=True)
        raise Trouble("mosquitto_passwd does not work; install the package mosquitto") from error


def rights(branch: str, units: Iterable[str]) -> str:
    """Return Mosquitto's access list: the gateway may do all within its branch, each unit only what is its own."""
    lines = []
    for user in OWN_USERS:
        lines += [f"user {user}", f"topic readwrite {wire.PROTOCOL}{branch}/#", ""]
    for unit in units:
        lines += [f"user {unit}", f"topic read {wire.topic(branch, wire.GATEWAY, 'state')}"]
        lines += [f"topic write {wire.topic(branch, unit, tail)}" for tail in UNIT_SAYS]
        lines += [f"topic read {wire.topic(branch, unit, tail)}" for tail in UNIT_HEARS]
        lines.append("")
    return "\n".join(lines)
