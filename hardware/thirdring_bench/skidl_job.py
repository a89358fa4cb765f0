"""Run SKiDL on one board: JSON on stdin (see `board.job`), JSON with findings and netlist on stdout.

A program of its own, run in an empty folder: SKiDL keeps its circuit in globals and writes logs where it is started.
"""

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import skidl
from skidl.pin import pin_types


def main() -> None:
    """Build the board, check it, and print what was found."""
    job = json.load(sys.stdin)
    board = skidl.Circuit()
    nets = {name: skidl.Net(name, circuit=board) for name in job["nets"]}
    for name in job["supplies"]:
        nets[name].drive = skidl.POWER
    for part in job["parts"]:
        _place(part, board, nets)
    board.ERC()
    netlist = board.generate_netlist(tool=skidl.KICAD9, file_=os.devnull)
    json.dump({"findings": _findings(), "netlist": _timeless(netlist)}, sys.stdout)


def _place(part: dict[str, Any], board: skidl.Circuit, nets: dict[str, skidl.Net]) -> None:
    pins = [skidl.Pin(num=str(n), name=name, func=pin_types[kind]) for n, (name, kind) in enumerate(part["pins"], 1)]
    template = skidl.Part(
        name=part["item"],
        tool=skidl.SKIDL,
        dest=skidl.TEMPLATE,
        pins=pins,
        value=part["value"],
        footprint=part["footprint"],
        ref_prefix=part["ref"].rstrip("0123456789"),
    )
    placed = template(ref=part["ref"], tag=part["ref"], circuit=board)
    for number, net in enumerate(part["nets"], 1):
        if net:
            nets[net] += placed[str(number)]
        else:
            board.NC += placed[str(number)]


def _findings() -> list[str]:
    lines = Path(f"{Path(sys.argv[0]).stem}.erc").read_text(encoding="utf-8").splitlines()
    return [line.split(" @ ")[0] for line in lines if "WARNING: " in line or "ERROR: " in line]


def _timeless(netlist: str) -> str:
    """The netlist without when and in which folder it was made: the same board gives the same bytes."""
    netlist = re.sub(r'\n *\((?:date|source) "[^"]*"\)', "", netlist)
    return re.sub(r'\n *\(field\n *\(name "SKiDL Line"\) "[^"]*"\)', "", netlist)


if __name__ == "__main__":
    main()
