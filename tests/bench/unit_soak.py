"""A Pi unit through a day of calls and sound, many times faster than life: `python tests/bench/unit_soak.py 24 144`.

The real program, with its recorder, real ALSA and a real broker; its clock and its sound run at that pace. Memory and
descriptors must stay through the second half of the day where they were at noon (a program keeps the memory of its
busiest moment, but no more), and every call must be answered at the gateway.
"""

import sys
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from time import monotonic
from typing import NamedTuple

import numpy as np

sys.path.append(str(Path(__file__).parents[2]))  # a bench is run as a program
from tests.bench.ears_bench import desk
from tests.bench.unit_bench import STEREO, programs, resident_mb
from tests.unit import alsa
from tests.unit.pi_desk import Desk, running, settings
from tests.unit.real_broker import Broker, Gateway

CYCLE_S = 150  # from one call to the next
GROWTH_MB_MAX = 0.5
SAMPLES = 20  # so often it is looked at


class Look(NamedTuple):
    """What the unit and its recorder hold."""

    memory_mb: float
    descriptors: int


def look(pid: int) -> Look:
    """Look at a program and those that it has started."""
    pids = programs(pid)
    return Look(sum(map(resident_mb, pids)), sum(len(list(Path(f"/proc/{one}/fd").iterdir())) for one in pids))


def call(unit: Desk, pace: int) -> None:
    """Let the phone ring twice, be answered, and be laid down after a minute."""
    moves = (("ring 1", 1), ("ring 0", 4), ("ring 1", 1), ("ring 0", 1), ("loop 1", 60), ("loop 0", 20))
    unit.move(*(word for move, seconds in moves for word in (move, f"wait {seconds * 1_000 // pace}")))


def soak(unit: Desk, hours: int, pace: int) -> tuple[list[Look], int]:
    """Make a call in every cycle until the hours are over; return what was seen, and how many calls there were."""
    seconds, began_s = hours * 3_600 / pace, monotonic()

    looks: list[Look] = []
    for calls in count(1):
        call(unit, pace)
        Event().wait(max(0, began_s + calls * CYCLE_S / pace - monotonic()))
        passed = (monotonic() - began_s) / seconds
        if passed * SAMPLES >= len(looks):
            looks.append(look(unit.process.pid))
            print(
                f"{passed * hours:5.1f} h  {looks[-1].memory_mb:6.1f} MB  {looks[-1].descriptors} descriptors",
                flush=True,
            )
        if passed >= 1:
            return looks, calls
    raise AssertionError


def main(hours: int, pace: int) -> int:
    """Print what was seen; the status is 1 when something has grown or a call is missing."""
    mono = np.frombuffer(b"".join(desk(8_000)), np.int16)
    stereo = np.stack((mono, np.roll(mono, len(mono) // 3)), axis=1).ravel()
    with TemporaryDirectory() as name:
        folder = Path(name)
        broker = Broker(folder)
        gateway = Gateway(broker.port)
        card = alsa.LiveCard(folder / "card", stereo, channels=2, pace=pace)
        environment = alsa.configure(folder, [("codec", folder / "card")]) | {"PACE": str(pace)}
        config = settings(folder, broker.port, STEREO)
        patient = f"resend_ms = {min(5_000 * pace, 600_000)}"  # an answer takes as long as in life
        config.write_text(config.read_text().replace("resend_ms = 500", patient))
        with running(folder, config, environment) as unit:
            gateway.wait_for("boot", boot=1)
            card.wait_until_heard()
            looks, calls = soak(unit, hours, pace)
            answered = len(gateway.of_kind("answered"))
            unit.end()
        card.close()
        gateway.close()
        broker.stop()
    noon, last = looks[len(looks) // 2], looks[-1]
    grown_mb = last.memory_mb - noon.memory_mb
    print(f"{hours} h at {pace} times life: {calls} calls, {answered} answered; ", end="")
    print(f"since noon memory grew by {grown_mb:.1f} MB, descriptors by {last.descriptors - noon.descriptors}")
    return int(grown_mb > GROWTH_MB_MAX or last.descriptors > noon.descriptors or answered < calls - 1)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
