"""The memory that the whole core needs; run by MicroPython, which prints the bytes that live with one unit."""

import gc
import sys

from thirdring_unit.core.journal import Journal
from thirdring_unit.core.settings import parse
from thirdring_unit.core.storage import Storage
from thirdring_unit.core.unit import Unit

settings = parse({"unit": {"branch": "b12", "id": "desk-07"}, "line": {"country": "CN"}})
unit = Unit(settings, Journal(Storage(), settings.limit_bytes), "power")
unit.start(0, [])
gc.collect()
sys.stdout.write(f"{gc.mem_alloc()}\n")  # type: ignore[attr-defined]  # MicroPython's own
