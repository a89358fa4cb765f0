"""The pages about scenarios and replay leave out no key, no table, no option and no input; their examples are true."""

import re
import tomllib
from pathlib import Path

from thirdring_unit import cli, edgefile
from thirdring_unit.core.events import INPUTS
from thirdring_unit.sim import scenario

DOCS = Path(__file__).parent.parent.parent / "docs"
PAGE = (DOCS / "scenarios.md").read_text(encoding="utf-8")
REPLAY = (DOCS / "replay.md").read_text(encoding="utf-8")


def test_every_key_and_every_table_of_a_scenario_is_described() -> None:
    for table in scenario.KEYS:
        assert table == "" or f"`[[{table}]]`" in PAGE, table
        for key in scenario.KEYS[table]:
            assert f"`{key}`" in PAGE, f"{table}: {key}"


def test_the_example_is_a_scenario() -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert len(scenario.parse(tomllib.loads(example)).calls) == 2


def test_every_option_of_replay_and_every_input_is_described() -> None:
    for parameter in cli.cli.commands["replay"].params:
        assert any(f"`{option}`" in REPLAY for option in parameter.opts), parameter.opts
    for name in INPUTS:
        assert name.startswith("rate_") or f"`{name}`" in REPLAY, name


def test_the_example_of_a_recording_can_be_replayed(tmp_path: Path) -> None:
    (example,) = re.findall(r"```\n(at_ms.*?)```", REPLAY, re.DOTALL)
    path = tmp_path / "edges.csv"
    path.write_text(example)
    assert [edge.name for edge in edgefile.read(path)] == ["ring", "ring", "loop", "loop"]


def test_every_option_of_simulate_and_render_is_described() -> None:
    for command in ("simulate", "render"):
        for parameter in cli.cli.commands[command].params:
            assert any(option in PAGE for option in parameter.opts), f"{command} {parameter.opts}"
