"""Debounce: a level counts once it has been stable, from when its contact first moved."""

from thirdring_unit.core.debounce import Debounce, Stuck


def test_a_level_that_stays_counts_from_the_first_edge_of_its_bounce() -> None:
    level = Debounce(15, 7)
    for at_ms, active in ((100, True), (105, False), (110, True)):
        level.edge(at_ms, active)
    assert (level.active, level.due_ms) == (False, 125)
    assert (level.run(), level.active, level.due_ms) == (100, True, None)


def test_what_chatters_longer_than_any_contact_counts_from_lately() -> None:
    level = Debounce(15, 7)
    for at_ms in range(0, 1000, 10):
        level.edge(at_ms, True)
        level.edge(at_ms + 5, False)
    level.edge(1000, True)
    assert level.due_ms == 1015
    assert 980 <= level.run() <= 1000


def test_a_change_right_after_another_is_not_dated_by_it() -> None:
    level = Debounce(15, 7)
    level.edge(100, True)
    level.run()
    level.edge(116, False)
    assert level.run() == 116


def test_each_direction_has_its_own_patience() -> None:
    level = Debounce(15, 7)
    level.edge(100, True)
    level.run()
    level.edge(200, False)
    assert level.due_ms == 207


def test_a_change_that_is_taken_back_changes_nothing() -> None:
    level = Debounce(15, 7)
    level.edge(100, True)
    level.edge(114, False)
    assert (level.active, level.due_ms) == (False, None)


def test_an_edge_told_twice_is_one_edge() -> None:
    level = Debounce(15, 7)
    level.edge(100, True)
    level.edge(110, True)
    assert level.due_ms == 115


def watched(*changes: tuple[int, bool]) -> int | None:
    watch = Stuck(1000)
    for at_ms, active in changes:
        watch.change(at_ms, active)
    return watch.due_ms


def test_only_a_level_that_stays_too_long_is_reported() -> None:
    assert watched() is None
    assert watched((500, True)) == 1500
    assert watched((500, True), (600, False)) is None
