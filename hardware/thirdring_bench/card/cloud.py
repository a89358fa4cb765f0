"""What Raspberry Pi OS reads at its first boot: the files of cloud-init, as text.

Raspberry Pi OS of Debian 13 looks for them in the root of the card's first partition (cloud-init's NoCloud source).
"""

import re
from dataclasses import dataclass
from hashlib import pbkdf2_hmac
from ipaddress import ip_address, ip_interface
from typing import Any

import yaml

from thirdring_bench.errors import BenchError

INSTALLER = "/boot/firmware/thirdring/install.sh"
WATCHDOG_S = 14  # the hardware's own takes no more than 15
JOURNAL_MB = 32  # of system log on the card
NAME_BYTES_MAX = 32
PASSWORD = 8, 63  # characters, at least and at most
DATASOURCE = re.compile(r"\s*\bds=nocloud[^\s]*")


@dataclass(frozen=True, slots=True)
class Wifi:
    """A wireless network; `country` decides which channels may be used."""

    name: str
    password: str
    country: str

    def __post_init__(self) -> None:
        """Raise BenchError for what no wireless network can be called or protected by (IEEE 802.11i)."""
        if not 1 <= len(self.name.encode()) <= NAME_BYTES_MAX:
            raise BenchError(f"--wifi {self.name!r}: a network's name has 1 to {NAME_BYTES_MAX} bytes")
        is_plain = self.password.isascii() and self.password.isprintable()
        if not is_plain or not PASSWORD[0] <= len(self.password) <= PASSWORD[1]:
            raise BenchError(f"the password of {self.name} must have {PASSWORD[0]} to {PASSWORD[1]} plain characters")
        if not re.fullmatch("[A-Z]{2}", self.country):
            raise BenchError(f"--country {self.country}: give two capital letters, such as CN")

    @property
    def key(self) -> str:
        """Return the network's key: the password itself need not lie on a card (IEEE 802.11i, annex H)."""
        return pbkdf2_hmac("sha1", self.password.encode(), self.name.encode(), 4096, 32).hex()


@dataclass(frozen=True, slots=True)
class Network:
    """How a unit reaches its gateway: by cable unless `wifi`; by DHCP unless it has an `address`, as 10.0.0.21/24."""

    wifi: Wifi | None = None
    address: str = ""
    router: str = ""

    def __post_init__(self) -> None:
        """Raise BenchError for addresses that do not exist or do not go together."""
        try:
            own = ip_interface(self.address) if self.address else None
            router = ip_address(self.router) if self.router else None
        except ValueError as error:
            raise BenchError(f"--address and --router: {error}") from error
        if own and "/" not in self.address:
            raise BenchError(f"--address {self.address}: give the network's size too, such as {self.address}/24")
        if router and (own is None or router not in own.network or router == own.ip):
            raise BenchError(f"--router {router}: is not beside --address {self.address or '(none)'}")


def user_data(hostname: str, zone: str, ssh_key: str) -> str:
    """Return who may sign in (nobody, or the owner of `ssh_key`), the machine's name, and what its first boot does."""
    facilities: dict[str, Any] = {"name": "facilities", "gecos": "Facilities", "lock_passwd": True}
    commands: list[list[str]] = [["sh", INSTALLER]]
    if ssh_key:
        facilities |= {"ssh_authorized_keys": [ssh_key], "sudo": "ALL=(ALL) NOPASSWD:ALL", "shell": "/bin/bash"}
        commands.insert(0, ["systemctl", "enable", "--now", "ssh"])
    settings = {
        "hostname": hostname,
        "manage_etc_hosts": True,
        "timezone": zone,
        "user": facilities,  # singular: it keeps the groups gpio and audio of the system's own first user
        "ssh_pwauth": False,
        "write_files": [
            _file("system.conf.d/10-watchdog.conf", f"[Manager]\nRuntimeWatchdogSec={WATCHDOG_S}\n"),
            _file("journald.conf.d/10-card.conf", f"[Journal]\nSystemMaxUse={JOURNAL_MB}M\nMaxLevelStore=info\n"),
        ],
        "runcmd": commands,
    }
    return "#cloud-config\n" + _yaml(settings)


def network_config(network: Network) -> str:
    """Return the network in netplan's words; a cable or a wireless network that is away holds no start up."""
    way: dict[str, Any] = {"optional": True, "dhcp4": not network.address}
    if network.address:
        way["addresses"] = [str(ip_interface(network.address))]
    if network.router:
        way["routes"] = [{"to": "default", "via": network.router}]
        way["nameservers"] = {"addresses": [network.router]}
    plan: dict[str, Any] = {"version": 2}
    if network.wifi:
        way |= {
            "regulatory-domain": network.wifi.country,
            "access-points": {network.wifi.name: {"password": network.wifi.key}},
        }
        plan["wifis"] = {"wlan0": way}
    else:
        plan["ethernets"] = {"eth0": way}
    return _yaml({"network": plan})


def meta_data(instance: str) -> str:
    """Return the name of this flashing: a new one makes cloud-init do everything once more."""
    return _yaml({"instance-id": instance})


def cmdline(before: str, instance: str) -> str:
    """Return the kernel's command line, one line, with cloud-init's source in it; one of an earlier flashing goes."""
    return f"{DATASOURCE.sub('', before.strip())} ds=nocloud;i={instance}\n"


def _file(name: str, content: str) -> dict[str, str]:
    return {"path": f"/etc/systemd/{name}", "content": content}


def _yaml(content: dict[str, Any]) -> str:
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, default_flow_style=False)
