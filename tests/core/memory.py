"""The memory that the whole core needs; run by MicroPython, which prints the bytes that live with one unit."""

import gc
import sys

from thirdring_unit.core.journal import Journal
from thirdring_unit.core.parsing import parse
from thirdring_unit.core.storage import Storage
from thirdring_unit.core.unit import Unit

settings = parse({"unit": {"branch": "b12", "id": "desk-07"}, "line": {"country": "CN"}})
del parse
for package, module in (("thirdring_unit.core", "parsing"), ("thirdring_unit.core", "countries")):
    delattr(sys.modules[package], module)  # as a Pico does once it has read its settings
    del sys.modules[package + "." + module]
unit = Unit(settings, Journal(Storage(), settings.limit_bytes), "power")
unit.start(0, [])
gc.collect()
sys.stdout.write(f"{gc.mem_alloc()}\n")  # type: ignore[attr-defined]  # MicroPython's own
