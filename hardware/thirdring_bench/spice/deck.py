"""A deck: the line front end of the board, something on its terminals, an analysis."""

from collections.abc import Iterable

from thirdring_bench.circuit import Circuit
from thirdring_bench.spice.corner import Corner
from thirdring_bench.spice.models import MODELS, spice_lines

BLOCKS = ("line", "ring", "loop", "compare", "tap")


def deck(circuit: Circuit, corner: Corner, around: Iterable[str], analysis: Iterable[str]) -> str:
    """The whole text for ngspice.

    `around` are the elements outside the board, on the nets line_a, line_b and phone_a; `analysis` the dot commands.
    """
    board = (line for part in circuit.block(*BLOCKS) for line in spice_lines(part, corner))
    return "\n".join(
        (
            f"* Thirdring line front end, {corner.name}",
            f".options temp={corner.celsius} reltol=2e-3 abstol=1n vntol=10u method=gear",
            *MODELS,
            *board,
            "V3V3 3v3 0 3.3",
            "V5V 5v 0 5",
            "Rsound sound 0 4.7k",  # the microphone input of a sound card
            "Rbarrier line_b 0 100k",
            *around,
            *analysis,
            ".end\n",
        )
    )
