"""Runs the tests of one module on MicroPython: `micropython run_micropython.py ROOT MODULE`.

Prints one line for each test; the first failure's traceback ends the run with status 1.
"""

import gc
import sys

gc.threshold(2048)  # type: ignore[attr-defined]  # MicroPython's own: collect early, to keep room in one piece
root, name = sys.argv[1:]
for folder in ("", "/firmware", "/tests/core"):
    sys.path.insert(0, root + folder)
module = __import__(name)
tests = sorted(test for test in dir(module) if test.startswith("test_"))
for test in tests:
    sys.stdout.write(test + "\n")
    gc.collect()
    getattr(module, test)()
sys.stdout.write(f"{len(tests)} passed\n")
if not tests:
    sys.exit("no tests in " + name)
