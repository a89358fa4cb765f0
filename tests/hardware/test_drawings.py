"""The drawings: complete, fresh, in both languages, and true to the tables."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from click.testing import CliRunner
from thirdring_bench.circuit import Circuit, load_circuit
from thirdring_bench.cli import main
from thirdring_bench.draw.connectivity import Geometry, contradictions
from thirdring_bench.draw.drawings import drawings, write_drawings
from thirdring_bench.draw.enclosure import BARRIER_MM_MIN, Box, line_glands, safe_glands
from thirdring_bench.draw.schematic import schematic_sheets
from thirdring_bench.draw.svg import wrapped
from thirdring_bench.errors import BenchError
from thirdring_bench.pins import Pins, load_pins

DRAWINGS = Path(__file__).parents[2] / "docs/hardware/drawings"


@pytest.fixture(scope="module")
def board() -> Circuit:
    return load_circuit()


@pytest.fixture(scope="module")
def pins() -> Pins:
    return load_pins()


@pytest.fixture(scope="module")
def sheets(board: Circuit, pins: Pins) -> dict[str, str]:
    return drawings(board, pins)


def words_of(svg: str) -> str:
    tree = ET.fromstring(svg)  # noqa: S314 - our own drawing
    return " ".join("".join(node.itertext()) for node in tree.iter() if node.tag.endswith("text"))


def test_every_part_of_the_board_is_on_the_schematic_and_no_other(board: Circuit) -> None:
    drawn = set().union(*(draft.drawn for _, _, draft in schematic_sheets(board)))
    assert drawn == {part.ref for part in board.parts}


def test_the_schematic_connects_what_the_board_connects(board: Circuit) -> None:
    for name, _, draft in schematic_sheets(board):
        assert contradictions(draft.geometry, board) == [], name


def test_a_diode_drawn_the_wrong_way_or_a_wire_too_short_is_noticed(board: Circuit) -> None:
    right = Geometry(names=[("12V", (0, 0)), ("GND", (0, 2))])
    right.two_pins(board, "D10", (0, 2), (0, 0), reverse=False)
    assert contradictions(right, board) == []
    turned = Geometry(names=right.names)
    turned.two_pins(board, "D10", (0, 2), (0, 0), reverse=True)
    assert contradictions(turned, board) == [
        "D10 pin 1 belongs to 12V, and is drawn on GND",
        "D10 pin 2 belongs to GND, and is drawn on 12V",
    ]
    apart = Geometry(names=[("RING", (0, 0))], wires=[((0, 0), (1, 0))])
    apart.two_pins(board, "R16", (1.2, 0), (3, 0), reverse=False)
    assert contradictions(apart, board) == ["R16 is connected to nothing"]
    wrong = Geometry(names=[("LOOP", (0, 0))])
    wrong.two_pins(board, "R16", (0, 0), (2, 0), reverse=False)
    assert contradictions(wrong, board) == ["R16 joins RING_O and RING, and is drawn on LOOP"]


def test_the_schematic_shows_the_values_of_the_table(board: Circuit) -> None:
    for name, page, _ in schematic_sheets(board.with_value("c_ring", "330 nF")):
        if name == "schematic-1":
            assert "330 nF" in words_of(page.svg())


def test_the_drawings_in_the_guide_are_not_stale(sheets: dict[str, str]) -> None:
    assert {path.name for path in DRAWINGS.glob("*.svg")} == set(sheets)
    for name, text in sheets.items():
        assert (DRAWINGS / name).read_text(encoding="utf-8") == text, f"{name}: run `make drawings`"


def test_every_installation_is_drawn_in_both_languages(sheets: dict[str, str], pins: Pins) -> None:
    for installation in "ab":
        for language in ("en", "zh"):
            words = words_of(sheets[f"wiring-{installation}.{language}.svg"])
            for pin in pins.inputs:
                if pin.name not in {"ring", "loop"}:
                    assert getattr(pin, language) in words, (installation, pin.name)
    assert "GP2" in words_of(sheets["wiring-c.zh.svg"])


def test_the_plugs_of_the_wiring_sheets_have_the_pins_of_the_board(board: Circuit) -> None:
    drawn = {"J1": "LINE_A LINE_B", "J2": "PHONE_A LINE_B", "J3": "SOUND GND", "J6": "12V_IN GND", "J7": "12V BEACON"}
    drawn["J8"] = "LED_VIP_P LED_VIP LED_PROMPT_P LED_PROMPT"
    assert {ref: " ".join(board[ref].nets) for ref in drawn} == drawn, "draw/wiring.py names these pins in this order"


def test_the_safety_box_stands_on_every_wiring_sheet(sheets: dict[str, str]) -> None:
    for name, text in sheets.items():
        if name.startswith("wiring"):
            assert re.search(r"105.V", words_of(text)), name


def test_sheets_are_a4_and_need_nothing_from_elsewhere(sheets: dict[str, str]) -> None:
    for name, text in sheets.items():
        assert 'width="297mm" height="210mm"' in text, name
        assert "http" not in text.replace("http://www.w3.org/", ""), name


def test_telephone_glands_keep_their_distance_from_all_others() -> None:
    box = Box()
    for line_x, _, line_diameter, _ in line_glands(box):
        for safe_x, _, safe_diameter, _ in safe_glands(box):
            assert abs(safe_x - line_x) - (line_diameter + safe_diameter) / 2 >= BARRIER_MM_MIN
    assert max(x + diameter / 2 for x, _, diameter, _ in safe_glands(box)) < box.outer[0]


def test_lines_break_between_words_and_never_before_chinese_punctuation() -> None:
    assert wrapped("one two three", 10, 2) == ["one two", "three"]
    lines = wrapped("开盒前先拔下电话线，断开电源。", 15, 3)
    assert "".join(lines) == "开盒前先拔下电话线，断开电源。"
    assert not any(line[0] in "，。" for line in lines)


def test_the_command_writes_every_sheet(tmp_path: Path, sheets: dict[str, str]) -> None:
    result = CliRunner().invoke(main, ["draw", "--out", str(tmp_path / "deep/er")])
    assert result.exit_code == 0
    assert {path.name for path in (tmp_path / "deep/er").iterdir()} == set(sheets)


def test_a_missing_converter_is_said_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BenchError, match="rsvg-convert is not installed"):
        write_drawings(tmp_path / "out", {"a.svg": "<svg/>"}, ("png",))
    assert not (tmp_path / "out").exists()


def test_a_drawing_is_whole_whatever_other_libraries_do_to_the_names_of_xml() -> None:
    ET.register_namespace("", "http://www.w3.org/1999/xhtml")  # as libraries for spreadsheets and reports do
    assert drawings(load_circuit(), load_pins())
