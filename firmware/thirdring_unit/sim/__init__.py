"""A desk without hardware: the third set of drivers, driven by a scenario file."""
