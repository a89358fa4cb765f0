"""Takes the edges of a world as the program does: `edges.py FOLDER COUNT UNTAKEN_MS`; none are taken at first."""

import json
import sys

from thirdring_unit.pico.capture import Inputs
from thirdring_unit.pico.pins import INPUTS
from thirdring_unit.pico.uptime import UpTime
from thirdring_unit.pico_sim.world import world

folder, count, untaken_ms = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
world.begin(folder, {row[0]: row[1] for row in INPUTS})
start_ticks = world.ticks()
time = UpTime()
inputs = Inputs(INPUTS, ("ring",))
report = {"taken": 0, "wrong_times": 0, "lost": 0, "wrapped": False}
before = 0
next_ms = untaken_ms
while report["taken"] + report["lost"] < count:
    while time.now_ms() < next_ms:
        world.wait(None, 1)
    now_ms = time.now_ms()
    next_ms = now_ms + 25
    report["lost"] += inputs.lost()
    edge = inputs.take()
    while edge:
        report["taken"] += 1
        at_ms = time.at_ms(edge[0])
        report["wrong_times"] += at_ms % 10 != 0 or at_ms <= before or at_ms > now_ms
        report["wrapped"] = report["wrapped"] or edge[0] < start_ticks
        before = at_ms
        edge = inputs.take()
sys.stdout.write(json.dumps(report) + "\n")
