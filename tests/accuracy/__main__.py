"""Measures the ears on recordings they were not tuned on: `make accuracy` prints and writes docs/accuracy.md."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from time import monotonic

from tests.accuracy import calls, cost, false_tones, rings, talks, voices
from tests.accuracy.corpus import FOLDER, ROOT, chosen, clips
from tests.accuracy.report import HEAD, Row

PAGE = ROOT / "docs" / "accuracy.md"
OTHER_PAGE = ROOT / "build" / "accuracy.md"  # of other recordings than those that the notes speak of
NOTES = ROOT / "tests" / "accuracy" / "notes.md"
NEEDED = ("speech", "music", "noise", "ringtone")
Part = Callable[[], Iterator[Row]]
PARTS: tuple[Part, ...] = (
    voices.measure,
    rings.measure,
    calls.holds,
    talks.measure,
    calls.hang_ups,
    false_tones.measure,
)
ALONE: tuple[Part, ...] = (cost.measure,)  # what other work on the machine would falsify


def main() -> int:
    """Runs all parts; the status is 2 when recordings are missing."""
    missing = [category for category in NEEDED if not chosen(category, tuning=False)]
    if missing:
        wanted = f"set THIRDRING_SOUND to a folder with a MANIFEST.tsv (it is {FOLDER})"
        print(f"accuracy: no recordings of {' and '.join(missing)}: {wanted}", file=sys.stderr)
        return 2
    lines = list(HEAD)
    print("\n".join(HEAD))
    with ProcessPoolExecutor() as workers:
        for rows in workers.map(_rows, PARTS):
            lines += rows
            print("\n".join(rows), flush=True)
    for part in ALONE:
        rows = _rows(part)
        lines += rows
        print("\n".join(rows))
    page = PAGE if (FOLDER / "MANIFEST.tsv").is_file() else OTHER_PAGE
    page.parent.mkdir(exist_ok=True)
    page.write_text(_page(lines), encoding="utf-8")
    print(f"accuracy: written to {page.relative_to(ROOT)}", file=sys.stderr)
    return 0


def _rows(part: Part) -> list[str]:
    """One part's lines of the table; says on stderr how far it has come."""
    name, begun, rows = part.__module__.rsplit(".", 1)[-1], monotonic(), []
    for row in part():
        rows.append(row.text())
        print(f"accuracy: {name}: {row.what}, {row.condition} ({monotonic() - begun:.0f} s)", file=sys.stderr)
    return rows


def _page(lines: list[str]) -> str:
    halves = Counter((clip.tuning, clip.category) for clip in clips())
    tuned, tested = (
        ", ".join(f"{count} of {category}" for (tuning, category), count in sorted(halves.items()) if tuning is half)
        for half in (True, False)
    )
    corpus = f"Recordings for tuning: {tuned}. For testing: {tested}. No origin is in both."
    return "\n".join([NOTES.read_text(encoding="utf-8").rstrip(), "", corpus, "", *lines, ""])


if __name__ == "__main__":
    sys.exit(main())
