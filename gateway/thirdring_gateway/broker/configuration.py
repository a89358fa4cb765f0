"""What Mosquitto is told: where it listens, how much it takes from whom, and where its files are."""

import getpass
from dataclasses import dataclass
from pathlib import Path

# Units send again what the ledger did not acknowledge, so the broker's own file need not hold every message: it is
# saved every so many changes, which spares the card and the speed. Queues are bounded; what finds no room comes again.
# Connections are bounded below the 1024 files that a process may open by default; a flood from the network takes
# none of the gateway's own.
COMMON = """\
# Generated at every start; changes made here are lost.
user {user}
allow_anonymous false
password_file {folder}/passwords
acl_file {folder}/rights
set_tcp_nodelay true
persistence true
persistence_location {folder}/
autosave_on_changes true
autosave_interval 500
persistent_client_expiration 30d
max_inflight_messages 1000
max_queued_messages 20000
max_queued_bytes 33554432
message_size_limit 16384
max_packet_size 20480
log_dest stderr
log_type error
log_type warning
log_type information
connection_messages false
"""
LOCAL = """
listener {port} 127.0.0.1
use_username_as_clientid true
max_connections 100
"""
ENCRYPTED = """
listener {port} {host}
use_username_as_clientid true
certfile {folder}/server.pem
keyfile {folder}/server.pem
tls_version tlsv1.2
max_connections {connections}
"""
CERTIFIED = """\
cafile {folder}/authority.pem
crlfile {folder}/revoked.pem
require_certificate true
use_identity_as_username true
"""
CERTIFIED_MAX, BY_PASSWORD_MAX = 500, 200


@dataclass(frozen=True, slots=True)
class Address:
    """Where a broker listens."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Listeners:
    """The broker's ports, 0 for one that is not opened.

    `local_port` is for this machine only and without TLS, the others are at `host` and by TLS only: `port` for units
    with a certificate, `password_port` for small devices.
    """

    local_port: int = 1883
    host: str = "0.0.0.0"  # noqa: S104 -- desks are elsewhere, and nobody gets in without a certificate
    port: int = 8883
    password_port: int = 0

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def is_everywhere(self) -> bool:
        """Whether the network's ports are open at every address of this machine."""
        return self.host in ("0.0.0.0", "::")  # noqa: S104 -- compared, not bound


def configuration(listeners: Listeners, folder: Path) -> str:
    """Return mosquitto.conf; `folder` holds the broker's other files."""
    parts = [COMMON.format(user=getpass.getuser(), folder=folder), LOCAL.format(port=listeners.local_port)]
    for port, connections, more in (
        (listeners.port, CERTIFIED_MAX, CERTIFIED),
        (listeners.password_port, BY_PASSWORD_MAX, ""),
    ):
        if port:
            text = ENCRYPTED + more
            parts.append(text.format(port=port, host=listeners.host, folder=folder, connections=connections))
    return "".join(parts)
