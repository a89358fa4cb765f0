"""Publishes to a real broker with the program's own session: `wrap.py PORT COUNT`, all in one connection."""

import gc
import json
import socket
import sys

from thirdring_unit.core.events import Message
from thirdring_unit.pico.mqtt import Session
from uselect import POLLIN, poll

port, count = int(sys.argv[1]), int(sys.argv[2])
WILL = Message("state", b"{}", retain=True)
MESSAGE = Message("fact", b"x")

connection = socket.socket()
connection.connect(socket.getaddrinfo("127.0.0.1", port)[0][-1])
connection.setblocking(False)
waiting = poll()
waiting.register(connection, POLLIN)
session = Session(0, 15_000)
session.connect("desk-07", None, "t/state", WILL, ["t/ack"])
report = {"published": 0, "acknowledged": 0, "highest_id": 0, "grown_bytes": 0}
buffer = bytearray(1024)
before = 0


def exchange() -> None:
    while session.out:
        session.sent(connection.write(session.out[0]) or 0)
    waiting.poll(5)
    size = connection.readinto(buffer)
    while size:
        session.feed(0, memoryview(buffer)[:size])
        size = connection.readinto(buffer)


while not session.is_up:
    exchange()
gc.collect()
before = gc.mem_alloc()
while report["published"] < count or not session.is_quiet:
    while report["published"] < count and len(session._unacknowledged) < 60:
        session.publish(0, "t/fact", MESSAGE)
        report["published"] += 1
        report["highest_id"] = max(report["highest_id"], session._packet_id)
    exchange()
report["acknowledged"] = report["published"] - len(session._unacknowledged) - session.dropped
gc.collect()
report["grown_bytes"] = gc.mem_alloc() - before
sys.stdout.write(json.dumps(report) + "\n")
