"""The unit and its gateway: start, presence, facts until acknowledged, and garbage."""

from thirdring_unit.core import wire
from thirdring_unit.core.storage import Storage

from tests.core.bench import Bench, settings


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


def test_a_unit_on_a_new_disk_can_be_told_where_its_numbers_go_on() -> None:
    told = settings(unit={"branch": "b12", "id": "desk-07", "first_boot": 500})
    storage = Storage()
    assert [Bench(storage, told).unit.boot for _ in range(2)] == [500, 501]


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
