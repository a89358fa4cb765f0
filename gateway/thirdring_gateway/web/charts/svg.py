"""The few pieces of SVG that all charts share."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

QUARTER = 0.25


@dataclass(frozen=True, slots=True)
class Scale:
    """From a value between `low` and `high` to a place between `start` and `end`."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return the place of a value."""
        span = self.high - self.low
        share = (value - self.low) / span if span else 0.5
        return self.start + share * (self.end - self.start)


def tag(name: str, content: str = "", **attributes: object) -> str:
    """Return one element; `class_` stands for class and `_` for a hyphen, `content` is already escaped."""
    written = "".join(f' {key.rstrip("_").replace("_", "-")}="{place(value)}"' for key, value in attributes.items())
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def place(value: object) -> str:
    """Return an attribute's value: numbers short, text escaped."""
    return f"{value:.1f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(escape(value))


def text(x: float, y: float, words: object, **attributes: object) -> str:
    """Return words at a place."""
    return tag("text", str(escape(words)), x=x, y=y, **attributes)


def hint(words: str) -> str:
    """Return the words that a mouse pointer shows."""
    return tag("title", str(escape(words)))


def picture(width: int, height: int, name: str, parts: Iterable[str]) -> SafeString:
    """Return the finished picture; `name` says in one sentence what is to be seen."""
    body = "".join(parts)
    box = f"0 0 {width} {height}"
    # every word in `parts` went through `escape`
    return mark_safe(  # noqa: S308
        tag("svg", body, xmlns="http://www.w3.org/2000/svg", class_="chart", viewBox=box, role="img", aria_label=name)
    )


def path(points: Iterable[tuple[float, float]], class_: str) -> str:
    """Return a line through the points."""
    steps = " ".join(f"{'L' if index else 'M'}{x:.1f} {y:.1f}" for index, (x, y) in enumerate(points))
    return tag("path", d=steps, class_=class_) if steps else ""


def percent_axis(scale: Scale, left: float, right: float) -> list[str]:
    """Return lines and words for 0 to 100 %, only where the scale reaches."""
    parts = []
    step = 10 if scale.high - scale.low > QUARTER else 5
    for percent in range(0, 101, step):
        if scale.low - 1e-9 <= percent / 100 <= scale.high + 1e-9:
            y = scale(percent / 100)
            parts.append(tag("line", x1=left, x2=right, y1=y, y2=y, class_="axis"))
            parts.append(text(left - 8, y + 4, f"{percent} %", text_anchor="end"))
    return parts
