"""What a desk's medium is made from: the identity that the gateway gave, and the settings, which must go together."""

import tomllib
from pathlib import Path
from typing import Any

from thirdring_unit import identity as identities
from thirdring_unit import settings_help
from thirdring_unit.core.settings import Settings, SettingsError
from thirdring_unit.errors import UserError
from thirdring_unit.identity import Identity

from thirdring_bench.errors import BenchError
from thirdring_bench.trust import demand_trust


def read_identity(path: Path, now_s: int) -> Identity:
    """Return the identity in a file, with which a broker would let the unit in at `now_s`; raises BenchError."""
    try:
        who = identities.read(path)
    except UserError as error:
        raise BenchError(str(error)) from error
    demand_trust(who, now_s)
    return who


def smallest(who: Identity, country: str) -> str:
    """Return the smallest unit.toml of a unit."""
    return f'[unit]\nbranch = "{who.branch}"\nid = "{who.unit}"\n\n[line]\ncountry = "{country}"\n'


def tables_of(path: Path | None, who: Identity, country: str) -> dict[str, Any]:
    """Return the tables of a unit.toml, or of the smallest one; raises BenchError."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8") if path else smallest(who, country))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BenchError(f"{path}: {error}") from error


def parsed(tables: dict[str, Any], place: str) -> Settings:
    """Return settings as the unit will read them; raises BenchError that names the wrong key."""
    try:
        return settings_help.parse(tables)
    except SettingsError as error:
        raise BenchError(f"{place}: {error}") from error


def demand_pair(settings: Settings, who: Identity, place: str) -> None:
    """Raise BenchError unless settings and identity are of the same unit."""
    if (settings.branch, settings.unit) != (who.branch, who.unit):
        raise BenchError(
            f"{place}: is for {settings.branch}/{settings.unit}, the identity for {who.branch}/{who.unit}: take a pair"
        )
