"""The gateway comes, goes and comes again: whenever it says so, it gets what it missed."""

from tests.core.bench import Bench


def test_a_gateway_that_comes_back_gets_at_once_what_it_missed() -> None:
    bench = Bench().connect()
    bench.acknowledges = False
    bench.pass_time(100_000)
    bench.take("fact")
    bench.get("gateway/state", s="lost")
    assert bench.take("fact") == []
    bench.get("gateway/state", s="ready")
    assert len(bench.take("fact")) == 1


def test_a_gateway_that_comes_after_the_unit_gets_at_once_what_nobody_heard() -> None:
    bench = Bench().connect()
    bench.acknowledges = False
    bench.pass_time(80_000)
    assert len(bench.take("fact")) == 5  # ever more rarely: the next one would be in a minute
    bench.get("gateway/state", s="ready")
    assert len(bench.take("fact")) == 1


def test_a_gateway_whose_end_nobody_told_gets_what_it_missed_when_it_says_ready_once_more() -> None:
    bench = Bench().connect()
    bench.acknowledges = False
    bench.get("gateway/state", s="ready")  # kept by a broker that was killed, as the gateway's connection was
    bench.pass_time(80_000)
    bench.take("fact")
    bench.get("gateway/state", s="ready")
    assert len(bench.take("fact")) == 1
