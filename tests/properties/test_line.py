"""The line, whatever happens on it."""

from hypothesis import given, settings
from hypothesis import strategies as st
from thirdring_unit.core.callstate import Line
from thirdring_unit.core.countries import Country, codes
from thirdring_unit.core.events import CHANNELS, LINE_INPUTS, SIGNALS, TONES, Signal

from tests.core.desk import Desk
from tests.core.desk import settings as desk_settings

Fact = tuple[int, str, dict[str, object]]
Step = tuple[int, str, bool, Signal | None]

EARS: dict[str, object] = {"line_device": "line", "agent_device": "agent"}
PAUSES = st.sampled_from((0, 1, 7, 8, 15, 20, 60, 67, 100, 200, 300, 600, 950, 1000, 4000, 9000, 30_000))
SECTIONS = st.sampled_from(({}, {"sound": EARS}, {"line": {"open_loop": True}}, {"sound": {"line_device": "line"}}))


LOUD: dict[str, object] = {"loud_ms": 40}
DETAILS: tuple[str | dict[str, object] | None, ...] = (None, *TONES, "nonsense", LOUD)
SIGNAL = st.builds(
    Signal,
    st.sampled_from(SIGNALS),
    st.sampled_from(CHANNELS),
    st.booleans(),
    st.integers(-400, 0) | st.integers(-(10**6), 10**6),
    st.sampled_from(DETAILS),
)
EDGE = st.tuples(PAUSES, st.sampled_from(LINE_INPUTS), st.booleans(), st.none())
HEARD = st.tuples(PAUSES, st.just(""), st.just(True), SIGNAL)
ANYTHING: st.SearchStrategy[list[Step]] = st.lists(EDGE | HEARD, max_size=3)


def usual(name: str, pause_ms: int, length_ms: int, active: bool = True) -> list[Step]:
    """What a line ordinarily does: an input changes for a while."""
    return [(pause_ms, name, active, None), (length_ms, name, not active, None)]


def heard(what: str, channel: str, length_ms: int) -> list[Step]:
    """What the ears ordinarily hear: something for a while, told 300 ms late."""
    return [
        (5000, "", True, Signal(what, channel, True, -300)),
        (length_ms, "", True, Signal(what, channel, False, -300)),
    ]


USUAL: st.SearchStrategy[list[Step]] = st.sampled_from(
    (
        usual("ring", 4000, 1000),
        usual("ring", 200, 400),
        [*usual("ring", 9000, 1000), (2000, "loop", True, None)],
        [*usual("ring", 9000, 1000), *usual("loop", 2000, 90_000)],
        usual("loop", 2000, 60_000),
        [(2000, "loop", True, None)],
        usual("loop", 9000, 100, active=False),
        usual("loop", 9000, 500, active=False),
        usual("hold_key", 9000, 200),
        [(5000, "", True, Signal("tone", "line", True, -300, "busy"))],
        heard("voice", "agent", 3000),
        heard("voice", "line", 3000),
        heard("music", "line", 9000),
    )
)
STEPS: st.SearchStrategy[list[Step]] = st.lists(st.one_of(USUAL, USUAL, USUAL, ANYTHING), max_size=40).map(
    lambda parts: [step for part in parts for step in part]
)


def line(country: str, sections: dict[str, dict[str, object]]) -> Line:
    return Line(desk_settings(country, **sections))


