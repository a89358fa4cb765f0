"""What a whole Pi unit costs beside webrtcvad alone, on the same sound at the pace of life: CPU and memory.

    python tests/bench/unit_bench.py

The unit is the real program with real ALSA and a stereo card; only its pins are mock ones. Beside it runs a program
that records the same card in the same way, and does nothing but ask webrtcvad about every frame of both channels.
"""

import os
import subprocess
import sys
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

import numpy as np
import webrtcvad
from thirdring_unit.pi.framing import CHUNK_MS
from thirdring_unit.pi.soundcard import SoundCard

sys.path.append(str(Path(__file__).parents[2]))  # a bench is run as a program
from tests.bench.ears_bench import desk, gate_cost
from tests.unit import alsa
from tests.unit.pi_desk import running, settings

SECONDS = 30
WARM_S = 3
RATE_HZ = 8_000
FRAME = RATE_HZ // 50
CPU_BUDGET = 8.0  # times webrtcvad on both channels
MEMORY_BUDGET_MB = 120
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
STEREO = '[sound]\nline_device = "codec"\nagent_device = "codec"\n'


def programs(pid: int) -> list[int]:
    """A process, and those that it has started."""
    tasks = Path(f"/proc/{pid}/task")
    return [pid, *map(int, " ".join(path.read_text() for path in tasks.glob("*/children")).split())]


def cpu_ms(pid: int) -> float:
    """CPU time that a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1_000 / TICKS_A_SECOND


def resident_mb(pid: int) -> float:
    """Memory that a process holds now."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1_024


def measured(pid: int) -> tuple[float, list[float]]:
    """Milliseconds of CPU that a program and its own take for a second of sound, and the memory of each in MB."""
    Event().wait(WARM_S)
    begun_ms = sum(map(cpu_ms, programs(pid)))
    Event().wait(SECONDS)
    return (sum(map(cpu_ms, programs(pid))) - begun_ms) / SECONDS, [resident_mb(one) for one in programs(pid)]


def gate() -> int:
    """Be the program beside: record, and ask webrtcvad."""
    vads = [webrtcvad.Vad(3), webrtcvad.Vad(3)]
    with SoundCard("codec", RATE_HZ, 2) as card:
        card.rate_hz()
        for chunk in islice(card.chunks(), (SECONDS + 4 * WARM_S) * 1_000 // CHUNK_MS):
            for vad, side in zip(vads, np.frombuffer(chunk.samples, np.int16).reshape(-1, 2).T, strict=True):
                for frame in side.reshape(-1, FRAME):
                    vad.is_speech(frame.tobytes(), RATE_HZ)
    return 0


def main() -> int:
    """Print the rows; the status is 1 when a budget is not kept."""
    sound = desk(RATE_HZ)
    bare_ms = 2 * min(gate_cost(sound, RATE_HZ) for _ in range(3))
    mono = np.frombuffer(b"".join(sound), np.int16)
    stereo = np.stack((mono, np.roll(mono, len(mono) // 3)), axis=1).ravel()
    with TemporaryDirectory() as name:
        folder = Path(name)
        card = alsa.LiveCard(folder / "card", stereo, channels=2)
        environment = alsa.configure(folder, [("codec", folder / "card")])
        with subprocess.Popen([sys.executable, __file__, "gate"], env=environment) as beside:
            card.wait_until_heard()
            gate_ms, _ = measured(beside.pid)
        with running(folder, settings(folder, 1, STEREO), environment) as unit:
            unit_ms, memory_mb = measured(unit.process.pid)
            unit.end()
        card.close()
    print(
        f"whole unit, two channels: {unit_ms:.1f} ms of CPU for a second of sound; webrtcvad alone, recorded alike: ",
        end="",
    )
    print(
        f"{gate_ms:.1f} ({bare_ms:.2f} without the recording): {unit_ms / gate_ms:.1f} times, at most {CPU_BUDGET:.0f}"
    )
    print(
        f"resident memory: {sum(memory_mb):.0f} MB, {memory_mb[1]:.0f} of it the recorder; at most {MEMORY_BUDGET_MB}"
    )
    return int(unit_ms > CPU_BUDGET * gate_ms or sum(memory_mb) > MEMORY_BUDGET_MB)


if __name__ == "__main__":
    sys.exit(gate() if sys.argv[1:] == ["gate"] else main())
