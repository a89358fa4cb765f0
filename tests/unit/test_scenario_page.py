"""The page about scenarios leaves out no key, no table and no command, and its example is a scenario."""

import re
import tomllib
from pathlib import Path

from thirdring_unit import cli
from thirdring_unit.sim import scenario

PAGE = (Path(__file__).parent.parent.parent / "docs/scenarios.md").read_text(encoding="utf-8")


def test_every_key_and_every_table_of_a_scenario_is_described() -> None:
    for table in scenario.KEYS:
        assert table == "" or f"`[[{table}]]`" in PAGE, table
        for key in scenario.KEYS[table]:
            assert f"`{key}`" in PAGE, f"{table}: {key}"


def test_the_example_is_a_scenario() -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert len(scenario.parse(tomllib.loads(example)).calls) == 2


def test_every_option_of_simulate_and_render_is_described() -> None:
    for command in ("simulate", "render"):
        for parameter in cli.cli.commands[command].params:
            assert any(option in PAGE for option in parameter.opts), f"{command} {parameter.opts}"
