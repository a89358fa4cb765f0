"""The wire's contract: one canonical encoding, and WireError for everything that is not the protocol (DESIGN 3)."""

from thirdring_unit.core import wire

ANSWERED = {
    "kind": "answered",
    "wait_ms": 7400,
    "rings": 2,
    "call": 12,
    "rings_completed": 2,
    "v": 1,
    "branch": "b12",
    "unit": "desk-07",
    "boot": 17,
    "seq": 482,
    "up_ms": 93211,
}
ANSWERED_BYTES = (
    b'{"v":1,"branch":"b12","unit":"desk-07","boot":17,"seq":482,"up_ms":93211,"kind":"answered",'
    b'"call":12,"rings":2,"rings_completed":2,"wait_ms":7400}'
)


def refusal(call: object, *arguments: object) -> str:
    """Return the text of the WireError that `call` must raise."""
    assert callable(call)
    try:
        call(*arguments)
    except wire.WireError as error:
        return str(error)
    raise AssertionError(f"accepted: {arguments}")


def changed(**fields: object) -> dict[str, object]:
    fact: dict[str, object] = dict(ANSWERED)
    fact.update(fields)
    return fact


def test_a_fact_is_written_as_the_design_shows_it() -> None:
    assert wire.encode_fact(ANSWERED) == ANSWERED_BYTES
    assert wire.decode_fact(ANSWERED_BYTES) == ANSWERED


def test_every_kind_of_value_has_one_text() -> None:
    fact = changed(z=[1, {"b": None, "a": True}], a='中 "q" \\ \n \x7f', m=-5, f=False)
    assert wire.encode_fact(fact).endswith(
        '"kind":"answered","a":"中 \\"q\\" \\\\ \\u000a \x7f","call":12,"f":false,"m":-5,"rings":2,'
        '"rings_completed":2,"wait_ms":7400,"z":[1,{"a":true,"b":null}]}'.encode()
    )
    assert wire.decode_fact(wire.encode_fact(fact)) == fact


def test_an_unknown_kind_and_unknown_fields_are_kept() -> None:
    payload = ANSWERED_BYTES.replace(b"answered", b"from_the_future").replace(b'"call"', b'"x":1.5,"call"')
    fact = wire.decode_fact(payload)
    assert fact["kind"] == "from_the_future"
    assert fact["x"] == 1.5


def test_a_fact_with_a_field_missing_or_wrong_is_refused_by_the_name_of_the_field() -> None:
    for name in wire.ENVELOPE[1:]:
        fact = dict(ANSWERED)
        del fact[name]
        assert f"`{name}`" in refusal(wire.encode_fact, fact)
    wrong = {
        "branch": ("", "B12", "a/b", "x" * 33, "+", 1, None),
        "unit": ("desk 7", "#", True),
        "boot": (0, -1, "1", 1.0, True, None, 2**63),
        "seq": (0, -1, 2.5, False),
        "up_ms": (-1, "0", None),
        "kind": ("", "Answered", "no-hyphen", 5),
    }
    for name in wrong:  # noqa: PLC0206 -- the keys are the subject
        for value in wrong[name]:
            assert f"{name} " in refusal(wire.encode_fact, changed(**{name: value}))


def test_another_version_is_refused() -> None:
    for version in (2, "1", None, True, 1.0):
        assert "version" in refusal(wire.encode_fact, changed(v=version))


def test_a_fact_has_a_greatest_size_in_both_directions() -> None:
    room = wire.MAX_FACT_BYTES - len(wire.encode_fact(changed(x="")))
    fits = wire.encode_fact(changed(x="x" * room))
    assert len(fits) == wire.MAX_FACT_BYTES
    assert wire.decode_fact(fits)["x"] == "x" * room
    assert "1024" in refusal(wire.encode_fact, changed(x="x" * (room + 1)))
    assert "1024" in refusal(wire.decode_fact, fits + b" ")


def test_the_core_writes_no_fractions() -> None:
    assert "1.5" in refusal(wire.encode_fact, changed(x=1.5))


def test_the_core_writes_no_number_that_nobody_could_store() -> None:
    assert "64 bits" in refusal(wire.encode_fact, changed(x=2**63))
    assert wire.decode_fact(wire.encode_fact(changed(x=2**63 - 1)))["x"] == 2**63 - 1


