"""Runs MicroPython with a ROM file system in this process's memory, as a Pico has one in its flash: outside the heap.

`in_place.py IMAGE HEAP SCRIPT` mounts IMAGE at /rom, where boards have it, and runs SCRIPT, a line of MicroPython.
"""

import ctypes
import mmap
import sys
from pathlib import Path

import micropython_unix

MOUNT = "import sys, uctypes, vfs; vfs.mount(vfs.VfsRom(uctypes.bytearray_at({at}, {size})), '/rom'); "
PATHS = "sys.path[:] = ['/rom/thirdring_unit/pico_sim', '/rom']; "


def main(image: Path, heap: str, script: str) -> int:
    """Be MicroPython until it ends; return its status."""
    with image.open("rb") as file:
        flash = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
    mount = MOUNT.format(at=ctypes.addressof(ctypes.c_char.from_buffer(flash)), size=len(flash))
    sys.argv = ["micropython", "-X", f"heapsize={heap}", "-c", mount + PATHS + script]
    status: int = micropython_unix.main()
    return status


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *sys.argv[2:]))
