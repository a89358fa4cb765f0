"""The house itself: what every part of it must keep."""

import ast
import tomllib
from pathlib import Path

from thirdring_unit.core.unit import FIRMWARE

ROOT = Path(__file__).parent.parent
CORE = ROOT / "firmware/thirdring_unit/core"


def imported_modules(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return names | {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


def test_the_core_imports_only_itself_and_what_every_python_has() -> None:
    everywhere = {"binascii", "json"}
    for path in CORE.glob("*.py"):
        strangers = {name for name in imported_modules(path) if not name.startswith("thirdring_unit.core")} - everywhere
        assert not strangers, f"{path.name} imports {sorted(strangers)}"


def test_no_page_of_requirements_names_an_index() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        assert "://" not in path.read_text(), path.name


def test_a_unit_tells_the_version_of_the_package() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert version == FIRMWARE
