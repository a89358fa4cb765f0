"""Whatever comes into a unit, it does not raise, keeps its bounds, and numbers its facts without a gap."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st
from thirdring_unit.core import wire
from thirdring_unit.core.events import CHANNELS, INPUTS, SIGNALS, TONES, Signal
from thirdring_unit.core.journal import MIN_LIMIT_BYTES, Journal
from thirdring_unit.core.parsing import parse
from thirdring_unit.core.storage import Storage
from thirdring_unit.core.unit import Unit

TAILS = ("ack", "light/set", "config", "cmd", "gateway/state", "beat", "fact", "", "a/b")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
WORDS = st.sampled_from(["off", "near", "over", "ready", "lost", "identify", "self-check", "config", "x"])
NEARLY_RIGHT = st.fixed_dictionaries(
    {},
    optional={
        "boot": st.integers(-1, 4) | JSON,
        "seq": st.integers(-1, 300) | JSON,
        "rev": st.integers(-1, 4) | JSON,
        "vip": WORDS | JSON,
        "prompt": WORDS | JSON,
        "s": WORDS | JSON,
        "id": WORDS | JSON,
        "do": WORDS | JSON,
        "settings": st.dictionaries(
            st.sampled_from(["unit", "line", "hold", "vip", "light", "outbox", "link", "x"]),
            st.dictionaries(st.sampled_from(["near_percent", "limit_ms", "tiers", "id", "inputs", "x"]), JSON) | JSON,
        ),
    },
)
PAYLOADS = st.binary(max_size=60) | (JSON | NEARLY_RIGHT).map(lambda value: json.dumps(value).encode())
DETAILS = st.none() | st.sampled_from(TONES) | st.text(max_size=300) | st.dictionaries(st.text(max_size=8), JSON)
SIGNAL = st.builds(
    Signal, st.sampled_from(SIGNALS), st.sampled_from(CHANNELS), st.booleans(), st.integers(0, 10**7), DETAILS
)
STEP = st.one_of(
    st.tuples(st.just("edge"), st.sampled_from([*INPUTS, "nothing"]), st.booleans()),
    st.tuples(st.just("hear"), SIGNAL),
    st.tuples(st.just("link"), st.booleans()),
    st.tuples(st.just("receive"), st.sampled_from(TAILS), PAYLOADS),
    st.tuples(st.just("clock"), st.integers(0, 2**50), st.sampled_from(["ntp", "rtc", "replay"])),
    st.tuples(st.just("check")),
    st.tuples(st.just("tick")),
)
WAITS_MS = st.sampled_from([0, 1, 30, 200, 1000, 5000, 61_000, 700_000])


def unit_on(storage: Storage) -> Unit:
    mapping = {"unit": {"branch": "b12", "id": "desk-07"}, "line": {"country": "CN"}}
    return Unit(parse(mapping), Journal(storage, MIN_LIMIT_BYTES), "power")


@given(st.lists(st.tuples(WAITS_MS, STEP), max_size=60))
@settings(max_examples=300, deadline=None)
def test_no_sequence_of_inputs_messages_and_time_raises(steps: list[tuple[int, tuple[object, ...]]]) -> None:
    storage = Storage()
    unit = unit_on(storage)
    unit.start(0, ["loop", "serve"])
    unit.link(0, True)
    up_ms = 0
    sent: dict[tuple[int, int], bytes] = {}
    for wait_ms, (what, *arguments) in steps:
        up_ms += wait_ms
        getattr(unit, str(what))(up_ms, *arguments)
        assert unit.next_ms(up_ms) >= up_ms
        assert unit.lights(up_ms) in {(False, False), (False, True), (True, False), (True, True)}
        for message in unit.outgoing(up_ms):
            if message.tail == "fact":
                fact = wire.decode_fact(message.payload)
                assert sent.setdefault((fact["boot"], fact["seq"]), message.payload) == message.payload
            else:
                wire.decode(message.tail, message.payload)
        journal_bytes = sum(len(data) for name, data in storage.files.items() if name.endswith(".log"))
        assert journal_bytes <= MIN_LIMIT_BYTES
    assert unit_on(storage).boot == 2


@given(st.binary(max_size=200) | PAYLOADS)
@settings(max_examples=500, deadline=None)
def test_what_is_not_a_fact_is_a_wire_error_and_what_is_one_has_one_text(payload: bytes) -> None:
    try:
        fact = wire.decode_fact(payload)
    except wire.WireError as error:
        complaint = str(error)
    else:
        complaint = ""
        assert wire.decode_fact(wire.encode_fact(fact)) == fact
    assert "\n" not in complaint


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-wire.MAX_INT, wire.MAX_INT) | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=10), VALUES, max_size=5))
@settings(max_examples=500, deadline=None)
def test_every_fact_comes_back_as_it_went_and_its_bytes_are_json(fields: dict[str, object]) -> None:
    envelope = {"v": 1, "branch": "b", "unit": "u", "boot": 1, "seq": 1, "up_ms": 0, "kind": "k"}
    fact = {**fields, **envelope}
    try:
        payload = wire.encode_fact(fact)
    except wire.WireError:
        assert len(json.dumps(fact, ensure_ascii=False).encode()) > wire.MAX_FACT_BYTES // 2
        return
    assert b"\n" not in payload
    assert json.loads(payload) == fact
    assert wire.decode_fact(payload) == fact
