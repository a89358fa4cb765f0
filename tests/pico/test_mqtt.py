"""The Pico's MQTT session, packet by packet: what MQTT 3.1.1 says, and what a broker may do wrong."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from thirdring_unit.core.events import Message
from thirdring_unit.pico.mqtt import ACK_MS, OUT_MAX_BYTES, PACKET_MAX_BYTES, MqttError, Session

KEEPALIVE_MS = 15_000
WILL = Message("state", b'{"boot":1,"s":"lost"}', retain=True)
LET_IN, SUBSCRIBED, PONG = b"\x20\x02\0\0", b"\x90\x04\0\x01\x01\x01", b"\xd0\0"


def session(*, up: bool = True, password: str | None = None) -> Session:
    made = Session(0, KEEPALIVE_MS)
    made.connect("desk-07", password, "t/state", WILL, ["t/ack", "t/cmd"])
    if up:
        made.feed(0, LET_IN + SUBSCRIBED)
        made.out.clear()
    return made


def publish(topic: str, payload: bytes, qos: int = 0, packet_id: int = 7) -> bytes:
    body = len(topic).to_bytes(2, "big") + topic.encode() + (packet_id.to_bytes(2, "big") if qos else b"") + payload
    length, size = b"", len(body)
    while size >= 128:
        length += bytes([size % 128 | 128])
        size //= 128
    return bytes([0x30 | qos << 1]) + length + bytes([size]) + body


def test_a_unit_presents_itself_with_will_user_password_and_a_clean_session() -> None:
    flags = 0x80 | 0x40 | 0x20 | 0x08 | 0x04 | 0x02  # user, password, will retained, will QoS 1, will, clean
    expected = b"\0\x04MQTT\x04" + bytes([flags]) + b"\0\x0f\0\x07desk-07\0\x07t/state\0\x15" + WILL.payload
    expected += b"\0\x07desk-07\0\x06secret"
    assert session(up=False, password="secret").out[0] == bytes([0x10, len(expected)]) + expected


def test_a_unit_subscribes_once_it_is_let_in_and_is_up_once_that_is_confirmed() -> None:
    made = session(up=False)
    made.out.clear()
    made.feed(0, LET_IN)
    assert made.out == [b"\x82\x12\0\x01\0\x05t/ack\x01\0\x05t/cmd\x01"]
    assert not made.is_up
    made.feed(0, SUBSCRIBED)
    assert made.is_up


@pytest.mark.parametrize(
    ("packet", "why"),
    [
        (b"\x20\x02\0\x05", "not authorised"),
        (b"\x20\x02\0\x09", "code 9"),
        (b"\x90\x04\0\x01\x01\x80", "refuses what this unit wants to hear"),
        (b"\xf0\0", "kind 0xf0"),
        (b"\x30\xff\xff\xff\xff\x01", "length that is none"),
        (b"\x20\0", "too short"),
        (b"\x30\x01\0", "too short"),
        (b"\x32\x04\0\x02ab", "too short"),
        (b"\x30\x04\0\x02\xff\xff", "no text"),
    ],
)
def test_a_broker_that_refuses_or_speaks_no_mqtt_is_told_in_one_line(packet: bytes, why: str) -> None:
    with pytest.raises(MqttError, match=why):
        session(up=False).feed(0, packet)


def test_packet_ids_go_round_after_65535_and_pass_over_those_in_use() -> None:
    made = session()
    made.publish(0, "t/fact", Message("fact", b"first"))  # never acknowledged: keeps its id, which is 2 after SUBSCRIBE
    seen = []
    for _ in range(2 * 65_535):
        made.out.clear()
        made.publish(0, "t/fact", Message("fact", b"x"))
        packet_id = made.out[0][10:12]
        seen.append(int.from_bytes(packet_id, "big"))
        made.feed(0, b"\x40\x02" + packet_id)
    assert set(seen) == set(range(1, 65_536)) - {2}
    assert made.dropped == 0


def test_a_quiet_broker_is_pinged_and_one_that_stays_quiet_is_given_up() -> None:
    made = session()
    made.tick(KEEPALIVE_MS // 2 - 1)
    assert not made.out
    made.tick(KEEPALIVE_MS // 2)
    assert made.out == [b"\xc0\0"]
    assert made.next_ms() == KEEPALIVE_MS
    with pytest.raises(MqttError, match="silent"):
        made.tick(KEEPALIVE_MS)


def test_a_broker_that_answers_is_pinged_again_later() -> None:
    made = session()
    made.tick(KEEPALIVE_MS // 2)
    made.feed(KEEPALIVE_MS // 2 + 10, PONG)
    made.out.clear()
    made.tick(KEEPALIVE_MS - 1)
    assert not made.out
    made.tick(KEEPALIVE_MS)
    assert made.out == [b"\xc0\0"]


def test_a_broker_that_answers_pings_but_acknowledges_nothing_is_given_up() -> None:
    made = session()
    made.publish(0, "t/fact", Message("fact", b"x"))
    for at_ms in range(KEEPALIVE_MS // 2, ACK_MS + 1, KEEPALIVE_MS // 2):
        made.tick(at_ms)
        made.feed(at_ms, PONG)
    with pytest.raises(MqttError, match="acknowledges nothing"):
        made.tick(ACK_MS + KEEPALIVE_MS // 2)


def test_what_finds_no_room_is_dropped_and_counted() -> None:
    made = session()
    for _ in range(20):
        made.publish(0, "t/beat", Message("beat", bytes(1_000), qos=0))
    assert sum(map(len, made.out)) <= OUT_MAX_BYTES
    assert made.dropped == 20 - len(made.out)
    made = session()
    for _ in range(100):
        made.publish(0, "t/fact", Message("fact", b"x"))
    assert made.dropped == 100 - 64


def test_a_message_of_qos_1_is_acknowledged() -> None:
    made = session()
    assert made.feed(0, publish("t/cmd", b"do", qos=1)) == [("t/cmd", b"do")]
    assert made.out == [b"\x40\x02\0\x07"]


def test_a_packet_longer_than_any_of_ours_is_passed_over_and_the_next_one_read() -> None:
    made = session()
    stream = publish("t/cmd", bytes(PACKET_MAX_BYTES)) + publish("t/cmd", b"do")
    received = []
    for start in range(0, len(stream), 1_000):
        received += made.feed(0, stream[start : start + 1_000])
    assert received == [("t/cmd", b"do")]
    assert made.oversized == 1


@given(
    st.lists(st.tuples(st.text("abc/", min_size=1), st.binary(max_size=300), st.sampled_from([0, 1]))),
    st.lists(st.integers(1, 40)),
)
def test_messages_come_whole_however_the_stream_is_cut(told: list[tuple[str, bytes, int]], cuts: list[int]) -> None:
    made = session()
    stream = b"".join(publish(topic, payload, qos) for topic, payload, qos in told)
    received = []
    for cut in [*cuts, len(stream)]:
        received += made.feed(0, stream[:cut])
        stream = stream[cut:]
    assert received == [(topic, payload) for topic, payload, _ in told]


@given(st.binary())
def test_garbage_raises_nothing_but_an_mqtt_error(garbage: bytes) -> None:
    with suppress(MqttError):
        session(up=False).feed(0, garbage)
