"""The isolation barrier: nothing but a part made for it may join the telephone line to what people touch."""

from collections import defaultdict, deque
from collections.abc import Mapping

from thirdring_bench.circuit import Circuit, Part

ISOLATION_VRMS_MIN = 1500
CREEPAGE_MM_MIN = 6.4


def breaches(circuit: Circuit) -> list[str]:
    """What is wrong with the barrier, one line each; empty when it holds.

    Floods both sides from their nets through every conducting part. Copper that both floods reach is a breach and is
    reported with the parts on the way; a part that isolates must be rated for it.
    """
    reached = {side: _flood(circuit, nets) for side, nets in (("line", circuit.line_side), ("safe", circuit.safe_side))}
    found = []
    both = reached["line"].keys() & reached["safe"].keys()
    if both:
        meeting = min(both, key=lambda net: (len(reached["line"][net]) + len(reached["safe"][net]), net))
        way = [*reached["line"][meeting], *reversed(reached["safe"][meeting])]
        found.append(f"the line reaches the safe side through {' – '.join(dict.fromkeys(way)) or meeting}")
    lost = {net for part in circuit.parts for net in part.nets if net} - reached["line"].keys() - reached["safe"].keys()
    found += [f"net {net} belongs to neither side of the barrier" for net in sorted(lost)]
    return found + [fault for part in circuit.parts if part.kind.islands for fault in _weaknesses(part)]


def bridging_parts(circuit: Circuit) -> list[str]:
    """The parts that stand across the barrier, by reference."""
    return sorted(part.ref for part in circuit.parts if part.kind.islands)


def _weaknesses(part: Part) -> list[str]:
    volts, creepage_mm = part.item.limits.get("isolation_vrms", 0), part.item.limits.get("creepage_mm", 0)
    found = []
    if volts < ISOLATION_VRMS_MIN:
        found.append(f"{part.ref} isolates {volts} Vrms, {ISOLATION_VRMS_MIN} are needed")
    if creepage_mm < CREEPAGE_MM_MIN:
        found.append(f"{part.ref} has {creepage_mm} mm of creepage, {CREEPAGE_MM_MIN} are needed")
    return found


def _flood(circuit: Circuit, start: tuple[str, ...]) -> Mapping[str, list[str]]:
    """Every net that conducts to one of `start`, with the references of the parts on a shortest way to it."""
    at = defaultdict(list)
    for part in circuit.parts:
        for pin, net in enumerate(part.nets, start=1):
            if net:
                at[net].append((part, pin))
    ways: dict[str, list[str]] = {net: [] for net in start}
    queue = deque(start)
    while queue:
        net = queue.popleft()
        for part, pin in at[net]:
            for other in part.kind.connected(pin):
                beyond = part.nets[other - 1]
                if beyond and beyond not in ways:
                    ways[beyond] = [*ways[net], part.ref]
                    queue.append(beyond)
    return ways
