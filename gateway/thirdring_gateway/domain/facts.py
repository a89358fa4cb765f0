"""A fact as a desk unit told it: the only thing that KPIs are made of.

The wire has checked the envelope; what a fact of a known kind says beside it is checked here, once, so that nothing
behind this door meets a text where a number belongs. Unknown kinds and unknown fields are kept.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from thirdring_unit.core.wire import ENVELOPE, WireError

LONGEST_MS = 2**31 - 1
"""Durations are kept in 32 bits: at most 24 days."""
LARGEST_ID = 2**32 - 1
LONGEST_UP_MS = 2**40
"""A unit that is up for 34 years is not believed."""
LATEST_EPOCH_MS = 7_258_118_400_000
"""Nor is a clock that has passed the year 2200."""
MOST_RINGS = 2**15 - 1
LONGEST_TEXT = 256
LONGEST_TICKET = 32
HIGHEST_SCORE = 5
HANG_UPS = ("caller", "agent", "unknown")


class FactError(WireError):
    """A fact that says something of the wrong type: one line that names the field and what it should be."""


class FactKey(NamedTuple):
    """The key that makes writing a fact twice harmless."""

    branch: str
    unit: str
    boot: int
    seq: int


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that happened at a desk, `up_ms` milliseconds after its unit's start number `boot`."""

    branch: str
    unit: str
    boot: int
    seq: int
    up_ms: int
    kind: str
    data: Mapping[str, object]

    @property
    def key(self) -> FactKey:
        """`(branch, unit, boot, seq)`."""
        return FactKey(self.branch, self.unit, self.boot, self.seq)

    def integer(self, name: str) -> int | None:
        """Return the named whole number, None when the fact does not know it."""
        value = self.data.get(name)
        return value if isinstance(value, int) else None

    def text(self, name: str) -> str | None:
        """Return the named text, None when the fact does not know it."""
        value = self.data.get(name)
        return value if isinstance(value, str) else None


class Rule(NamedTuple):
    """What a field must be, in words and as a test; a field that may be unknown may also be null or absent."""

    words: str
    fits: Callable[[object], bool]
    may_be_unknown: bool = False

    def or_unknown(self) -> "Rule":
        """Return the same rule for a field that an installation may not be able to sense."""
        return self._replace(may_be_unknown=True)


def whole(low: int, high: int) -> Rule:
    """Return the rule for a whole number from `low` to `high`; true and false are no numbers."""
    return Rule(f"a whole number from {low} to {high}", lambda value: type(value) is int and low <= value <= high)


TEXT = Rule(f"a text of at most {LONGEST_TEXT} characters", lambda v: isinstance(v, str) and len(v) <= LONGEST_TEXT)
TICKET = Rule(
    f"a plain text of 1 to {LONGEST_TICKET} letters",
    lambda v: isinstance(v, str) and 0 < len(v) <= LONGEST_TICKET and v.isascii() and v.isprintable(),
)
FLAG = Rule("true or false", lambda value: isinstance(value, bool))
CALL = whole(1, LARGEST_ID)
SPAN = whole(0, LONGEST_MS)
RINGS = whole(0, MOST_RINGS)
HANG_UP = Rule("one of " + ", ".join(HANG_UPS), lambda value: value in HANG_UPS)

ENVELOPE_RULES = {"boot": CALL, "seq": whole(1, 2**63 - 1), "up_ms": whole(0, LONGEST_UP_MS)}
VOICE_SPANS = ("greeting_ms", "agent_ms", "caller_ms", "overlap_ms", "silence_max_ms", "loud_ms")
KINDS: dict[str, dict[str, Rule]] = {
    "boot": {"fw": TEXT.or_unknown(), "reason": TEXT.or_unknown()},
    "clock": {"epoch_ms": whole(0, LATEST_EPOCH_MS), "source": TEXT},
    "ring": {"call": CALL, "n": RINGS.or_unknown()},
    "answered": {
        "call": CALL,
        "rings": RINGS.or_unknown(),
        "rings_completed": RINGS.or_unknown(),
        "wait_ms": SPAN.or_unknown(),
    },
    "missed": {"call": CALL, "rings": RINGS.or_unknown(), "wait_ms": SPAN.or_unknown()},
    "dialled": {"call": CALL},
    "held": {"call": CALL, "how": TEXT.or_unknown()},
    "resumed": {"call": CALL, "held_ms": SPAN.or_unknown()},
    "flashed": {"call": CALL},
    "ended": {
        "call": CALL,
        "by": HANG_UP,
        "why": TEXT.or_unknown(),
        "talk_ms": SPAN.or_unknown(),
        "held_ms": SPAN.or_unknown(),
        "interruptions": SPAN.or_unknown(),
        **{name: SPAN.or_unknown() for name in VOICE_SPANS},
    },
    "vip_in": {"ticket": TICKET, "tier": whole(0, 2**15 - 1).or_unknown(), "limit_ms": SPAN.or_unknown()},
    "vip_served": {"ticket": TICKET.or_unknown(), "wait_ms": SPAN.or_unknown()},
    "vip_left": {"ticket": TICKET.or_unknown(), "wait_ms": SPAN.or_unknown()},
    "service": {"began": FLAG},
    "rated": {"score": whole(1, HIGHEST_SCORE), "call": CALL.or_unknown()},
    "outcome": {"resolved": FLAG, "call": CALL.or_unknown()},
    "dropped": {"n": whole(1, 2**63 - 1), "of_boot": CALL.or_unknown()},
}
"""What each known kind must say. `level`, `checked` and `fault` are shown as they are: nothing computes with them."""

RULES = {kind: ENVELOPE_RULES | fields for kind, fields in KINDS.items()}


def fact_of(wire: Mapping[str, Any]) -> Fact:
    """Return the fact in a decoded message of the wire.

    Raises:
        FactError: A field of a known kind is missing or of the wrong type; the caller puts it into quarantine.
    """
    kind = wire["kind"]
    for name, rule in RULES.get(kind, ENVELOPE_RULES).items():
        value = wire.get(name)
        if value is None and rule.may_be_unknown:
            continue
        if not rule.fits(value):
            raise FactError(f"fact `{kind}` with {name} {value!r:.60}: it should be {rule.words}")
    data = {name: value for name, value in wire.items() if name not in ENVELOPE}
    return Fact(wire["branch"], wire["unit"], wire["boot"], wire["seq"], wire["up_ms"], kind, data)


def wire_of(fact: Fact) -> dict[str, object]:
    """Return the fact as the wire's dict: the inverse of `fact_of`."""
    envelope = {"v": 1, "branch": fact.branch, "unit": fact.unit, "boot": fact.boot, "seq": fact.seq}
    return envelope | {"up_ms": fact.up_ms, "kind": fact.kind} | dict(fact.data)
