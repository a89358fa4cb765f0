"""A sheet of paper in SVG, measured in millimetres."""

from collections.abc import Iterator
from html import escape

FONTS = "'Noto Sans CJK SC','WenQuanYi Micro Hei','Microsoft YaHei','PingFang SC','DejaVu Sans',sans-serif"
A4_LANDSCAPE = (297.0, 210.0)
_FIRST_CJK = 0x2E80
INK, QUIET, LINE_SIDE, PAPER = "#111111", "#666666", "#b3261e", "#ffffff"


class Sheet:
    """An SVG page of `width` × `height` millimetres; (0, 0) is the upper left corner."""

    def __init__(self, width: float, height: float, title: str) -> None:
        self.width, self.height, self.title = width, height, title
        self._body: list[str] = []

    def add(self, markup: str) -> None:
        """Put finished SVG markup on the page."""
        self._body.append(markup)

    def line(self, *points: tuple[float, float], colour: str = INK, width: float = 0.35, dash: str = "") -> None:
        """A line through `points`."""
        path = " ".join(f"{x:g},{y:g}" for x, y in points)
        extra = f' stroke-dasharray="{dash}"' if dash else ""
        self.add(
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width:g}"{extra} '
            'stroke-linejoin="round" stroke-linecap="round"/>'
        )

    def box(
        self, x: float, y: float, width: float, height: float, *, fill: str = "none", colour: str = INK,
        stroke: float = 0.35, radius: float = 0, dash: str = "",
    ) -> None:  # fmt: skip
        """A rectangle with its upper left corner at (x, y)."""
        extra = f' stroke-dasharray="{dash}"' if dash else ""
        self.add(
            f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{radius:g}" fill="{fill}" '
            f'stroke="{colour}" stroke-width="{stroke:g}"{extra}/>'
        )

    def disc(
        self, x: float, y: float, radius: float, *, fill: str = "none", colour: str = INK, stroke: float = 0.35
    ) -> None:
        """A circle around (x, y)."""
        self.add(
            f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="{fill}" stroke="{colour}" stroke-width="{stroke:g}"/>'
        )

    def text(
        self, x: float, y: float, words: str, *, size: float = 3.2, colour: str = INK, anchor: str = "start",
        bold: bool = False,
    ) -> None:  # fmt: skip
        """Words with their baseline at y; `size` is the height of the type in millimetres."""
        weight = ' font-weight="bold"' if bold else ""
        self.add(
            f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" fill="{colour}" text-anchor="{anchor}"{weight}>'
            f"{escape(words, quote=False)}</text>"
        )

    def slanted(self, x: float, y: float, words: str, *, size: float = 3.2, colour: str = INK) -> None:
        """Words that run downwards to the right, for labels that stand close together."""
        self.add(
            f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" fill="{colour}" transform="rotate(52 {x:g} {y:g})">'
            f"{escape(words, quote=False)}</text>"
        )

    def paragraph(
        self, x: float, y: float, lines: list[str], *, size: float = 3.2, colour: str = INK, bold: bool = False
    ) -> float:
        """Lines of text one below the other; returns the baseline of the next one."""
        for words in lines:
            self.text(x, y, words, size=size, colour=colour, bold=bold)
            y += size * 1.45
        return y

    def inlay(self, markup: str, x: float, y: float, width: float, height: float, view: tuple[float, ...]) -> None:
        """A drawing of its own, scaled into a rectangle; `view` is its viewBox."""
        box = " ".join(f"{number:g}" for number in view)
        self.add(f'<svg x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" viewBox="{box}">{markup}</svg>')

    def svg(self) -> str:
        """The whole file."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width:g}mm" height="{self.height:g}mm" '
            f'viewBox="0 0 {self.width:g} {self.height:g}" font-family="{FONTS}">\n'
            f"<title>{escape(self.title, quote=False)}</title>\n"
            f'<rect width="{self.width:g}" height="{self.height:g}" fill="{PAPER}"/>\n'
            + "\n".join(self._body)
            + "\n</svg>\n"
        )


def framed(title: str, subtitle: str, sheet: str, note: str) -> Sheet:
    """An empty A4 sheet, landscape, with a border, a heading, and a line at the foot."""
    width, height = A4_LANDSCAPE
    page = Sheet(width, height, f"{title} – {subtitle}")
    page.box(8, 8, width - 16, height - 16, stroke=0.5)
    page.text(13, 18, title, size=6, bold=True)
    page.text(width - 13, 18, sheet, size=4, anchor="end", colour=QUIET)
    page.text(13, 25, subtitle, size=3.8, colour=QUIET)
    page.line((8, height - 17), (width - 8, height - 17), width=0.25)
    page.text(13, height - 11.2, note, size=3, colour=QUIET)
    return page


def wrapped(words: str, width: float, size: float) -> list[str]:
    """`words` in lines of at most `width` millimetres; a Latin letter is half as wide as its type is high."""
    lines, line, used = [], "", 0.0
    for piece in _pieces(words):
        needed = size * sum(1 if ord(letter) > _FIRST_CJK else 0.5 for letter in piece)
        if line and used + needed > width:
            lines.append(line.rstrip())
            line, used = "", 0.0
        line, used = line + piece, used + needed
    return [*lines, line]


def _pieces(words: str) -> Iterator[str]:
    """Where a line may break: after a space, and after any Chinese character but before no punctuation."""
    piece = ""
    for letter, following in zip(words, words[1:] + " ", strict=True):
        piece += letter
        chinese = ord(letter) > _FIRST_CJK or ord(following) > _FIRST_CJK
        if letter == " " or (chinese and following not in "，。；：！？）、"):
            yield piece
            piece = ""
    if piece:
        yield piece
