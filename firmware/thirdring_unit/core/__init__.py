"""Pure decisions of the desk unit: no I/O, no clock, no floats; runs on CPython and MicroPython."""
