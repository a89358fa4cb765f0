"""Lets go of modules whose work is done: their code leaves the heap, and comes from flash again when it is needed."""

import gc
import sys

ONCE = ("thirdring_unit.core.parsing", "thirdring_unit.core.countries", "thirdring_unit.pico.reading")


def forget() -> None:
    """Let go of what only the start and a push of settings need."""
    for name in ONCE:
        package, _, module = name.rpartition(".")
        if sys.modules.pop(name, None):
            delattr(sys.modules[package], module)
    gc.collect()
