"""The gateway's settings: one TOML file, every key with a default but the units, checked by name."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from thirdring_unit import settings_help
from thirdring_unit.core import wire
from thirdring_unit.core.settings import SettingsError as UnitSettingsError
from thirdring_unit.identity import address

from thirdring_gateway.broker.access import OWN_USERS
from thirdring_gateway.broker.configuration import Address, Listeners
from thirdring_gateway.domain.kpis import KPIS
from thirdring_gateway.domain.settings import BranchSettings, SettingsError, demand, demand_known, parse, section, whole
from thirdring_gateway.trouble import Trouble
from thirdring_gateway.web.certificate import Certificate

TABLE: tuple[tuple[str, str, object, str], ...] = (
    ("broker", "host", "0.0.0.0", "where desks come in, by TLS only"),  # noqa: S104 -- see Listeners
    ("broker", "port", 8883, "for units with a certificate"),
    ("broker", "password_port", 0, "for small devices with a password, such as 8884; 0: closed"),
    ("broker", "name", "", "by which name or address desks reach this machine; `enrol` puts it into every identity"),
    ("broker", "local_port", 1883, "for the gateway's own programs, on this machine only, without TLS"),
    ("broker", "external", "", "host:port of a broker that others run; none is started then"),
    ("web", "host", "127.0.0.1", "where the pages are; 0.0.0.0 lets the browsers of the branch in"),
    ("web", "port", 8080, "their port"),
    ("web", "name", "", "the name in the browser's address, where a proxy on this machine passes it on"),
    ("web", "certificate", "", "a PEM file with their certificate and its chain, for HTTPS; empty: plain HTTP"),
    ("web", "key", "", "a PEM file with the certificate's private key, not encrypted"),
    ("reports", "folder", "reports", "where scheduled reports are put: a folder, or one in the state folder"),
    ("ledger", "database", "ledger.sqlite3", "a file in the state folder, or postgresql://user:password@host/name"),
)
"""Section, key, default and meaning of what is the gateway's own; the other sections are `domain.settings`'."""
BRANCH_SECTIONS = ("branch", "limits", "hours", "days", "tiers", "targets")
SECTIONS = (*BRANCH_SECTIONS, "broker", "web", "reports", "ledger", "units")
PORTS = (1, 65_535)


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that a gateway is told: the branch's rules, where broker and ledger are, and which units there are.

    `units` maps a unit's name to the settings that are pushed to it, empty for none.
    """

    branch: BranchSettings = field(default_factory=BranchSettings)
    listeners: Listeners = field(default_factory=Listeners)
    broker_name: str = ""
    external: Address | None = None
    web: Address = field(default_factory=lambda: Address("127.0.0.1", 8080))
    web_name: str = ""
    web_certificate: Certificate | None = None
    database: str = "ledger.sqlite3"
    reports_folder: str = "reports"
    units: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def address(self) -> Address:
        """Where the gateway's own programs reach the broker."""
        return self.external or Address("127.0.0.1", self.listeners.local_port)

    def reports(self, state_dir: Path) -> Path:
        """Return the folder of the scheduled reports."""
        return state_dir / self.reports_folder

    def ledger(self, state_dir: Path) -> str:
        """Return the ledger's file or address, a file being relative to the state folder."""
        return self.database if "://" in self.database else str(state_dir / self.database)


def read(path: Path) -> Config:
    """Return the settings in `path`; raises Trouble with one line that names what is wrong and how to mend it."""
    try:
        return from_mapping(tomllib.loads(path.read_text()))
    except OSError as error:
        raise Trouble(f"{path}: {error.strerror}; name the gateway's settings with --config") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Trouble(f"{path}: not TOML: {error}") from error
    except SettingsError as error:
        raise Trouble(f"{path}: {error}") from error


def from_mapping(mapping: Mapping[str, Any]) -> Config:
    """Return the settings in a mapping of sections; raises SettingsError."""
    demand_known("section", mapping, SECTIONS)
    rates = [kpi.key for kpi in KPIS if kpi.is_rate]
    branch = parse({name: mapping[name] for name in BRANCH_SECTIONS if name in mapping}, rates)
    own = {
        name: section(mapping, name, [key for of, key, *_ in TABLE if of == name])
        for name in ("broker", "web", "reports", "ledger")
    }
    given = {(of, key): own[of].get(key, default) for of, key, default, _ in TABLE}
    database = demand(given["ledger", "database"], "[ledger] database", "a file or a postgresql:// address", bool)
    folder = demand(given["reports", "folder"], "[reports] folder", "a folder", bool)
    units = {name: _unit(name, value, branch.branch) for name, value in section(mapping, "units").items()}
    web_host = demand(given["web", "host"], "[web] host", "a host name or address", bool)
    web = Address(web_host, whole(given["web", "port"], "[web] port", PORTS))
    web_name = demand(given["web", "name"], "[web] name", "a name such as calls.example, or nothing", lambda _: True)
    certificate = _certificate(*(given["web", key] for key in Certificate._fields))
    broker = {key: given[of, key] for of, key in given if of == "broker"}
    return Config(branch, *_broker(broker), web, web_name, certificate, database, folder, units)


def _broker(given: Mapping[str, Any]) -> tuple[Listeners, str, Address | None]:
    """Return the broker's ports, the name that desks know it by, and the address of an external one."""
    host = demand(given["host"], "[broker] host", "a host name or address", bool)
    name = demand(given["name"], "[broker] name", "a name or an address", lambda _: True)
    external = demand(given["external"], "[broker] external", "host:port, such as 192.168.7.1:1883", lambda _: True)
    ports = {key: whole(given[key], f"[broker] {key}", PORTS) for key in ("local_port", "port")}
    password_port = whole(given["password_port"], "[broker] password_port", (0, PORTS[1]))
    try:
        return Listeners(ports["local_port"], host, ports["port"], password_port), name, _address(external)
    except ValueError:
        raise SettingsError(
            f"[broker] external is {external!r:.60}; give host:port, such as 192.168.7.1:1883"
        ) from None


def _certificate(certificate: object, key: object) -> Certificate | None:
    """Return the files for HTTPS, None for plain HTTP."""
    named = [
        demand(value, f"[web] {name}", "a PEM file, or nothing", lambda _: True)
        for name, value in zip(Certificate._fields, (certificate, key), strict=True)
    ]
    if any(named) != all(named):
        raise SettingsError("[web] certificate and key belong together; give both for HTTPS, or none")
    return Certificate(*map(Path, named)) if all(named) else None


def _address(text: str) -> Address | None:
    return Address(*address(text)) if text else None


def _unit(name: str, value: object, branch: str) -> Mapping[str, Any]:
    """Return what is pushed to the unit `name`: sections of its own settings, checked as the unit will check them."""
    if not wire.is_name(name) or name in OWN_USERS:
        raise SettingsError(
            f"[units] {name}: a unit's name has 1 to 32 of a-z, 0-9 and hyphen, and is not the gateway's"
        )
    if not isinstance(value, dict):
        raise SettingsError(f"[units] {name} is {value!r:.60}; give {{}} or sections such as {{ vip = {{ ... }} }}")
    if value:
        country = {"country": "CN", **value.get("line", {})}
        try:
            settings_help.parse({**value, "unit": {"branch": branch, "id": name}, "line": country})
        except UnitSettingsError as error:
            raise SettingsError(f"[units.{name}] {error}") from error
    return value
