"""The proof in its fast form: three corners; `make prove` runs them all."""

import math
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from thirdring_bench.circuit import Circuit, load_circuit
from thirdring_bench.cli import main
from thirdring_bench.errors import BenchError
from thirdring_bench.proof import checks, copper
from thirdring_bench.proof.outside import dialled_zeros, gate
from thirdring_bench.proof.proof import Verdict, prove
from thirdring_bench.proof.requirement import REQUIREMENTS, Requirement
from thirdring_bench.spice import corner
from thirdring_bench.spice.deck import deck
from thirdring_bench.spice.run import Waves, run
from thirdring_bench.spice.waves import edges_s, rms

pytestmark = pytest.mark.xdist_group("spice")


@pytest.fixture(scope="module")
def board() -> Circuit:
    return load_circuit()


@pytest.fixture(scope="module")
def verdicts(board: Circuit) -> dict[str, Verdict]:
    return prove(board, corner.FEW)


@pytest.mark.slow
@pytest.mark.parametrize("name", list(REQUIREMENTS))
def test_the_requirement_holds_at_the_worst_corners(verdicts: dict[str, Verdict], name: str) -> None:
    worst = verdicts[name].worst
    assert verdicts[name].passed, f"{name}: {worst.value:g} at {worst.corner}, {worst.stimulus}"


def test_ring_counts_and_hook_times_come_out_right_from_copper_to_core(board: Circuit) -> None:
    (_, calls, vrms, hertz) = copper.LINES[-1]
    facts = copper.facts_of(copper.edges_of(board, corner.NOMINAL, calls, vrms, hertz), "JP")
    told = [(kind, fields.get("rings")) for _, kind, fields in facts if kind in {"answered", "missed", "ended"}]
    assert told == [("answered", 3), ("ended", None), ("missed", 2)]
    assert copper.wrong_counts(facts, calls) == 0
    assert max(copper.hook_errors_ms(facts, calls)) < 60


def test_the_proof_allows_no_part_more_than_its_rating(board: Circuit) -> None:
    for requirement, ref, rating in (
        ("SURGE-VARISTOR", "RV1", "energy_j"),
        ("SURGE-DIODE", "D3", "surge_a"),
        ("SURGE-RESISTOR", "R1", "pulse_j"),
        ("SURGE-CAPACITOR", "C1", "impulse_v"),
        ("SURGE-CAPACITOR", "C6", "impulse_v"),
        ("SURGE-LED", "U1", "led_a_pulse"),
        ("HEAT-RESISTOR", "R1", "watts"),
    ):
        high = REQUIREMENTS[requirement].high
        assert high is not None
        assert high <= board[ref].item.limits[rating], requirement
    assert board["F1"].item.limits["hold_a_hot"] >= 0.1  # a loop of 100 mA does not trip it at 50 °C


def test_a_core_that_miscounts_or_misses_a_call_is_noticed() -> None:
    calls = copper.JAPAN
    right: list[copper.Fact] = [
        (9000, "answered", {"rings": 3}), (12000, "ended", {}), (19500, "missed", {"rings": 2})
    ]  # fmt: skip
    assert copper.wrong_counts(right, calls) == 0
    assert copper.wrong_counts([right[0], right[1], (19500, "missed", {"rings": 3})], calls) == 1
    assert copper.wrong_counts(right[:2], calls) == 1
    assert copper.wrong_counts([*right, (1, "dialled", {})], calls) == 1
    assert copper.hook_errors_ms([(9070, "answered", {}), right[1]], calls) == (70.0, 0.0)
    assert copper.hook_errors_ms(right[:1], calls) == (math.inf, math.inf)


def test_a_smaller_ring_capacitor_breaks_a_named_requirement(board: Circuit) -> None:
    verdicts = prove(board.with_value("c_ring", "100 nF"), [corner.NOMINAL], [checks.ringing])
    assert not verdicts["RING-SEEN"].passed
    assert verdicts["RING-SEEN"].worst.stimulus == "40 V 15 Hz"


def test_a_loop_shunt_that_is_too_small_is_noticed(board: Circuit) -> None:
    verdicts = prove(board.with_value("r_loop_shunt", "47 Ω"), [corner.NOMINAL], [checks.loop])
    assert not verdicts["LOOP-SEEN"].passed


def test_without_its_shunt_the_ring_detector_hears_dial_pulses(board: Circuit) -> None:
    deaf = board.with_value("r_led_shunt", "1 MΩ").with_value("zener_ring", "10 V")
    verdicts = prove(deaf, [corner.FEW[-1]], [checks.hook_and_pulses])
    assert not verdicts["DEAF-DIAL"].passed


def test_the_corners_are_every_combination_and_the_nominal_board() -> None:
    assert len(corner.ALL) == len(set(corner.ALL)) == 17
    assert set(corner.FEW) <= set(corner.ALL)


def test_a_corner_moves_parts_to_the_ends_that_hurt_together(board: Circuit) -> None:
    weak = corner.Corner(-1, -1, +1, 0)
    assert weak.factor(board["C1"].item) == pytest.approx(0.8)
    assert weak.factor(board["R1"].item) == pytest.approx(1.03)
    assert weak.factor(board["C2"].item) == pytest.approx(1.15)
    assert corner.NOMINAL.factor(board["C1"].item) == 1


def test_a_requirement_knows_how_far_a_value_is_inside_its_limits() -> None:
    assert Requirement("between", "V", 1, 3).margin(2.5) == pytest.approx(0.5)
    assert Requirement("at least", "V", low=5).margin(4) == -1
    assert Requirement("at most", "V", high=5).margin(5) == 0


def test_edges_are_found_where_the_voltage_passes_half_the_supply() -> None:
    at = np.array([0.0, 1.0, 2.0, 3.0])
    found = edges_s(Waves(at, {"v(ring)": np.array([3.3, 3.3, 0.0, 3.3])}), "v(ring)")
    assert [active for _, active in found] == [True, False]
    assert [at for at, _ in found] == pytest.approx([1.5, 2.5])


def test_root_mean_square_of_a_sine_is_its_peak_over_root_two() -> None:
    at = np.linspace(0, 1, 5001)
    assert rms(Waves(at, {"x": np.sin(2 * np.pi * 5 * at)}), "x", 0, 1) == pytest.approx(2**-0.5, rel=1e-4)


def test_control_voltages_never_go_back_in_time() -> None:
    text = gate("hook", dialled_zeros())
    times = [float(number) for number in text.split("(")[1].rstrip(")").split()[::2]]
    assert times == sorted(times)
    assert len(dialled_zeros()) == 21  # before the first pulse, and after each of twenty breaks


def test_a_deck_that_ngspice_cannot_run_is_one_line(board: Circuit) -> None:
    with pytest.raises(BenchError, match="ngspice stopped: ") as caught:
        run(deck(board, corner.NOMINAL, ["Dbad line_a 0 no_such_model"], [".tran 1m 10m"]))
    assert "\n" not in str(caught.value)


def test_a_missing_ngspice_is_said_in_one_line_with_status_2(tmp_path: Path) -> None:
    result = CliRunner(env={"PATH": str(tmp_path)}).invoke(main, ["prove", "--fast"])
    assert result.exit_code == 2
    assert "ngspice is not installed" in result.stderr
    assert result.stderr.strip().count("\n") == 0


def test_an_unknown_item_or_value_ends_with_one_line_and_status_2() -> None:
    for item, value in (("c_rong", "100 nF"), ("c_ring", "100nF")):
        result = CliRunner().invoke(main, ["prove", "--fast", "--what-if", item, value])
        assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
