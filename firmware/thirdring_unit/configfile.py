"""unit.toml: the one file in which a unit is told who it is; everything else has a default."""

import tomllib
from pathlib import Path
from typing import Any

from thirdring_unit.core.settings import Settings, SettingsError
from thirdring_unit.errors import UserError, reading
from thirdring_unit.settings_help import parse

# A replay of somebody's recording needs no unit of its own.
NOBODY: dict[str, dict[str, Any]] = {"unit": {"branch": "replay", "id": "replay"}, "line": {"country": "CN"}}


def tables(path: Path) -> dict[str, Any]:
    """Read the tables of a TOML file; raises UserError."""
    with reading(path), path.open("rb") as file:
        try:
            return tomllib.load(file)
        except tomllib.TOMLDecodeError as error:
            raise UserError(f"{path}: is not TOML: {error}") from error


def settings(found: dict[str, Any], origin: str, **overrides: dict[str, Any]) -> Settings:
    """Check the tables of a unit's file, some keys of some sections replaced; raises UserError that names `origin`."""
    merged = found | {
        section: keys | overrides[section] if isinstance(keys := found.get(section, {}), dict) else keys
        for section in overrides
    }
    try:
        return parse(merged)
    except SettingsError as error:
        raise UserError(f"{origin}: {error}") from error


def unit(config: Path | None) -> Settings:
    """Give the settings of a unit's file, or nobody's; raises UserError."""
    return settings(tables(config) if config else NOBODY, str(config or "settings"))
