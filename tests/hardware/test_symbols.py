"""The second opinion on pin numbers; `make board` asks KiCad's own libraries."""

from pathlib import Path

import pytest
from thirdring_bench.circuit import Circuit, load_circuit
from thirdring_bench.errors import BenchError
from thirdring_bench.symbols import disagreements

PIN = '(pin {type} line (at 0 0 0) (name "{name}" (effects)) (number "{number}" (effects)))'
MOSFET = (("input", "G", 1), ("passive", "S", 2), ("passive", "D", 3))


def library(*pins: tuple[str, str, int]) -> str:
    drawn = " ".join(PIN.format(type=kind, name=name, number=number) for kind, name, number in pins)
    return (
        f'(kicad_symbol_lib (symbol "PARENT" (property "Reference" "Q \\"x\\"") (symbol "PARENT_0_1") '
        f'(symbol "PARENT_1_1" {drawn})) (symbol "AO3400A" (extends "PARENT")))'
    )


@pytest.fixture
def mosfet_only() -> Circuit:
    board = load_circuit()
    return Circuit((board["Q1"],), board.supplies, board.line_side, board.safe_side)


def test_a_symbol_with_the_same_pins_agrees_even_through_its_parent(mosfet_only: Circuit, tmp_path: Path) -> None:
    (tmp_path / "Transistor_FET.kicad_sym").write_text(library(*MOSFET), encoding="utf-8")
    assert disagreements(mosfet_only, tmp_path) == []


def test_swapped_pins_are_named(mosfet_only: Circuit, tmp_path: Path) -> None:
    swapped = (("input", "G", 1), ("passive", "D", 2), ("power_in", "S", 4))
    (tmp_path / "Transistor_FET.kicad_sym").write_text(library(*swapped), encoding="utf-8")
    assert disagreements(mosfet_only, tmp_path) == [
        "mosfet: pin 3 is only in ours",
        "mosfet: pin 4 is only in Transistor_FET:AO3400A",
        "mosfet: pin 2 is S, in Transistor_FET:AO3400A it is D",
    ]


def test_a_missing_library_says_how_to_get_it(mosfet_only: Circuit, tmp_path: Path) -> None:
    with pytest.raises(BenchError, match="`make board` installs KiCad's symbols"):
        disagreements(mosfet_only, tmp_path)
    (tmp_path / "Transistor_FET.kicad_sym").write_text('(kicad_symbol_lib (symbol "OTHER"))', encoding="utf-8")
    with pytest.raises(BenchError, match="has no symbol AO3400A"):
        disagreements(mosfet_only, tmp_path)
