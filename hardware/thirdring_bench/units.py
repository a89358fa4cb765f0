"""Values as they are printed on parts lists: "470 nF", "4.99 kΩ", "27 V"."""

import re
from types import MappingProxyType

from thirdring_bench.errors import BenchError

_PREFIX = MappingProxyType({"": 1.0, "p": 1e-12, "n": 1e-9, "µ": 1e-6, "m": 1e-3, "k": 1e3, "M": 1e6})
_VALUE = re.compile(r"(\d+(?:\.\d+)?) ([pnµmkM]?)(Ω|F|V|H|A)")


def quantity(text: str) -> float:
    """The number of base units (ohm, farad, volt …) that `text` says; raises BenchError when it says none."""
    match = _VALUE.fullmatch(text)
    if not match:
        raise BenchError(f"{text!r} is no value; write a number, a space and a unit, such as '470 nF' or '4.99 kΩ'")
    number, prefix, _ = match.groups()
    return float(number) * _PREFIX[prefix]
