"""The world of a simulated desk and its state folder: what a killed process leaves for the next one."""

import errno
import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from thirdring_unit.core.events import Signal
from thirdring_unit.drivers.state import held
from thirdring_unit.errors import UserError
from thirdring_unit.sim import chance
from thirdring_unit.sim.day import Day, work_out
from thirdring_unit.sim.edges import edges
from thirdring_unit.sim.story import Call, Hold, Scenario
from thirdring_unit.sim.world import World

HELD = Call(15_000, "answered", 1, 2_000, talk_ms=40_000, holds=(Hold(30_000, "music", 10_000),))
IN_THE_HOLD_MS = 40_000
MARK_MS = 1_000  # the position is kept so finely
HEARD_MS = 10_000  # music is told once it has gone on for some seconds
RECOGNISED_MS = 1_000  # and the ears know its true beginning so well


class Diary:
    """Stands where a unit would, and notes what it is told."""

    def __init__(self) -> None:
        self.edges: list[tuple[int, str, bool]] = []
        self.signals: list[Signal] = []

    def edge(self, up_ms: int, name: str, active: bool) -> None:
        self.edges.append((up_ms, name, active))

    def hear(self, up_ms: int, signal: Signal) -> None:
        assert signal.at_ms <= up_ms
        self.signals.append(signal)


def day_of(*calls: Call) -> Day:
    return work_out(Scenario(desk="desk-07", calls=calls))


def live(world: World, diary: Diary, until_ms: int) -> None:
    for at_ms, event in world.due(until_ms):
        event(diary, at_ms)  # type: ignore[arg-type] # a diary has what a world needs of a unit


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 1_000), deaths=st.lists(st.integers(1, 400_000), max_size=6))
def test_a_world_that_dies_at_any_time_delivers_every_edge_exactly_once(
    tmp_path_factory: pytest.TempPathFactory, seed: int, deaths: list[int]
) -> None:
    day = work_out(chance.scenario(seed, length_ms=200_000, ears="none"))
    position, diary = tmp_path_factory.mktemp("world") / "position", Diary()
    for lifetime_ms in [*deaths, day.end_ms]:
        live(World(day, position), diary, lifetime_ms)
    expected = [(name, active) for _, name, active in edges(day)]
    assert [(name, active) for _, name, active in diary.edges] == expected


def test_time_stands_still_while_the_unit_is_dead(tmp_path: Path) -> None:
    day, first, second = day_of(HELD), Diary(), Diary()
    live(World(day, tmp_path / "position"), first, IN_THE_HOLD_MS)
    revived = World(day, tmp_path / "position")
    live(revived, second, day.end_ms)
    assert IN_THE_HOLD_MS - MARK_MS < revived.at_ms <= IN_THE_HOLD_MS
    hung_up_ms = next(at_ms for at_ms, name, active in second.edges if name == "loop" and not active)
    assert hung_up_ms == day.courses[0].lifted[1] - revived.at_ms if day.courses[0].lifted else 0


def test_a_unit_that_starts_anew_finds_the_handset_lifted_and_hears_the_music_go_on(tmp_path: Path) -> None:
    day = day_of(HELD)
    live(World(day, tmp_path / "position"), Diary(), IN_THE_HOLD_MS)
    revived, diary = World(day, tmp_path / "position"), Diary()
    assert revived.active() == ["loop"]
    live(revived, diary, HEARD_MS)
    assert [(signal.what, signal.channel) for signal in diary.signals] == [("music", "line")]
    assert diary.signals[0].at_ms < RECOGNISED_MS


@pytest.mark.parametrize("content", [b"x", b"1 2", b"1 2 00000000", b"-1 2 00000000", bytes(40)])
def test_a_position_that_is_none_or_of_another_day_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "position"
    path.write_bytes(content)
    with pytest.raises(UserError, match="remove it to begin the day anew"):
        World(day_of(HELD), path)


def test_a_position_of_another_scenario_is_refused(tmp_path: Path) -> None:
    live(World(day_of(HELD), tmp_path / "position"), Diary(), IN_THE_HOLD_MS)
    with pytest.raises(UserError, match="no position in this scenario"):
        World(day_of(replace(HELD, talk_ms=41_000)), tmp_path / "position")


def test_two_units_cannot_share_one_folder(tmp_path: Path) -> None:
    with held(tmp_path / "state"), pytest.raises(UserError, match="another unit"), held(tmp_path / "state"):
        pass
    with held(tmp_path / "state"):
        pass


def test_a_full_disk_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"cannot keep facts there \(No space left on device\)"), held(tmp_path):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
