"""The board: orderable, free of rule findings, and insulated from the telephone line."""

import csv
import io

import pytest
from click.testing import CliRunner
from thirdring_bench.barrier import breaches, bridging_parts
from thirdring_bench.board import examine
from thirdring_bench.bom import as_csv, fitted, parts_list
from thirdring_bench.circuit import Circuit, load_circuit, parse_circuit
from thirdring_bench.cli import main
from thirdring_bench.errors import BenchError
from thirdring_bench.pins import load_pins
from thirdring_bench.units import quantity


@pytest.fixture(scope="module")
def board() -> Circuit:
    return load_circuit()


def test_every_input_and_light_of_pins_toml_reaches_the_computer(board: Circuit) -> None:
    for pin in load_pins():
        net = pin.name.upper()
        others = [part.ref for part in board.parts if net in part.nets and part.ref not in {"J9", "J10"}]
        assert net in board["J9"].nets
        assert others, f"{net} goes nowhere"


def test_skidl_finds_nothing_on_the_board_and_writes_the_same_netlist_every_time(board: Circuit) -> None:
    first = examine(board)
    assert first.findings == ()
    assert '(ref "U3")' in first.netlist
    assert first.netlist == examine(board).netlist


def test_an_input_that_hangs_in_the_air_is_a_finding(board: Circuit) -> None:
    wrong = board.with_part("U9", "comparator", "RING_O", "REF", "X", "GND", "GND", "REF", "LOOP_O", "5V")
    assert any("net X" in finding for finding in examine(wrong).findings)


def test_only_the_optocouplers_and_the_transformer_bridge_the_barrier(board: Circuit) -> None:
    assert breaches(board) == []
    assert bridging_parts(board) == ["T1", "U1", "U2"]


@pytest.mark.parametrize(
    ("one", "other"), [("PHONE_A", "GND"), ("RING_2", "LOOP_N"), ("TAP_3", "TAP_S"), ("LINE_B", "12V")]
)
def test_a_part_that_bridges_the_barrier_is_found_wherever_it_sits(board: Circuit, one: str, other: str) -> None:
    (breach,) = breaches(board.with_part("R99", "r_pull_up", one, other))
    assert "R99" in breach


def test_a_bridge_by_two_parts_through_a_new_net_is_found(board: Circuit) -> None:
    bridged = board.with_part("R98", "r_pull_up", "A", "X").with_part("C98", "c_filter", "X", "SOUND")
    (breach,) = breaches(bridged)
    assert {"R98", "C98"} <= set(breach.replace("–", " ").split())


def test_a_net_that_floats_between_both_sides_is_found(board: Circuit) -> None:
    assert breaches(board.with_part("R99", "r_pull_up", "X", "Y")) == [
        "net X belongs to neither side of the barrier",
        "net Y belongs to neither side of the barrier",
    ]


def test_erc_fails_with_the_name_of_the_bridging_part() -> None:
    result = CliRunner().invoke(main, ["erc", "--bridge", "A", "GND"])
    assert result.exit_code == 1
    assert "isolation: the line reaches the safe side through" in result.output
    assert "R99" in result.output


def test_every_part_can_be_ordered_from_two_makers(board: Circuit) -> None:
    for part in board.parts:
        first, second = part.item.order
        assert first.split()[0] != second.split()[0], part.ref
        assert part.item.footprint.count(":") == 1
        assert part.item.usd > 0


def test_the_parts_list_counts_every_fitted_part_once(board: Circuit) -> None:
    for variant in ("full", "buttons", "line"):
        refs = [ref for row in parts_list(board, variant) for ref in row.refs]
        assert sorted(refs) == sorted(part.ref for part in fitted(board, variant))
    assert {"J9", "J10"} & {part.ref for part in fitted(board)} == {"J9"}  # never both: they feed the same 3.3 V


def test_the_csv_parts_list_multiplies_by_the_number_of_boards(board: Circuit) -> None:
    rows = parts_list(board)
    table = list(csv.DictReader(io.StringIO(as_csv(rows, boards=12))))
    assert [int(line["quantity"]) for line in table] == [12 * row.count for row in rows]


@pytest.mark.parametrize(
    ("text", "number"), [("470 nF", 470e-9), ("4.99 kΩ", 4990.0), ("27 V", 27.0), ("2.2 µF", 2.2e-6), ("33 Ω", 33.0)]
)
def test_values_mean_what_is_printed_on_the_parts_list(text: str, number: float) -> None:
    assert quantity(text) == pytest.approx(number)


@pytest.mark.parametrize("text", ["470nF", "470 nf", "many Ω", "", "4,99 kΩ"])
def test_a_value_without_a_unit_is_refused(text: str) -> None:
    with pytest.raises(BenchError, match="is no value"):
        quantity(text)


@pytest.mark.parametrize(
    ("block", "says"),
    [
        ({"R1": ["nothing", "A", "B"]}, "parts.toml has no item 'nothing'"),
        ({"R1": ["r", "A"]}, "R1: a resistor has 2 pins, 1 nets are given"),
    ],
)
def test_a_board_that_does_not_fit_its_parts_is_refused(block: dict[str, list[str]], says: str) -> None:
    row = {"kind": "resistor", "value": "1 kΩ", "order": ["a", "b"], "footprint": "x:y", "usd": 1, "why": "test"}
    board = {"supplies": {"nets": []}, "sides": {"line": [], "safe": []}, "block": block}
    with pytest.raises(BenchError, match=says):
        parse_circuit({"r": row}, board, load_pins())
