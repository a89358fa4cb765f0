"""Praise comes first: what some desks did right in all of their calls."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from thirdring_gateway.domain.kpis import KPIS
from thirdring_gateway.web import words
from thirdring_gateway.web.numbers import Material
from thirdring_gateway.web.series import counted

PRAISED = ("timely_answer", "reach", "caller_hung_up_first")
PRAISE_FROM = 5
"""Fewer calls than this are no achievement yet."""


class Praise(NamedTuple):
    """Something that some desks did right in all of their calls: what, and each desk with its number of calls."""

    what: str
    desks: list[tuple[str, int]]


def praise(material: Material, titles: Mapping[str, str]) -> list[Praise]:
    """Return what some desks did right in all of their calls, the desks with most calls first."""
    found = []
    for kpi in KPIS:
        if kpi.key in PRAISED:
            desks = sorted(flawless(kpi.key, material), key=lambda each: (-each[1], each[0]))
            found.append(Praise(words.about(kpi).title, [(titles.get(unit, unit), n) for unit, n in desks]))
    return [each for each in found if each.desks]


def flawless(key: str, material: Material) -> Iterator[tuple[str, int]]:
    """Yield the desks all of whose calls count in the rate `key`, with the number of calls."""
    for unit, scope in material.desks.items():
        k, n = (int(flags.sum()) for flags in counted(key, scope))
        if k == n >= PRAISE_FROM:
            yield unit, n
