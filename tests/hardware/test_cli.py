"""thirdring-bench at the prompt."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from thirdring_bench.cli import main


def test_the_pin_table_names_every_pin_in_both_languages() -> None:
    for language, word in (([], "Hold key"), (["--zh"], "保持键")):
        result = CliRunner(env={"COLUMNS": "160"}).invoke(main, ["pins", *language])
        assert result.exit_code == 0
        assert word in result.output
        assert "BCM 17, place 11" in result.output
        assert "GP2, place 4" in result.output


@pytest.mark.parametrize("content", ["inputs = 3", "[inputs", "\0"])
def test_a_bad_pins_file_ends_with_one_line_and_status_2(tmp_path: Path, content: str) -> None:
    path = tmp_path / "pins.toml"
    path.write_text(content, encoding="utf-8")
    result = CliRunner().invoke(main, ["pins", "--file", str(path)])
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert "pins.toml" in result.stderr


def test_a_missing_pins_file_ends_with_one_line_and_status_2(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["pins", "--file", str(tmp_path / "none.toml")])
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)


def test_the_board_passes_its_checks_and_its_netlist_is_written(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["erc", "--netlist", str(tmp_path / "board.net")])
    assert result.exit_code == 0
    assert "0 rule findings; barrier crossed only by T1, U1, U2: yes" in result.output
    assert (tmp_path / "board.net").read_text(encoding="utf-8").startswith("(export")


def test_the_parts_list_shows_makers_and_cost() -> None:
    result = CliRunner(env={"COLUMNS": "200"}).invoke(main, ["bom"])
    assert "Lite-On LTV-814M" in result.output
    assert "Everlight EL814M" in result.output
    assert "USD" in result.output


def test_every_command_and_option_of_the_bench_is_in_the_guide() -> None:
    guide = (Path(__file__).parents[2] / "docs/hardware/README.md").read_text(encoding="utf-8")
    for name, command in main.commands.items():
        (row,) = (line for line in guide.splitlines() if f"`thirdring-bench {name}`" in line)
        for parameter in command.params:
            assert parameter.opts[0] in row, f"{name} {parameter.opts[0]}"
