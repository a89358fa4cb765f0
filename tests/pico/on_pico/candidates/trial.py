"""Delivers numbered facts by one of the MQTT clients, as the unit does: `trial.py CLIENT OPTIONS`; prints what it saw.

The clients are asked for the same small contract: `begin`, `is_up`, `publish`, and `step`, which returns what came in.
Facts that the other end does not acknowledge are sent again. What stands still while a client does its work is seen by
a task that wakes every 10 ms, as the desk's loop must.
"""

import asyncio
import gc
import json
import sys
from time import ticks_diff, ticks_ms

WAKE_MS = 10
WINDOW = 8
AGAIN_MS = 3_000
told = json.loads(sys.argv[2])
report = {"acked": 0, "stood_still_ms": 0, "live_bytes": 0}


def live_bytes():
    gc.collect()
    return gc.mem_alloc()


async def watch():
    while True:
        before = ticks_ms()
        await asyncio.sleep_ms(WAKE_MS)
        report["stood_still_ms"] = max(report["stood_still_ms"], ticks_diff(ticks_ms(), before) - WAKE_MS)


async def deliver(client):
    padding = b" " * told["padding_bytes"]
    until_ms = ticks_ms() + told["patience_s"] * 1_000
    sent, was_up, moved_ms, next_ms = 0, False, ticks_ms(), ticks_ms()
    while report["acked"] < told["facts"] and ticks_diff(until_ms, ticks_ms()) > 0:
        for payload in client.step():
            acked = int(bytes(payload).split()[0])
            if acked > report["acked"]:
                report["acked"], moved_ms = acked, ticks_ms()
        is_late = ticks_diff(ticks_ms(), moved_ms) > AGAIN_MS
        if is_late or (client.is_up and not was_up):
            sent, moved_ms = report["acked"], ticks_ms()
        was_up = client.is_up
        while (
            client.is_up
            and sent < min(told["facts"], report["acked"] + WINDOW)
            and ticks_diff(ticks_ms(), next_ms) >= 0
        ):
            sent += 1
            next_ms = ticks_ms() + told["every_ms"]
            client.publish(b"%d " % sent + padding)
        await asyncio.sleep_ms(5)


async def main():
    if told["is_narrow"]:
        __import__("narrow").install()
    for name in ("core.wire", "core.events", "pico.backoff", "pico.credentials", "pico.setup", "pico.wifi"):
        __import__("thirdring_unit." + name)  # a unit has these in any case
    before_bytes = live_bytes()
    client = __import__("by_" + sys.argv[1]).Client(told)
    asyncio.create_task(watch())  # noqa: RUF006 -- it ends with the program
    client.begin()
    await deliver(client)
    report["live_bytes"] = live_bytes() - before_bytes


asyncio.run(main())
sys.stdout.write("\n" + json.dumps(report) + "\n")
