"""One call of the story as physics: when the bell sounds, the handset moves, who speaks, and what the line carries."""

from dataclasses import dataclass
from itertools import pairwise
from random import Random

from thirdring_unit.sim.exchange import Exchange
from thirdring_unit.sim.story import Call, Hold

Span = tuple[int, int]  # from, to: milliseconds since the scenario starts

BUSY_CYCLES_HEARD = 4  # a staff member listens to the busy tone for some cycles before hanging up
ALONE_ON_LINE_MS = 3_000  # without a tone, a staff member soon notices that the caller has gone
SENSED_MS = 60  # ringing that is cut off sooner reaches no sensor
AFTER_CALL_MS = 3_000  # a line needs some rest between two calls
_DIALLING_MS = 2_000
_TURN_MS = (1_500, 4_000)
_PAUSE_MS = (300, 700)


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody speaks: "agent" or "line" (the caller)."""

    who: str
    span: Span


@dataclass(frozen=True, slots=True)
class Course:
    """The whole course of one call.

    `lifted` is the handset's, `cleared` lasts from the caller's hanging up to the agent's; at `over_ms` the line is
    at rest again.
    """

    call: Call
    bursts: tuple[Span, ...]
    lifted: Span | None
    flashes_ms: tuple[int, ...]
    holds: tuple[tuple[Hold, Span], ...]
    turns: tuple[Turn, ...]
    dialling: Span | None
    cleared: Span | None
    over_ms: int


def course(call: Call, line: Exchange, far_end: str, chance: Random) -> Course:
    """Work out the course of a call on a line; `chance` only decides how the two take turns in speaking."""
    rings_ms = tuple(call.at_ms + number * line.ring_cycle_ms for number in range(call.rings))
    bursts = [burst for ring_ms in rings_ms for burst in line.bursts(ring_ms)]
    if call.kind == "missed":
        over_ms = rings_ms[-1] + 2 * line.ring_cycle_ms + AFTER_CALL_MS
        return Course(call, tuple(bursts), None, (), (), (), None, None, over_ms)
    lifted_ms = rings_ms[-1] + call.after_ring_ms if rings_ms else call.at_ms
    bursts = [(start, min(end, lifted_ms)) for start, end in bursts if start + SENSED_MS <= lifted_ms]
    dialling = None if rings_ms else (lifted_ms, lifted_ms + _DIALLING_MS)
    talks, holds, ended_ms = _talk_and_holds(call, lifted_ms + (_DIALLING_MS if dialling else 0))
    flashes_ms = [moment_ms for hold, span in holds if hold.how == "flash" for moment_ms in span]
    cleared = None
    if call.transfer_ms is not None:
        flashes_ms.append(ended_ms)
        ended_ms += call.transfer_ms
    elif call.hangup == "caller":
        cleared = (ended_ms, ended_ms + _listens_ms(line, far_end))
        ended_ms = cleared[1]
    return Course(
        call=call,
        bursts=tuple(bursts),
        lifted=(lifted_ms, ended_ms),
        flashes_ms=tuple(flashes_ms),
        holds=holds,
        turns=tuple(turn for index, talk in enumerate(talks) for turn in _turns(talk, call, index, chance)),
        dialling=dialling,
        cleared=cleared,
        over_ms=ended_ms + AFTER_CALL_MS,
    )


def _listens_ms(line: Exchange, far_end: str) -> int:
    """Give the time for which the agent still listens after the caller has gone."""
    return BUSY_CYCLES_HEARD * line.busy.cycle_ms + line.busy.on_off_ms[0] if far_end == "tone" else ALONE_ON_LINE_MS


def _talk_and_holds(call: Call, from_ms: int) -> tuple[list[Span], tuple[tuple[Hold, Span], ...], int]:
    """Lay talk and holds one behind the other; returns the talks, the holds, and the end of all."""
    share_ms = call.talk_ms // (len(call.holds) + 1)
    after_ms = [
        share_ms * place if hold.after_ms is None else hold.after_ms for place, hold in enumerate(call.holds, 1)
    ]
    talks, holds, now_ms = [], [], from_ms
    for (talked_ms, until_ms), hold in zip(pairwise([0, *after_ms]), call.holds, strict=True):
        talks.append((now_ms, now_ms + until_ms - talked_ms))
        now_ms = talks[-1][1] + hold.for_ms
        holds.append((hold, (talks[-1][1], now_ms)))
    talks.append((now_ms, now_ms + call.talk_ms - max([0, *after_ms])))
    return talks, tuple(holds), talks[-1][1]


def _turns(talk: Span, call: Call, index: int, chance: Random) -> list[Turn]:
    """Fill a stretch of talk with turns, the agent's first; the last one ends with the talk."""
    now_ms, end_ms = talk
    if index == 0:
        now_ms += call.greeting_ms
    turns, who = [], "agent"
    while now_ms < end_ms:
        stop_ms = now_ms + chance.randint(*_TURN_MS)
        if end_ms - stop_ms < _TURN_MS[0]:
            stop_ms = end_ms
        turns.append(Turn(who, (now_ms, stop_ms)))
        now_ms = stop_ms + chance.randint(*_PAUSE_MS)
        who = "line" if who == "agent" else "agent"
    return turns
