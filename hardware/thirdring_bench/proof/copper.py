"""From copper to KPI: calls on the simulated line, through the board and its edges, into the core that ships."""

from collections.abc import Iterator
from dataclasses import dataclass

from thirdring_unit.core.callstate import Line
from thirdring_unit.core.parsing import parse

from thirdring_bench.circuit import Circuit
from thirdring_bench.proof import outside
from thirdring_bench.proof.requirement import Measurement
from thirdring_bench.spice.corner import Corner
from thirdring_bench.spice.deck import deck
from thirdring_bench.spice.run import run
from thirdring_bench.spice.waves import edges_s

SETTLE_S = 0.15  # an exchange stops the ringing so long after the phone is lifted in a burst
UNIT_STARTED_MS = 60_000  # the unit has been up for a minute: it is no longer blind for the first ring
QUIET_MS = 30_000  # after the last edge, for everything that is still undecided

Fact = tuple[int, str, dict[str, object]]


@dataclass(frozen=True, slots=True)
class Call:
    """A call as the exchange makes it, in seconds: its bursts, and when the phone is lifted and hung up (or never)."""

    bursts: tuple[tuple[float, float], ...]
    rings: int
    lifted_s: float | None = None
    hung_up_s: float | None = None
    flash: tuple[float, float] | None = None


def _bursts(
    start_s: float, cycles: int, cycle_s: float, *pieces: tuple[float, float]
) -> tuple[tuple[float, float], ...]:
    return tuple(
        (start_s + cycle * cycle_s + start, start_s + cycle * cycle_s + end)
        for cycle in range(cycles)
        for start, end in pieces
    )


CHINA = (
    Call(_bursts(1.0, 2, 5.0, (0, 1)), 2, lifted_s=8.4, hung_up_s=12.0, flash=(10.0, 10.1)),
    Call((*_bursts(14.0, 2, 5.0, (0, 1)), (24.0, 24.6 + SETTLE_S)), 3, lifted_s=24.6, hung_up_s=27.0),
    Call(_bursts(30.0, 2, 5.0, (0, 1)), 2),
)
BRITAIN = (
    Call(_bursts(1.0, 3, 3.0, (0, 0.4), (0.6, 1.0)), 3, lifted_s=8.9, hung_up_s=12.0),
    Call(_bursts(15.0, 2, 3.0, (0, 0.4), (0.6, 1.0)), 2),
)
JAPAN = (
    Call(_bursts(1.0, 3, 3.0, (0, 1)), 3, lifted_s=9.0, hung_up_s=12.0),
    Call(_bursts(15.0, 2, 3.0, (0, 1)), 2),
)
LINES = (
    ("CN", CHINA, 90, 25),
    ("GB", BRITAIN, 75, 25),
    ("JP", JAPAN, 65, 15),
)
"""Country, calls, volt and hertz of its ringing."""


def edges_of(
    circuit: Circuit, corner: Corner, calls: tuple[Call, ...], vrms: float, hertz: float
) -> list[tuple[int, str, bool]]:
    """The edges of RING and LOOP that the board makes of `calls`: (milliseconds, input, active)."""
    end_s = max(call.hung_up_s or call.bursts[-1][1] for call in calls) + 2
    bursts = [burst for call in calls for burst in call.bursts]
    around = (*outside.ringing(vrms, hertz, bursts, feed_ohm=600), *outside.phone(_off_hook(calls)))
    analysis = (".save v(ring) v(loop)", f".tran 1m {end_s:g} 0 1m")
    waves = run(deck(circuit, corner, around, analysis))
    edges = [
        (round(1000 * at), name, active) for name in ("ring", "loop") for at, active in edges_s(waves, f"v({name})")
    ]
    return sorted(edges)


def _off_hook(calls: tuple[Call, ...]) -> list[tuple[float, float]]:
    closed = []
    for call in calls:
        if call.lifted_s is None or call.hung_up_s is None:
            continue
        opened, again = call.flash or (call.hung_up_s, call.hung_up_s)
        closed.append((call.lifted_s, opened))
        if call.flash:
            closed.append((again, call.hung_up_s))
    return closed


def facts_of(edges: list[tuple[int, str, bool]], country: str) -> list[Fact]:
    """What the core makes of `edges`, with the times of the simulation."""
    line = Line(parse({"unit": {"branch": "bench", "id": "proof"}, "line": {"country": country}}))
    line.start(0, [])
    facts: list[Fact] = []
    for at_ms, name, active in edges:
        facts += line.edge(UNIT_STARTED_MS + at_ms, name, active)
    facts += line.tick(UNIT_STARTED_MS + edges[-1][0] + QUIET_MS if edges else UNIT_STARTED_MS)
    return [(at_ms - UNIT_STARTED_MS, kind, fields) for at_ms, kind, fields in facts]


def wrong_counts(facts: list[Fact], calls: tuple[Call, ...]) -> int:
    """How many calls the core did not count, counted wrongly, or took for something else."""
    told = [(kind, fields["rings"]) for _, kind, fields in facts if kind in {"answered", "missed"}]
    true = [("missed" if call.lifted_s is None else "answered", call.rings) for call in calls]
    strangers = sum(kind == "dialled" for _, kind, _ in facts)
    return sum(one != other for one, other in zip(told, true, strict=False)) + abs(len(told) - len(true)) + strangers


def hook_errors_ms(facts: list[Fact], calls: tuple[Call, ...]) -> tuple[float, float]:
    """The worst error of the core's answer and hang-up times: those in quiet, and answers in the midst of a burst.

    While the bell rings its current and the handset's share one wire; the core can only say that the answer came
    within the burst. A missing or surplus answer or hang-up is an infinite error.
    """
    told = [at_ms for at_ms, kind, _ in facts if kind in {"answered", "ended"}]
    true = [(at_s, call) for call in calls for at_s in (call.lifted_s, call.hung_up_s) if at_s is not None]
    if len(told) != len(true):
        return float("inf"), float("inf")
    quiet, ringing = [0.0], [0.0]
    for at_ms, (at_s, call) in zip(told, true, strict=True):
        in_burst = any(start <= at_s <= end for start, end in call.bursts)
        (ringing if in_burst else quiet).append(abs(at_ms - 1000 * at_s))
    return max(quiet), max(ringing)


def copper_to_core(circuit: Circuit, corner: Corner) -> Iterator[Measurement]:
    """Ring counts are right and hook times true after the whole way through line, board and core."""
    for country, calls, vrms, hertz in LINES:
        facts = facts_of(edges_of(circuit, corner, calls, vrms, hertz), country)
        stimulus = f"{country} {vrms} V {hertz} Hz"
        quiet_ms, ringing_ms = hook_errors_ms(facts, calls)
        yield Measurement("CORE-RINGS", corner.name, stimulus, wrong_counts(facts, calls))
        yield Measurement("CORE-HOOK", corner.name, stimulus, quiet_ms)
        yield Measurement("CORE-TRIP", corner.name, stimulus, ringing_ms)
