"""The unit and its gateway: start, presence, facts until acknowledged, commands, pushed settings."""

from thirdring_unit.core import wire
from thirdring_unit.core.events import Signal
from thirdring_unit.core.storage import Storage

from tests.core.bench import Bench, ring_and_answer, settings


def test_the_first_fact_tells_what_the_unit_is() -> None:
    sound: dict[str, object] = {"line_device": "usb", "agent_device": "headset"}
    bench = Bench(
        of=settings(unit={"branch": "b12", "id": "desk-07", "inputs": ["ring", "loop"]}, sound=sound)
    ).connect()
    boot = bench.take("fact")[0]
    assert (boot["kind"], boot["boot"], boot["seq"], boot["up_ms"], boot["reason"]) == ("boot", 1, 1, 0, "power")
    assert boot["inputs"] == ["ring", "loop"]
    assert boot["can"] == ["rings", "answers", "flash", "tones", "quiet", "turns", "greeting", "level"]
    assert boot["fw"]


def test_every_start_has_a_number_of_its_own() -> None:
    storage = Storage()
    assert [Bench(storage).unit.boot for _ in range(3)] == [1, 2, 3]


def test_nothing_is_published_without_a_link() -> None:
    bench = Bench().press(1000, "serve").pass_time(60_000)
    assert bench.sent == []


def test_on_a_new_link_the_unit_says_who_it_is_before_the_facts() -> None:
    bench = Bench().pass_time(5000).connect()
    messages = bench.unit.outgoing(5000)
    assert [message.tail for message in messages] == ["info", "state", "light/state", "beat", "fact"]
    retained = {message.tail: message.retain for message in messages}
    assert retained == {"info": True, "state": True, "light/state": True, "beat": False, "fact": False}
    assert [message.qos for message in messages] == [1, 1, 1, 0, 1]
    for message in messages[:4]:
        assert wire.decode(message.tail, message.payload)
    assert bench.unit.outgoing(5000) == []


def test_the_will_tells_which_start_was_lost() -> None:
    will = Bench().unit.will()
    assert (will.tail, will.payload, will.retain) == ("state", b'{"boot":1,"s":"lost"}', True)


def test_a_beat_comes_every_ten_seconds_and_says_what_waits() -> None:
    bench = Bench().connect()
    bench.acknowledges = False
    bench.pass_time(35_000)
    beats = bench.take("beat")
    assert [beat["up_ms"] for beat in beats] == [0, 10_000, 20_000, 30_000]
    assert (beats[0]["backlog"], beats[0]["oldest"]) == (1, [1, 1])
    bench.get("ack", boot=1, seq=1).pass_time(40_000)
    beat = bench.take("beat")[0]
    assert (beat["backlog"], beat["oldest"]) == (0, [1, 2])


def test_facts_are_sent_again_until_they_are_acknowledged() -> None:
    bench = Bench().connect()
    bench.acknowledges = False
    bench.pass_time(16_000)
    assert [fact["seq"] for fact in bench.take("fact")] == [1, 1, 1]
    bench.get("ack", boot=1, seq=1).pass_time(200_000)
    assert bench.take("fact") == []


def test_a_gateway_that_comes_back_gets_at_once_what_it_missed() -> None:
    bench = Bench().connect()
    bench.acknowledges = False
    bench.pass_time(100_000)
    bench.get("gateway/state", s="ready")
    bench.take("fact")
    bench.get("gateway/state", s="lost")
    assert bench.take("fact") == []
    bench.get("gateway/state", s="ready")
    assert len(bench.take("fact")) == 1


def test_the_topics_to_subscribe_are_the_units_own_and_the_gateways_presence() -> None:
    assert Bench().unit.subscriptions() == [
        "thirdring/1/b12/desk-07/ack",
        "thirdring/1/b12/desk-07/light/set",
        "thirdring/1/b12/desk-07/config",
        "thirdring/1/b12/desk-07/cmd",
        "thirdring/1/b12/gateway/state",
    ]


def test_garbage_is_counted_and_changes_nothing() -> None:
    bench = Bench().connect()
    for tail in ("ack", "light/set", "config", "cmd", "gateway/state", "fact", "nonsense", ""):
        for payload in (b"", b"\xff", b"[]", b"{}", b'{"boot":{}}', b"x" * 500, b"[" * 50):
            bench.unit.receive(0, tail, payload)
    assert bench.take("beat")[0]["refused"] == 8 * 7


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
