"""Pages of the hardware guide that are tables in the data; `make docs` writes them."""

import tomllib
from importlib.resources import files

from thirdring_bench.bom import BLOCKS_BY_VARIANT, parts_list, total_usd
from thirdring_bench.circuit import load_circuit
from thirdring_bench.pins import load_pins
from thirdring_bench.proof.requirement import REQUIREMENTS
from thirdring_bench.spice import corner
from thirdring_bench.targets import PI, PICO_W, TARGETS

_VARIANT_OF = {"a": "full", "b": "buttons", "c": "line"}
_MADE = "<!-- Made by `make docs` from {}. Change it there. -->\n\n"


def pins_page() -> str:
    """Every input and light on both computers, and what each computer keeps for itself."""
    lines = [
        "# Pins\n",
        _MADE.format("`pins.toml`") + "Inputs are active when they are pulled to ground; lights are active high. "
        "`thirdring-bench pins` prints this table, `thirdring-bench pins --pico` the Pico's pin module.\n",
        "| name | Raspberry Pi | Pico W | debounce | what | |",
        "|---|---|---|---|---|---|",
    ]
    for pin in load_pins():
        debounce = f"{pin.debounce_ms} ms" if pin.debounce_ms else "in the core" if pin.pull == "up" else ""
        lines.append(
            f"| `{pin.name}` | BCM {pin.pi}, place {pin.place(PI)} | GP{pin.pico}, place {pin.place(PICO_W)} "
            f"| {debounce} | {pin.en} | {pin.zh} |"
        )
    lines.append("\nKept free, and refused in `pins.toml`:\n")
    for target in TARGETS:
        taken = ", ".join(f"{number} ({why})" for number, why in target.taken.items())
        lines.append(f"- {target.name}: {taken}")
    return "\n".join(lines) + "\n"


def parts_page() -> str:
    """The parts list with what each part is for, and the cost of each variant."""
    circuit = load_circuit()
    rows = parts_list(circuit)
    lines = [
        "# Parts\n",
        _MADE.format("`parts.toml` and `board.toml`") + "One board with everything fitted. `thirdring-bench bom --csv` "
        "makes the list for a distributor's basket. Numbers are the makers'; check stock, life cycle and footprint "
        "before you order. Prices are estimates for ten, not quotations.\n",
        "| n | references | value | first source | second source | USD | what it is for |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        first, second = row.item.order
        cells = (str(row.count), " ".join(row.refs), row.item.value, first, second, f"{row.usd:.2f}", row.item.why)
        lines.append(f"| {' | '.join(cells)} |")
    totals = ", ".join(f"{name} {total_usd(parts_list(circuit, name)):.2f}" for name in BLOCKS_BY_VARIANT)
    lines.append(f"\nParts of one board in USD, without the bare board: {totals}.")
    return "\n".join(lines) + "\n"


def requirements_page() -> str:
    """What the proof demands of the line front end."""
    lines = [
        "# Requirements of the line front end\n",
        _MADE.format("`proof/requirement.py`")
        + f"`make prove` measures each with ngspice at {len(corner.ALL)} corners: "
        "parts at the ends of their spread in the combinations that hurt, optocouplers new and aged, 0 and 50 °C. "
        "The decks are made from the same tables as the board.\n",
        "| name | what | limit |",
        "|---|---|---|",
    ]
    lines += [f"| `{name}` | {one.text.removeprefix('… ')} | {one.limit} |" for name, one in REQUIREMENTS.items()]
    return "\n".join(lines) + "\n"


def cost_page() -> str:
    """What a desk costs in each installation."""
    circuit = load_circuit()
    rows = tomllib.loads((files("thirdring_bench") / "data/desk.toml").read_text(encoding="utf-8"))
    boards = {place: total_usd(parts_list(circuit, variant)) for place, variant in _VARIANT_OF.items()}
    totals = {
        place: board + sum(row["usd"] for row in rows.values() if place in row["for"])
        for place, board in boards.items()
    }
    lines = [
        "# Cost per desk\n",
        _MADE.format("`desk.toml` and `parts.toml`")
        + "Estimates in USD for ten desks, without labour (about three hours to "
        "build, one to fit) and without the gateway. They are no quotations: ask a distributor.\n",
        "| what | A: full board | B: no line access | C: Pico W |",
        "|---|---:|---:|---:|",
        "| parts of the board | " + " | ".join(f"{usd:.2f}" for usd in boards.values()) + " |",
    ]
    for row in rows.values():
        cells = (f"{row['usd']:.2f}" if place in row["for"] else "–" for place in boards)
        lines.append(f"| {row['what']} | {' | '.join(cells)} |")
    lines.append("| **sum** | " + " | ".join(f"**{usd:.2f}**" for usd in totals.values()) + " |")
    return "\n".join(lines) + "\n"
