"""Inputs on pins: every edge arrives with its own time, and one that was lost is found."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from gpiozero.pins.mock import MockFactory, MockPin
from thirdring_unit.core.unit import Unit
from thirdring_unit.edgefile import Edge
from thirdring_unit.errors import UserError
from thirdring_unit.pi import beginning, gpio, pins
from thirdring_unit.pi.inputs import Inputs
from thirdring_unit.rounds import Chore, Rounds
from thirdring_unit.runtime import Clock

NAMES = ("ring", "loop", "serve")


class Told(Unit):
    """A unit that remembers what failed."""

    def __init__(self) -> None:
        self.faults: list[tuple[str, bool]] = []

    def fault(self, up_ms: int, part: str, on: bool, why: str) -> None:
        assert why
        assert up_ms >= 0
        self.faults.append((part, on))


class Desk:
    """Three inputs on mock pins."""

    def __init__(self) -> None:
        self.factory = MockFactory()
        self.edges: list[Edge] = []
        self.clock = Clock()
        self.unit = Told()
        self.pin("ring").pull = "up"
        self.inputs = Inputs(NAMES, self.factory, self.clock, self.edges.append)

    def pin(self, name: str) -> MockPin:
        return self.factory.pin(pins.INPUTS[name][0])


@pytest.fixture
def desk() -> Iterator[Desk]:
    made = Desk()
    yield made
    made.inputs.close()


def test_an_input_is_active_when_it_is_pulled_to_ground(desk: Desk) -> None:
    assert desk.inputs.active() == []
    desk.pin("loop").drive_low()
    assert desk.inputs.active() == ["loop"]
    assert [(edge.name, edge.active) for edge in desk.edges] == [("loop", True)]


def test_no_edge_of_a_minute_of_ringing_is_lost_or_out_of_order(desk: Desk) -> None:
    before_ms = desk.clock.up_ms()
    for _ in range(60 * 60):
        desk.pin("ring").drive_low()
        desk.pin("ring").drive_high()
    assert [edge.active for edge in desk.edges] == [True, False] * 3_600
    times_ms = [edge.at_ms for edge in desk.edges]
    assert times_ms == sorted(times_ms)
    assert before_ms <= times_ms[0] <= times_ms[-1] <= desk.clock.up_ms()


def test_an_edge_that_nobody_told_is_found_within_two_looks_and_is_a_fault(desk: Desk) -> None:
    desk.pin("loop")._change_state(False)  # noqa: SLF001 -- the contact closes, and the kernel's queue was full
    desk.inputs.look(desk.unit, 1_000)
    assert desk.edges == []  # it may be on its way
    desk.inputs.look(desk.unit, 2_000)
    assert desk.edges == [Edge(2_000, "loop", True)]
    assert desk.unit.faults == [("loop", True)]
    desk.inputs.look(desk.unit, 3_000)
    desk.inputs.look(desk.unit, 4_000)
    assert len(desk.edges) == 1


def test_looking_at_inputs_that_are_where_they_were_left_tells_nothing(desk: Desk) -> None:
    desk.pin("serve").drive_low()
    for up_ms in (1_000, 2_000, 3_000):
        desk.inputs.look(desk.unit, up_ms)
    assert len(desk.edges) == 1
    assert desk.unit.faults == []


def test_a_closed_input_tells_no_more(desk: Desk) -> None:
    desk.inputs.close()
    desk.pin("ring").drive_low()
    assert desk.edges == []


def test_a_gpio_controller_that_is_not_there_is_named_in_one_line(tmp_path: Path) -> None:
    pytest.importorskip("lgpio", reason="lgpio has no package for this Python")
    with pytest.raises(UserError, match="there is no GPIO controller sim-9: check `chip`") as told:
        gpio.open_controller("sim-9", tmp_path)
    assert "\n" not in str(told.value)
    with pytest.raises(UserError, match=r"GPIO controller 99 cannot be opened \(can not open gpiochip\)"):
        gpio.open_controller("99", tmp_path)


def test_chores_come_round_in_their_time_and_are_not_made_up_for() -> None:
    done: list[tuple[str, int]] = []
    rounds = Rounds(
        Chore(lambda _, up_ms: done.append(("often", up_ms)), 1_000),
        Chore(lambda _, up_ms: done.append(("seldom", up_ms)), 10_000),
    )
    for up_ms in (0, 500, 1_000, 60_000, 60_500):
        for at_ms, event in rounds.due(up_ms):
            event(Told(), at_ms)
    assert done == [("often", 0), ("seldom", 0), ("often", 1_000), ("often", 60_000), ("seldom", 60_000)]
    assert rounds.next_ms() == 61_000


def test_a_start_knows_whether_it_follows_a_power_cut_a_crash_or_an_end(tmp_path: Path) -> None:
    assert beginning.reason(tmp_path) == "power"
    assert beginning.reason(tmp_path) == "crash"
    beginning.ended(tmp_path)
    assert beginning.reason(tmp_path) == "restart"
    (tmp_path / "running").write_bytes(b"\xff\x00another boot")  # torn by a power cut
    assert beginning.reason(tmp_path) == "power"
