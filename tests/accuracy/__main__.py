"""Measures the ears on recordings they were not tuned on: `make accuracy` prints and writes docs/accuracy.md."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator

from tests.accuracy import calls, cost, rings, voices
from tests.accuracy.corpus import FOLDER, ROOT, chosen, clips
from tests.accuracy.report import HEAD, Row

PAGE = ROOT / "docs" / "accuracy.md"
NOTES = ROOT / "tests" / "accuracy" / "notes.md"
NEEDED = ("speech", "music", "noise")
PARTS: tuple[Callable[[], Iterator[Row]], ...] = (
    voices.measure,
    calls.holds,
    calls.hang_ups,
    rings.measure,
    cost.measure,
)


def main() -> int:
    """Runs all parts; the status is 2 when recordings are missing."""
    missing = [category for category in NEEDED if not chosen(category, tuning=False)]
    if missing:
        wanted = f"set THIRDRING_SOUND to a folder with a MANIFEST.tsv (it is {FOLDER})"
        print(f"accuracy: no recordings of {' and '.join(missing)}: {wanted}", file=sys.stderr)
        return 2
    lines = [*HEAD]
    print("\n".join(HEAD))
    for part in PARTS:
        for row in part():
            print(row.text(), flush=True)
            lines.append(row.text())
    PAGE.write_text(_page(lines), encoding="utf-8")
    return 0


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
