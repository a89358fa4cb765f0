"""The gateway's settings: one TOML file, every key with a default but the units, checked by name."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from thirdring_unit import settings_help
from thirdring_unit.core import wire
from thirdring_unit.core.settings import SettingsError as UnitSettingsError

from thirdring_gateway.broker.access import OWN_USERS
from thirdring_gateway.broker.mosquitto import Address
from thirdring_gateway.domain.kpis import KPIS
from thirdring_gateway.domain.settings import BranchSettings, SettingsError, demand, demand_known, parse, section, whole
from thirdring_gateway.trouble import Trouble

TABLE: tuple[tuple[str, str, object, str], ...] = (
    ("broker", "host", "127.0.0.1", "where the broker listens; 0.0.0.0 lets the desks of the branch in"),
    ("broker", "port", 1883, "its port"),
    ("broker", "external", False, "true: connect to a broker that others run, start none"),
    ("web", "host", "127.0.0.1", "where the pages are; 0.0.0.0 lets the browsers of the branch in"),
    ("web", "port", 8080, "their port"),
    ("web", "name", "", "the name in the browser's address, where a proxy on this machine passes it on"),
    ("ledger", "database", "ledger.sqlite3", "a file in the state folder, or postgresql://user:password@host/name"),
)
"""Section, key, default and meaning of what is the gateway's own; the other sections are `domain.settings`'."""
BRANCH_SECTIONS = ("branch", "limits", "hours", "days", "tiers", "targets")
SECTIONS = (*BRANCH_SECTIONS, "broker", "web", "ledger", "units")
PORTS = (1, 65_535)


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that a gateway is told: the branch's rules, where broker and ledger are, and which units there are.

    `units` maps a unit's name to the settings that are pushed to it, empty for none.
    """

    branch: BranchSettings = field(default_factory=BranchSettings)
    address: Address = field(default_factory=lambda: Address("127.0.0.1", 1883))
    is_external: bool = False
    web: Address = field(default_factory=lambda: Address("127.0.0.1", 8080))
    web_name: str = ""
    database: str = "ledger.sqlite3"
    units: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

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
        for name in ("broker", "web", "ledger")
    }
    given = {(of, key): own[of].get(key, default) for of, key, default, _ in TABLE}
    is_external = given["broker", "external"]
    if not isinstance(is_external, bool):
        raise SettingsError(f"[broker] external is {is_external!r:.60}; give true or false")
    host = demand(given["broker", "host"], "[broker] host", "a host name or address", bool)
    database = demand(given["ledger", "database"], "[ledger] database", "a file or a postgresql:// address", bool)
    units = {name: _unit(name, value, branch.branch) for name, value in section(mapping, "units").items()}
    port = whole(given["broker", "port"], "[broker] port", PORTS)
    web_host = demand(given["web", "host"], "[web] host", "a host name or address", bool)
    web = Address(web_host, whole(given["web", "port"], "[web] port", PORTS))
    web_name = demand(given["web", "name"], "[web] name", "a name such as calls.example, or nothing", lambda _: True)
    return Config(branch, Address(host, port), is_external, web, web_name, database, units)


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
