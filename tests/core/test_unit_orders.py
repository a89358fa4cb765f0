"""What the gateway may ask of a unit: commands, and settings pushed over the unit's own."""

from thirdring_unit.core.events import Signal
from thirdring_unit.core.storage import Storage

from tests.core.bench import Bench, ring_and_answer


def test_identify_makes_both_lights_blink_and_is_answered() -> None:
    bench = Bench().connect().pass_time(5000).get("cmd", id="x1", do="identify")
    assert bench.take("reply") == [{"id": "x1", "ok": True}]
    seen = [bench.unit.lights(up_ms) for up_ms in range(5000, 6000, 25)]
    assert set(seen) == {(True, True), (False, False)}


def test_a_self_check_is_told_as_a_fact() -> None:
    bench = Bench().connect()
    bench.unit.hear(10, Signal("fault", "agent", True, 5, "no such device"))
    bench.unit.clock(20, 1_793_600_000_000, "ntp")
    bench.get("cmd", id="x2", do="self-check")
    checked = bench.facts("checked")
    assert bench.take("reply") == [{"id": "x2", "ok": True}]
    found = {name: checked[0][name] for name in ("link", "clock", "storage", "faults")}
    assert found == {"link": True, "clock": True, "storage": True, "faults": ["agent"]}


def test_a_stuck_input_is_a_fault_until_it_moves_again() -> None:
    bench = Bench().connect().edge(1000, "loop", True).pass_time(5 * 3_600_000)
    bench.get("cmd", id="x1", do="self-check")
    assert bench.facts("checked")[0]["faults"] == ["loop"]
    bench.edge(bench.now_ms + 1, "loop", False).pass_time(bench.now_ms + 1000).get("cmd", id="x2", do="self-check")
    assert bench.facts("checked")[0]["faults"] == []


def test_settings_that_cannot_be_kept_are_not_taken() -> None:
    class Worn(Storage):
        failure: "Exception | None" = None

        def write(self, name: str, data: bytes) -> None:
            if self.failure:
                raise self.failure
            super().write(name, data)

    for failure in (OSError(30), MemoryError()):
        storage = Worn()
        bench = Bench(storage).connect()
        storage.failure = failure
        bench.get("config", rev=3, settings={"vip": {"near_percent": 50}}).pass_time(1000)
        assert bench.take("reply")[0]["ok"] is False
        assert bench.unit.settings.near_percent == 80


def test_an_unknown_command_is_refused_by_answer() -> None:
    bench = Bench().connect().get("cmd", id="x3", do="self-destruct")
    reply = bench.take("reply")[0]
    assert (reply["id"], reply["ok"]) == ("x3", False)


def test_pushed_settings_take_effect_and_survive_a_restart() -> None:
    storage = Storage()
    bench = Bench(storage).connect().get("config", rev=3, settings={"vip": {"tiers": {"1": 60_000}}})
    assert bench.take("reply") == [{"id": "config-3", "ok": True}]
    bench.pass_time(10_000)
    assert bench.unit.settings.tiers == {1: 60_000}
    assert bench.take("beat")[-1]["config"] == 3
    assert Bench(storage).unit.settings.tiers == {1: 60_000}


def test_wrong_settings_change_nothing_and_are_answered_with_what_is_wrong() -> None:
    storage = Storage()
    bench = Bench(storage).connect().get("config", rev=3, settings={"vip": {"near_percent": 50}}).pass_time(100)
    for wrong in ({"vip": {"near_percent": 500}}, {"vip": {"colour": 1}}, {"unit": {"id": "desk-08"}}, {"vip": 5}):
        bench.take("reply")
        bench.get("config", rev=4, settings=wrong).pass_time(bench.now_ms + 100)
        reply = bench.take("reply")[0]
        assert (reply["id"], reply["ok"]) == ("config-4", False)
        assert "\n" not in str(reply["error"])
        assert bench.unit.settings.near_percent == 50
    assert Bench(storage).unit.settings.near_percent == 50


def test_pushed_settings_wait_for_the_end_of_the_call() -> None:
    bench = Bench().connect()
    answered_ms = ring_and_answer(bench, 10_000, 1)
    bench.pass_time(answered_ms + 1000).get("config", rev=3, settings={"hold": {"limit_ms": 30_000}})
    bench.pass_time(answered_ms + 5000)
    assert bench.unit.settings.limit_ms == 60_000
    bench.edge(answered_ms + 6000, "loop", False).pass_time(answered_ms + 10_000)
    assert bench.unit.settings.limit_ms == 30_000


def test_a_push_that_leaves_a_key_out_again_takes_it_back() -> None:
    bench = Bench().connect().get("config", rev=3, settings={"vip": {"near_percent": 50}}).pass_time(100)
    bench.get("config", rev=4, settings={}).pass_time(200)
    assert bench.unit.settings.near_percent == 80
