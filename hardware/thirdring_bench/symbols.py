"""A second opinion on pin numbers: our kinds of parts against KiCad's symbol libraries."""

import re
from collections.abc import Iterator
from pathlib import Path

from thirdring_bench.circuit import Circuit
from thirdring_bench.errors import BenchError
from thirdring_bench.kinds import KINDS, PinType

_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|([()])|([^\s()"]+)')
_TYPES = {"passive": PinType.PASSIVE, "input": PinType.INPUT, "open_collector": PinType.OPEN_COLLECTOR}
_TYPES |= {"power_in": PinType.POWER_IN}
_UNNAMED = "~"

Node = list["Node | str"]


def disagreements(circuit: Circuit, folder: Path) -> list[str]:
    """Pins that KiCad's symbol of a kind has and ours has not, or under another name or type; one line each."""
    kinds = sorted({part.item.kind for part in circuit.parts})
    return [line for kind in kinds if KINDS[kind].symbol for line in _compared(kind, folder)]


def _compared(kind: str, folder: Path) -> Iterator[str]:
    symbol = KINDS[kind].symbol
    ours = {str(number): pin for number, pin in enumerate(KINDS[kind].pins, start=1)}
    theirs = _pins_of(folder, symbol)
    for number in sorted(ours.keys() ^ theirs.keys()):
        yield f"{kind}: pin {number} is only in {'ours' if number in ours else symbol}"
    for number in sorted(ours.keys() & theirs.keys()):
        (name, pin_type), (their_name, their_type) = ours[number], theirs[number]
        if _UNNAMED not in {name, their_name} and name != their_name:
            yield f"{kind}: pin {number} is {name}, in {symbol} it is {their_name}"
        if _TYPES.get(their_type) is not pin_type:
            yield f"{kind}: pin {number} is {pin_type.name.lower()}, in {symbol} {their_type}"


def _pins_of(folder: Path, symbol: str) -> dict[str, tuple[str, str]]:
    library, name = symbol.split(":")
    path = folder / f"{library}.kicad_sym"
    try:
        tree = _parsed(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BenchError(f"{path}: {error.strerror}; `make board` installs KiCad's symbols") from None
    symbols = {node[1]: node for node in _children(tree, "symbol")}
    if name not in symbols:
        raise BenchError(f"{path}: has no symbol {name}")
    node = symbols[name]
    for parent in _children(node, "extends"):
        node = symbols[parent[1]]
    pins = (pin for unit in _children(node, "symbol") for pin in _children(unit, "pin"))
    return {str(_first(pin, "number")): (str(_first(pin, "name")), str(pin[1])) for pin in pins}


def _children(node: Node, name: str) -> Iterator[Node]:
    return (child for child in node if isinstance(child, list) and child and child[0] == name)


def _first(node: Node, name: str) -> "Node | str":
    return next(_children(node, name))[1]


def _parsed(text: str) -> Node:
    """The s-expression in `text` as nested lists of strings."""
    stack: list[Node] = [[]]
    for string, bracket, word in _TOKEN.findall(text):
        if bracket == "(":
            stack.append([])
        elif bracket == ")":
            done = stack.pop()
            stack[-1].append(done)
        else:
            stack[-1].append(word or string)
    top = stack[0][0]
    if not isinstance(top, list):
        raise BenchError("not a KiCad symbol library")
    return top
