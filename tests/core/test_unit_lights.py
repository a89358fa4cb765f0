"""The unit's lights: the prompt by the desk itself, the VIP light by the gateway while it is there (R03-R06, R16)."""

from thirdring_unit.core.storage import Storage

from tests.core.bench import Bench, ring_and_answer


def test_a_late_answer_lights_the_prompt_light() -> None:
    bench = Bench().connect()
    answered_ms = ring_and_answer(bench, 10_000, 4)
    bench.pass_time(answered_ms + 1000)
    assert bench.told() == {"rev": 0, "vip": "off", "prompt": "over"}
    assert bench.unit.lights(bench.now_ms) == (False, True)
    bench.pass_time(answered_ms + 7000)
    assert bench.told()["prompt"] == "off"


def test_a_hold_that_nears_its_limit_blinks_and_one_over_it_asks_for_an_apology() -> None:
    bench = Bench().connect()
    held_ms = ring_and_answer(bench, 10_000, 1) + 5000
    bench.press(held_ms, "hold_key").pass_time(held_ms + 44_000)
    assert bench.told()["prompt"] == "off"
    bench.pass_time(held_ms + 46_000)
    assert bench.told()["prompt"] == "near"
    bench.press(held_ms + 61_000, "hold_key").pass_time(held_ms + 62_000)
    assert [fact["held_ms"] for fact in bench.facts("resumed")] == [61_000]
    assert bench.told()["prompt"] == "over"
    bench.pass_time(held_ms + 70_000)
    assert bench.told()["prompt"] == "off"


def test_the_gateway_decides_about_the_vip_light_while_it_is_there() -> None:
    bench = Bench().connect().press(1000, "vip_in").get("light/set", rev=7, vip="off", prompt="off")
    bench.pass_time(700_000)
    assert bench.told() == {"rev": 7, "vip": "off", "prompt": "off"}
    bench.get("light/set", rev=8, vip="over", prompt="off")
    assert bench.unit.lights(700_000) == (True, False)
    assert bench.told() == {"rev": 8, "vip": "over", "prompt": "off"}


def overridden() -> Bench:
    """Return a desk where a VIP customer waits too long, and the gateway says otherwise."""
    bench = Bench().connect().press(1000, "vip_in").get("light/set", rev=7, vip="off", prompt="over").pass_time(700_000)
    assert bench.unit.lights(700_000) == (False, True)
    return bench


def test_the_desk_decides_by_itself_when_the_link_is_lost() -> None:
    bench = overridden()
    bench.unit.link(700_000, False)
    assert bench.unit.lights(700_000) == (True, False)
    bench.press(701_000, "vip_served").pass_time(702_000)
    assert bench.unit.lights(702_000) == (False, False)


def test_the_desk_decides_by_itself_when_the_gateway_is_lost() -> None:
    bench = overridden().get("gateway/state", s="lost")
    assert bench.unit.lights(700_000) == (True, False)


def test_the_light_of_a_lost_desk_changes_on_time() -> None:
    bench = Bench().press(1000, "vip_in").pass_time(480_999)
    assert bench.unit.lights(480_999) == (False, False)
    assert bench.unit.next_ms(480_999) == 481_000
    assert bench.unit.lights(481_000) == (True, False)
    assert bench.unit.lights(482_000) == (False, False)
    bench.pass_time(601_001)
    for up_ms in range(601_001, 610_000, 100):
        assert bench.unit.lights(up_ms) == (True, False)


def test_who_waits_survives_a_power_cut() -> None:
    storage = Storage()
    Bench(storage).press(1000, "vip_in").pass_time(500_000)
    bench = Bench(storage).connect().pass_time(3000)
    assert bench.told()["vip"] == "near"
    bench.press(4000, "vip_served").pass_time(5000)
    served = bench.facts("vip_served")
    assert (served[0]["ticket"], served[0]["wait_ms"]) == ("1.1", None)
