"""What a KPI is: a function with its definition in two languages beside it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, get_type_hints

from thirdring_gateway.domain.figures import Figure, Rate
from thirdring_gateway.domain.scope import Scope


class Words(NamedTuple):
    """A KPI in the words of one language."""

    title: str
    formula: str
    edges: str


@dataclass(frozen=True, slots=True)
class Kpi:
    """A KPI: its key, the rules it serves, its definition in English and Chinese, and its function."""

    key: str
    rules: tuple[str, ...]
    en: Words
    zh: Words
    compute: Callable[[Scope], Figure]

    @property
    def is_rate(self) -> bool:
        """Whether it is a rate, which may have a target, and not a spread of durations."""
        return get_type_hints(self.compute)["return"] is Rate


def kpi(*rules: str, en: Words, zh: Words) -> Callable[[Callable[[Scope], Figure]], Kpi]:
    """Give a function its definition; the KPI's key is the function's name."""

    def define(compute: Callable[[Scope], Figure]) -> Kpi:
        return Kpi(compute.__name__, rules, en, zh, compute)

    return define
