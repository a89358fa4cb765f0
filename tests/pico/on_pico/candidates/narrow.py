"""Sockets that take little at a time, and now and then nothing, as lwIP does when its buffers are full."""

import io
import socket as real
import sys

TAKEN_BYTES = 20


class Narrow(io.IOBase):
    """A socket of the machine behind a narrow gate."""

    def __init__(self, *kind):
        self._socket = real.socket(*kind)
        self._turn = 0

    def write(self, data, *length):
        self._turn += 1
        if self._turn % 2:
            return None
        taken = length[0] if length and length[0] >= 0 else len(data)
        return self._socket.write(bytes(data)[: min(taken, TAKEN_BYTES)])

    def ioctl(self, what, argument):
        return argument & 5 if what == 3 else 0  # whatever is asked for may be tried; 3 is MP_STREAM_POLL

    def read(self, *size):
        return self._socket.read(*size)

    def readinto(self, buffer, *size):
        return self._socket.readinto(buffer, *size)

    def connect(self, address):
        self._socket.connect(address)

    def setblocking(self, is_blocking):
        self._socket.setblocking(is_blocking)

    def close(self):
        self._socket.close()


class Sockets:
    """Stands in the place of the module `socket`."""

    socket = Narrow

    def __getattr__(self, name):
        return getattr(real, name)


def install():
    sys.modules["socket"] = sys.modules["usocket"] = Sockets()
