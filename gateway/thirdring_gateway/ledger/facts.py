"""Facts read back from the ledger, by what they tell of."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet

from django.db.models import QuerySet

from thirdring_gateway.domain.calls import VISIT_KINDS, Subject, subject_of
from thirdring_gateway.domain.facts import Fact, FactError, fact_of
from thirdring_gateway.ledger import tables

NAMES_MAX = 5_000  # in one query; SQLite takes 32766


def understood(bodies: Iterable[str]) -> Iterator[Fact]:
    """Yield the facts in `bodies`; those that say nonsense were quarantined when they came, and are left out."""
    for body in bodies:
        try:
            yield fact_of(json.loads(body))
        except FactError:
            continue


def facts_of(unit_id: int, subjects: AbstractSet[Subject]) -> Iterator[Fact]:
    """Yield all facts that tell of one of `subjects`, and no others."""
    names: dict[tuple[str, int], list[str]] = defaultdict(list)
    for subject in subjects:
        names[_column(subject), subject.boot].append(subject.name)
    for (column, boot), of_boot in names.items():
        for first in range(0, len(of_boot), NAMES_MAX):
            found = _find(unit_id, column, boot, of_boot[first : first + NAMES_MAX])
            for fact in understood(found.values_list("body", flat=True)):
                if subject_of(fact) in subjects:
                    yield fact


def subjects_since(unit_id: int, boot: int, up_ms: int) -> set[Subject]:
    """Return what was told of from `up_ms` of a boot on."""
    found = tables.Fact.objects.filter(boot__unit_id=unit_id, boot__number=boot, up_ms__gte=up_ms)
    facts = understood(found.values_list("body", flat=True))
    return {subject for fact in facts if (subject := subject_of(fact))}


def _column(subject: Subject) -> str:
    return {"visit": "visit", "mark": "seq"}.get(subject.what, "about")


def _find(unit_id: int, column: str, boot: int, names: list[str]) -> QuerySet[tables.Fact]:
    of_unit = tables.Fact.objects.filter(boot__unit_id=unit_id)
    if column == "visit":
        return of_unit.filter(kind__in=VISIT_KINDS, about__in=names)
    of_boot = of_unit.filter(boot__number=boot)
    return of_boot.filter(seq__in=map(int, names)) if column == "seq" else of_boot.filter(about__in=names)
