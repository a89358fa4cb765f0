"""Rates over time and over desks, with exact binomial limits (p-chart, funnel plot), and by hour and weekday."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.utils.safestring import SafeString

from thirdring_gateway.domain.stats import binomial_limits
from thirdring_gateway.web.charts.svg import Scale, hint, path, percent_axis, picture, tag, text

TAIL = 0.001
"""Beyond the limits lies one day (or desk) in a thousand on either side, when nothing but chance is at work."""
FEW = 10
"""With fewer calls a share says little: it is hatched."""
WIDTH, HEIGHT = 760, 300
LEFT, RIGHT, TOP, BOTTOM = 56, 748, 16, 262
PALE, DEEP, LIGHT_ENOUGH = 92, 24, 55
"""Lightness of the heat map in per cent; above the last one dark figures are legible."""
NARROW = 22
HATCH = (
    '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="6" height="6" fill="#eef1ef"/><path d="M0 0v6" stroke="#aab4b0" stroke-width="2"/></pattern></defs>'
)


class Point(NamedTuple):
    """A share `k` of `n` under a short label, with the words for the pointer."""

    label: str
    k: int
    n: int
    words: str


def p_chart(points: Sequence[Point], target_percent: int | None, name: str) -> SafeString:
    """Return the share of each day against what chance allows around the whole period's share."""
    k, n = sum(point.k for point in points), sum(point.n for point in points)
    share = k / n if n else 0.0
    limits = [limits_of(point.n, share) for point in points]
    y = share_scale([point.k / point.n for point in points if point.n], [low for low, _ in limits], target_percent)
    x = Scale(0, max(len(points) - 1, 1), LEFT + 16, RIGHT - 16)
    parts = [*percent_axis(y, LEFT, RIGHT), *target_line(y, target_percent)]
    counted = [i for i, point in enumerate(points) if point.n]
    parts += [path([(x(i), y(limits[i][side])) for i in counted], "limit") for side in (0, 1)]
    parts.append(tag("line", x1=LEFT, x2=RIGHT, y1=y(share), y2=y(share), class_="limit"))
    parts.append(path([(x(i), y(points[i].k / points[i].n)) for i in counted], "line"))
    every = -(-len(points) // 12)
    for i, point in enumerate(points):
        if i % every == 0:
            parts.append(text(x(i), BOTTOM + 22, point.label, text_anchor="middle"))
        if point.n:
            parts.append(dot(x(i), y(point.k / point.n), point, limits[i]))
    return picture(WIDTH, HEIGHT, name, parts)


def funnel(points: Sequence[Point], target_percent: int | None, across: str, name: str) -> SafeString:
    """Return the share of each desk over its number of calls, inside the limits that chance allows."""
    counted = [point for point in points if point.n]
    k, n = sum(point.k for point in counted), sum(point.n for point in counted)
    share = k / n if n else 0.0
    most = max((point.n for point in counted), default=1)
    steps = sorted({max(1, most * i // 60) for i in range(1, 64)})
    limits = [limits_of(step, share) for step in steps]
    y = share_scale([point.k / point.n for point in counted], [], target_percent)
    x = Scale(0, steps[-1], LEFT, RIGHT - 10)
    parts = [*percent_axis(y, LEFT, RIGHT), *target_line(y, target_percent)]
    for side in (0, 1):
        line = [(x(n), y(min(max(limit[side], y.low), 1))) for n, limit in zip(steps, limits, strict=True)]
        parts.append(path(line, "limit"))
    parts.append(tag("line", x1=LEFT, x2=RIGHT, y1=y(share), y2=y(share), class_="limit"))
    for point in counted:
        low_high = limits_of(point.n, share)
        parts.append(dot(x(point.n), y(point.k / point.n), point, low_high))
        if not low_high[0] <= point.k / point.n <= low_high[1]:
            parts.append(
                text(x(point.n) - 9, y(point.k / point.n) + 4, point.label, text_anchor="end", class_="strong")
            )
    parts += [text(x(step), BOTTOM + 20, step, text_anchor="middle") for step in ticks(steps[-1])]
    parts.append(text(RIGHT, BOTTOM + 36, across, text_anchor="end"))
    return picture(WIDTH, HEIGHT, name, parts)


def heat_map(
    cells: Mapping[tuple[int, int], tuple[int, int]], hours: Sequence[int], days: Sequence[str], name: str
) -> SafeString:
    """Return shares by `(weekday, hour)`: the deeper the colour, the better; hatched where there were few calls."""
    left, top, side_x, side_y = 56, 8, 692 / max(len(hours), 1), 30
    parts = [HATCH]
    for row, day in enumerate(days):
        parts.append(text(left - 8, top + row * side_y + 20, day, text_anchor="end"))
        for column, hour in enumerate(hours):
            k, n = cells.get((row, hour), (0, 0))
            if n:
                parts.append(cell(left + column * side_x, top + row * side_y, side_x - 2, k, n))
    bottom = top + len(days) * side_y
    for column, hour in enumerate(hours):
        parts.append(text(left + (column + 0.5) * side_x, bottom + 16, f"{hour:02}", text_anchor="middle"))
    return picture(WIDTH, bottom + 26, name, parts)


def cell(x: float, y: float, width: float, k: int, n: int) -> str:
    """Return one square of the heat map, its share written on it."""
    few, share = n < FEW, k / n
    # from pale at a share of one half to deep at one, so that what matters is told apart
    lightness = round(PALE - (PALE - DEEP) * max(0.0, min(1.0, (share - 0.5) * 2)))
    fill = "url(#hatch)" if few else f"hsl(189 70% {lightness}%)"
    ink = "ink" if few or lightness > LIGHT_ENOUGH else "on"
    words = text(x + width / 2, y + 19, f"{share * 100:.0f}", text_anchor="middle", class_=ink)
    square = tag("rect", x=x, y=y, width=width, height=28, rx=4, fill=fill)
    return tag("g", square + (words if width > NARROW else "") + hint(f"{k}/{n}"))


def limits_of(n: int, share: float) -> tuple[float, float]:
    """Return the lowest and the highest share that chance allows among `n`."""
    if not n:
        return share, share
    low, high = binomial_limits(n, share, TAIL)
    return low / n, high / n


def share_scale(shares: Sequence[float], others: Sequence[float], target_percent: int | None) -> Scale:
    """Return a scale that ends at 100 % and begins at a round number below everything that is to be seen."""
    lowest = min([*shares, *others, (target_percent or 100) / 100], default=0.0)
    return Scale(max(0.0, int(lowest * 10 - 0.5) / 10), 1.0, BOTTOM, TOP)


def target_line(y: Scale, target_percent: int | None) -> list[str]:
    """Return the line of the target, when there is one."""
    if target_percent is None:
        return []
    height = y(target_percent / 100)
    return [tag("line", x1=LEFT, x2=RIGHT, y1=height, y2=height, class_="target")]


def dot(x: float, y: float, point: Point, limits: tuple[float, float]) -> str:
    """Return a point: red and larger beyond the limits, hollow with few calls."""
    out = not limits[0] <= point.k / point.n <= limits[1]
    kind = "dot out" if out else "dot thin" if point.n < FEW else "dot"
    return tag("circle", hint(point.words), cx=x, cy=y, r=6 if out else 4, class_=kind)


def ticks(most: int) -> list[int]:
    """Return at most six round numbers up to `most`."""
    size = 10 ** max(0, len(str(most)) - 1)
    step = next((size * part // 10 for part in (1, 2, 5, 10, 20) if most * 10 <= 6 * size * part), size)
    return list(range(max(step, 1), most + 1, max(step, 1)))