def play(on: Line, steps: list[Step], ticks: int = 0) -> list[Fact]:
    """The facts of some steps, each a pause and then an edge or a signal; `ticks` in every pause change nothing."""
    facts: list[Fact] = []
    at_ms = 0
    for pause_ms, name, active, signal in steps:
        for tick in range(1, ticks + 1):
            facts += on.tick(at_ms + pause_ms * tick // (ticks + 1))
        at_ms += pause_ms
        if signal is None:
            facts += on.edge(at_ms, name, active)
        else:
            facts += on.hear(at_ms, back_dated(signal, at_ms))
    return facts + on.tick(at_ms + 10**9)


def back_dated(signal: Signal, now_ms: int) -> Signal:
    """A signal whose time is meant from now."""
    return Signal(signal.what, signal.channel, signal.on, now_ms + signal.at_ms, signal.detail)


def check_story(facts: list[Fact]) -> None:
    """Facts are in order, and each call is a whole story: rings, then missed; or talk with holds, then its end."""
    assert [at_ms for at_ms, _, _ in facts] == sorted(at_ms for at_ms, _, _ in facts)
    call, n, began_ms, held_ms, hold_ms = 0, 0, None, 0, None
    for at_ms, kind, fields in facts:
        if kind == "fault":
            continue
        if kind == "dialled" or (kind == "ring" and n == 0):
            assert began_ms is None
            call += 1
        assert fields["call"] == call
        if kind == "ring":
            n += 1
            assert fields["n"] == n
        elif kind == "missed":
            assert fields["rings"] in {n, None}
            n = 0
        elif kind in {"answered", "dialled"}:
            assert began_ms is None
            assert fields.get("rings", n) in {n, None}
            n, began_ms, held_ms, hold_ms = 0, at_ms, 0, None
        elif kind == "held":
            assert hold_ms is None
            assert began_ms is not None
            hold_ms = at_ms
        elif kind == "resumed":
            assert hold_ms is not None
            assert fields["held_ms"] == at_ms - hold_ms
            held_ms, hold_ms = held_ms + at_ms - hold_ms, None
        elif kind == "ended":
            assert began_ms is not None
            assert hold_ms is None
            assert fields["held_ms"] == held_ms
            assert fields["talk_ms"] == at_ms - began_ms - held_ms
            assert all(value >= 0 for value in fields.values() if isinstance(value, int))
            began_ms = None
        else:
            assert kind == "flashed"
            assert began_ms is not None


@given(st.sampled_from(codes()), SECTIONS, STEPS)
def test_no_sequence_of_inputs_raises_and_every_call_is_a_whole_story(
    country: str, sections: dict[str, dict[str, object]], steps: list[Step]
) -> None:
    check_story(play(line(country, sections), steps))


@given(st.sampled_from(codes()), SECTIONS, STEPS, st.integers(1, 5))
def test_facts_do_not_depend_on_how_often_time_is_told(
    country: str, sections: dict[str, dict[str, object]], steps: list[Step], ticks: int
) -> None:
    assert play(line(country, sections), steps, ticks) == play(line(country, sections), steps)


@given(SECTIONS, STEPS)
def test_nothing_is_due_before_the_time_that_is_asked_for(
    sections: dict[str, dict[str, object]], steps: list[Step]
) -> None:
    on = line("CN", sections)
    at_ms = 0
    for pause_ms, name, active, signal in steps:
        at_ms += pause_ms
        if signal is None:
            on.edge(at_ms, name, active)
        else:
            on.hear(at_ms, back_dated(signal, at_ms))
        due_ms = on.next_ms()
        if due_ms is not None:
            assert due_ms > at_ms
            state = on.state
            assert on.tick(due_ms - 1) == []
            assert on.state == state
            at_ms = due_ms - 1


@given(st.lists(st.tuples(PAUSES, PAUSES), max_size=40))
def test_every_off_hook_is_in_exactly_one_call(handset: list[tuple[int, int]]) -> None:
    desk = Desk()
    at_ms, liftings, last_end_ms = 0, 0, -10_000
    for up_ms, down_ms in handset:
        at_ms += down_ms
        if up_ms >= 200:
            liftings += at_ms - last_end_ms > 915
            desk.off_hook(at_ms, at_ms + up_ms)
            last_end_ms = at_ms + up_ms
        at_ms += up_ms
    facts = desk.facts()
    calls = [kind for _, kind, _ in facts if kind == "dialled"]
    hang_ups = [fields for _, kind, fields in facts if kind == "ended"]
    assert len(calls) == len(hang_ups) >= liftings
    check_story(facts)


@st.composite
def calls(draw: st.DrawFn) -> list[tuple[int, str]]:
    """Loop, ring and key changes of some ordinary calls, none closer to the next than 1100 ms."""
    changes = []
    at_ms = 2000
    for _ in range(draw(st.integers(1, 3))):
        rings = draw(st.integers(0, 5))
        for _ in range(rings):
            changes += [(at_ms, "ring"), (at_ms + 1100, "ring")]
            at_ms += 5000
        if draw(st.booleans()) or not rings:
            changes.append((at_ms, "loop"))
            for _ in range(draw(st.integers(0, 2))):
                at_ms += draw(st.integers(3000, 90_000))
                changes += [(at_ms, "hold_key"), (at_ms + 1100, "hold_key")]
                at_ms += 3000
            changes.append((at_ms, "loop"))
        at_ms += draw(st.integers(10_000, 60_000))
    return changes


@given(
    calls(), st.lists(st.tuples(st.integers(0, 400_000), st.sampled_from(LINE_INPUTS), st.integers(1, 6)), max_size=30)
)
def test_noise_shorter_than_the_debounce_changes_nothing(
    changes: list[tuple[int, str]], noise: list[tuple[int, str, int]]
) -> None:
    clean, noisy = Desk(), Desk()
    levels = dict.fromkeys(LINE_INPUTS, False)
    ends = []
    for at_ms, name in changes:
        levels[name] = not levels[name]
        ends.append((at_ms, name, levels[name]))
        clean.edge(at_ms, name, levels[name])
        noisy.edge(at_ms, name, levels[name])
    for at_ms, name, length_ms in noise:
        before = [active for change_ms, what, active in ends if what == name and change_ms <= at_ms]
        if any(what == name and abs(change_ms - at_ms) < 100 for change_ms, what, _ in ends):
            continue
        level = before[-1] if before else False
        noisy.edge(at_ms, name, not level).edge(at_ms + length_ms, name, level)
    assert noisy.facts(2_000_000) == clean.facts(2_000_000)


@settings(max_examples=50)
@given(st.sampled_from(codes()), st.integers(1, 12), st.integers(15, 60), st.integers(0, 4999))
def test_any_number_of_rings_is_counted_in_every_country(country: str, rings: int, hz: int, start_ms: int) -> None:
    desk = Desk(desk_settings(country)).ring(start_ms, rings, Country(country).ring_ms, hz)
    facts = desk.facts()
    assert [fields["n"] for _, kind, fields in facts if kind == "ring"] == list(range(1, rings + 1))
    assert facts[-1][2]["rings"] == rings