def test_garbage_raises_one_line_and_nothing_else() -> None:
    huge = b"9" * 400
    deep = b"[" * 300 + b"]" * 300
    for payload in (
        b"",
        b"\xff\xfe",
        b"{",
        b"null",
        b"[]",
        b'"text"',
        b"17",
        b"{} {}",
        b"\x00" * 50,
        b"[" * 1000,
        b'{"v":NaN}',
        b'{"v":1}',
        ANSWERED_BYTES[:-1],
        ANSWERED_BYTES.replace(b"7400", huge),
        ANSWERED_BYTES.replace(b"7400", b"1e999"),
        ANSWERED_BYTES.replace(b"7400", deep),
        ANSWERED_BYTES.replace(b"7400", b'"\\ud800"'),
        ANSWERED_BYTES.replace(b'"wait_ms"', b'"\\udfff"'),
    ):
        text = refusal(wire.decode_fact, payload)
        assert text
        assert "\n" not in text
        assert len(text) < 200


def test_topics_are_built_and_taken_apart() -> None:
    assert wire.topic("b12", "desk-07", "light/set") == "thirdring/1/b12/desk-07/light/set"
    assert wire.parse_topic("thirdring/1/b12/desk-07/light/set") == ("b12", "desk-07", "light/set")
    assert wire.parse_topic("thirdring/1/b12/gateway/state") == ("b12", wire.GATEWAY, "state")


def test_foreign_topics_are_refused() -> None:
    for text in ("", "thirdring/1/b12", "thirdring/1/b12/desk-07/", "thirdring/2/b12/desk-07/fact", "x/1/b12/u/fact"):
        refusal(wire.parse_topic, text)
    for text in ("thirdring/1//u/fact", "thirdring/1/B/u/fact", "thirdring/1/b/+/fact", "thirdring/1/b/#"):
        refusal(wire.parse_topic, text)
    for branch, unit in (("b/1", "u"), ("b", "+"), ("", "u"), ("b", "#")):
        refusal(wire.topic, branch, unit, "fact")


def test_every_other_message_goes_there_and_back() -> None:
    messages: dict[str, dict[str, object]] = {
        "ack": {"boot": 17, "seq": 482},
        "state": {"s": "ready", "boot": 17},
        "info": {"model": "sim", "fw": "0.1.0", "inputs": ["ring"], "can": ["loop"]},
        "beat": {"boot": 17, "up_ms": 5, "backlog": 0, "oldest": [17, 3]},
        "light/set": {"rev": 12, "vip": "over", "prompt": "off"},
        "light/state": {"rev": 12, "vip": "near", "prompt": "over"},
        "config": {"rev": 1, "settings": {"line": {"country": "CN"}}},
        "cmd": {"id": "x1", "do": "identify"},
        "reply": {"id": "x1", "ok": False, "error": "中"},
        "gateway/state": {"s": "lost"},
    }
    assert wire.encode("light/set", messages["light/set"]) == b'{"prompt":"off","rev":12,"vip":"over"}'
    for tail, fields in messages.items():
        assert wire.decode(tail, wire.encode(tail, fields)) == fields


def test_other_messages_are_checked_too() -> None:
    for tail, payload in (
        ("ack", b'{"boot":17}'),
        ("ack", b'{"boot":0,"seq":1}'),
        ("ack", b'{"boot":1,"seq":-1}'),
        ("ack", b'{"boot":1,"seq":"7"}'),
        ("state", b'{"s":"sleepy","boot":1}'),
        ("beat", b'{"boot":1,"up_ms":1,"backlog":0,"oldest":[1]}'),
        ("beat", b'{"boot":1,"up_ms":1,"backlog":0,"oldest":7}'),
        ("light/set", b'{"rev":1,"vip":"red","prompt":"off"}'),
        ("light/set", b'{"rev":1,"vip":["off"],"prompt":"off"}'),
        ("config", b'{"rev":1,"settings":[]}'),
        ("cmd", b'{"id":"","do":"identify"}'),
        ("reply", b'{"id":"1","ok":1}'),
        ("unheard/of", b"{}"),
        ("cmd", b'{"id":"1","do":"' + b"x" * wire.MAX_MESSAGE_BYTES + b'"}'),
    ):
        refusal(wire.decode, tail, payload)
    refusal(wire.encode, "ack", {"boot": True, "seq": 1})
    refusal(wire.encode, "config", {"rev": 1, "settings": {"x": "y" * wire.MAX_MESSAGE_BYTES}})
