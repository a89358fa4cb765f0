"""What a unit makes of a call while an ear fails (docs/pi.md: its measures are left out), or a cable hums."""

import pytest
from thirdring_unit.core.events import Signal

from tests.core.bench import Bench, ring_and_answer, settings

LISTENING: dict[str, object] = {"line_device": "line", "agent_device": "agent"}


@pytest.mark.parametrize(("what", "is_measured"), [("fault", False), ("hum", True)])
def test_lost_sound_makes_a_calls_measures_worthless_and_hum_is_only_told(what: str, is_measured: bool) -> None:
    bench = Bench(of=settings(sound=LISTENING)).connect()
    answered_ms = ring_and_answer(bench, 10_000, 1)
    bench.pass_time(answered_ms + 5_000)
    for on, at_ms in ((True, 1_000), (False, 3_000)):
        bench.unit.hear(bench.now_ms, Signal("voice", "agent", on, answered_ms + at_ms))
    for on in (True, False):
        bench.unit.hear(bench.now_ms, Signal(what, "agent", on, bench.now_ms, "lost"))
    bench.edge(answered_ms + 30_000, "loop", False).pass_time(answered_ms + 35_000)
    *faults, ended = bench.facts("fault", "ended")
    assert [(fault["what"], fault["channel"], fault["on"]) for fault in faults] == [
        ("sound", "agent", True),
        ("sound", "agent", False),
    ]
    assert ("agent_ms" in ended) == is_measured
