"""A Pico W without the board: stand-ins for MicroPython's `machine`, `network`, `select` and `time`.

`micropython run.py FOLDER` runs the Pico's own program among them, in the world that FOLDER describes.
"""
