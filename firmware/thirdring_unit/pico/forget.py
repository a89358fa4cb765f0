"""Lets go of modules whose work is done: their code leaves the heap, and comes from flash again when it is needed."""

import gc
import sys

ONCE = (
    "thirdring_unit.core.parsing",
    "thirdring_unit.core.countries",
    "thirdring_unit.pico.reading",
    "thirdring_unit.pico.certificates",
    "thirdring_unit.pico.pins",
)


def forget() -> None:
    """Let go of what only the start, a push of settings and a renewed certificate need."""
    for name in ONCE:
        package, _, module = name.rpartition(".")
        if sys.modules.pop(name, None):
            delattr(sys.modules[package], module)
    gc.collect()
