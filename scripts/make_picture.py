"""Takes the README's picture: the demonstration's live screen at a busy moment. `make picture`."""

import io
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

from rich.console import Console
from rich.terminal_theme import NIGHT_OWLISH
from thirdring_gateway.board import IDLE
from thirdring_gateway.demo.desks import story
from thirdring_gateway.demo.run import PACE, Demonstration
from thirdring_gateway.reports import Report
from thirdring_unit.core.vip import OFF, OVER

PICTURE = Path(__file__).parent.parent / "docs" / "demo.svg"
COLUMNS = 118


class Photographer(Demonstration):
    """A demonstration that keeps its busiest screen instead of showing every one."""

    busiest = -1
    frame: Console

    @contextmanager
    def _screen(self) -> Iterator[Callable[[Report], None]]:
        yield self._look

    def _look(self, made: Report) -> None:
        desks = list(self._board.desks.values())
        lit = sum(2 * (desk.vip == OVER) + (desk.vip != OFF) + (desk.prompt != OFF) for desk in desks)
        busy = sum(desk.doing != IDLE for desk in desks) + 3 * lit
        if busy > self.busiest:
            self.busiest = busy
            self.frame = Console(file=io.StringIO(), width=COLUMNS, force_terminal=True, record=True)
            self.frame.print(self._live(made))


def main() -> None:
    """Run the demonstration and write the picture."""
    console = Console(file=io.StringIO(), width=COLUMNS, force_terminal=True)
    with tempfile.TemporaryDirectory() as folder:
        photographer = Photographer(story(None), PACE, Path(folder), console)
        photographer.run(Event(), limit_s=180)
    svg = photographer.frame.export_svg(title="thirdring-gateway demo", theme=NIGHT_OWLISH)
    # Nothing is loaded from elsewhere: the reader's own fonts will do.
    PICTURE.write_text(re.sub(r"@font-face \{.*?\}|<!--.*?-->", "", svg, flags=re.DOTALL), encoding="utf-8")


if __name__ == "__main__":
    main()
