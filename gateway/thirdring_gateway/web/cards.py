"""An indicator as a page shows it: its value in words, the calls behind it, its target and how it has changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from thirdring_gateway.domain.figures import Figure, Rate, Spread
from thirdring_gateway.domain.kpis import Kpi
from thirdring_gateway.domain.settings import BranchSettings
from thirdring_gateway.web import words
from thirdring_gateway.web.selections import BEHIND, CALLS

LESS_IS_BETTER = frozenset({"hold_over_limit", "vip_over_limit"})
GOOD, NEAR, OVER, OFF = "good", "near", "over", "off"


@dataclass(frozen=True)
class Card:
    """What a template shows of one indicator."""

    key: str
    title: str
    rules: str
    value: str
    detail: str
    interval: str
    state: str
    state_words: str
    target: str
    change: str
    change_icon: str
    beside: tuple[tuple[str, str, str], ...]  # words, number, address of the calls
    k_link: str
    n_link: str
    k: int | None = None
    n: int | None = None


def card(kpi: Kpi, figure: Figure, before: Figure | None, branch: BranchSettings, query: str) -> Card:
    """Return the card of an indicator; `query` is the period and the desks as part of an address."""
    state, state_words, target = judged(kpi.key, figure, branch)
    icon, change = changed(figure, before)
    shown: dict[str, Any] = links(kpi.key, query)
    shown |= rate_parts(figure) if isinstance(figure, Rate) else spread_parts(figure)
    return Card(
        key=kpi.key,
        title=words.about(kpi).title,
        rules=" ".join(kpi.rules),
        state=state,
        state_words=state_words,
        target=target,
        change=change,
        change_icon=icon,
        beside=beside(figure, query),
        **shown,
    )


def rate_parts(rate: Rate) -> dict[str, Any]:
    """Return the value, k of n and the interval of a rate."""
    numbers = rate.as_dict()
    share, low, high = (numbers[name] for name in ("rate", "low", "high"))
    interval = ""
    if isinstance(low, float) and isinstance(high, float):
        interval = _("95%% interval %(low)s to %(high)s") % {"low": words.percent(low), "high": words.percent(high)}
    value = words.percent(share if isinstance(share, float) else None)
    return {"value": value, "detail": "", "interval": interval, "k": rate.k, "n": rate.n}


def spread_parts(spread: Spread) -> dict[str, Any]:
    """Return the median of a spread, and the other measures beside it."""
    numbers = spread.as_dict()
    mean, median, most, longest = (number(numbers[name]) for name in ("mean_ms", "median_ms", "p90_ms", "max_ms"))
    detail = ""
    if median is not None:
        detail = _("mean %(mean)s, 9 of 10 within %(p90)s, longest %(max)s") % {
            "mean": words.duration(mean),
            "p90": words.duration(most),
            "max": words.duration(longest),
        }
    count = number(numbers["count"])
    return {"value": words.duration(median), "detail": detail, "interval": "", "n": count}


def number(value: object) -> int | None:
    """Return a whole number as such, None for anything else."""
    return value if isinstance(value, int) else None


def judged(key: str, figure: Figure, branch: BranchSettings) -> tuple[str, str, str]:
    """Return the state against the target, in a word for the style and one for the reader, and the target.

    A miss whose interval still reaches the target may be chance: that is a warning and not a verdict.
    """
    target = branch.targets_percent.get(key)
    if target is None or not isinstance(figure, Rate) or not figure.n:
        return OFF, "", ""
    less = key in LESS_IS_BETTER
    goal = (_("target at most %(n)d%%") if less else _("target at least %(n)d%%")) % {"n": target}
    meets = figure.k * 100 <= target * figure.n if less else figure.meets(target)
    if meets:
        return GOOD, _("On target"), goal
    numbers = figure.as_dict()
    edge = numbers["low" if less else "high"]
    reaches = isinstance(edge, float) and (edge * 100 <= target if less else edge * 100 >= target)
    return (NEAR, _("Off target, may be chance"), goal) if reaches else (OVER, _("Off target"), goal)


def changed(figure: Figure, before: Figure | None) -> tuple[str, str]:
    """Return an icon and words for the change against the period before, empty without anything to compare."""
    if isinstance(figure, Rate) and isinstance(before, Rate) and figure.n and before.n:
        points = round(figure.k / figure.n * 100, 1) - round(before.k / before.n * 100, 1)
        return arrow(points), _("%(n)s points since the period before") % {"n": f"{points:+.1f}"}
    if isinstance(figure, Spread) and isinstance(before, Spread) and len(figure.values_ms) and len(before.values_ms):
        new, old = (number(each.as_dict()["median_ms"]) or 0 for each in (figure, before))
        sign = "+" if new >= old else "-"
        return arrow(new - old), _("%(n)s since the period before") % {"n": sign + words.duration(abs(new - old))}
    return "", ""


def arrow(difference: float) -> str:
    """Return the icon of a change."""
    return "up" if difference > 0 else "down" if difference < 0 else "same"


def links(key: str, query: str) -> dict[str, str]:
    """Return the addresses of the calls in `k` and of all calls in `n`, empty where there is no list."""
    behind = BEHIND.get(key)
    if behind is None:
        return {"k_link": "", "n_link": ""}
    k, n = (f"{each.address}&{query}" if each else "" for each in behind)
    return {"k_link": k, "n_link": n}


def beside(figure: Figure, query: str) -> tuple[tuple[str, str, str], ...]:
    """Return what could not be counted, with the calls behind it where they can be listed."""
    rows = []
    for name, title in beside_titles().items():
        count = figure.beside.get(name)
        if count:
            selection = name.replace("_", "-")
            rows.append((title, words.whole(count), f"/calls?which={selection}&{query}" if selection in CALLS else ""))
    return tuple(rows)


def beside_words(figure: Mapping[str, Any]) -> str:
    """Return what could not be counted, of an indicator in a report, in words."""
    counts = ((title, figure.get(name)) for name, title in beside_titles().items())
    return ", ".join(f"{words.whole(count)} {title}" for title, count in counts if count)


def beside_titles() -> dict[str, str]:
    """Return what can stand beside a number, by the name that the indicators give it."""
    return {
        "unclassified": _("rings not known"),
        "short": _("missed after a short ring"),
        "out_of_hours": _("out of hours"),
        "unknown": _("not known"),
        "unrecorded": _("without an outcome"),
        "left": _("left"),
        "waiting": _("still waiting"),
        "segments": _("holds"),
    }
