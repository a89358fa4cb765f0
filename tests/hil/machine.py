"""The emulated machine: Debian's own kernel under QEMU's software emulation, with this system's files under it."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import NamedTuple

HERE = Path(__file__).parent
HOST = "10.0.2.2"  # as the emulated machine sees this one
PATIENCE_S = 1_500  # the day takes ten minutes: a machine that has not reported after so long never will
TAIL = 2_000


class MachineError(Exception):
    """The emulated machine did not do what it was asked; the text says what it said last."""


class Deed(NamedTuple):
    """Something that is done to the machine's world while it runs."""

    after_s: int
    do: Callable[[], object]


def prepare(work: Path) -> None:
    """Make what the machine boots, unless it is there; raises MachineError."""
    if subprocess.run([HERE / "prepare.sh", work], check=False).returncode:
        raise MachineError("the emulated machine cannot be prepared")


def run(work: Path, job: Path, *deeds: Deed) -> None:
    """Boot, let the job's `job.sh` run, and wait for the power to go off; raises MachineError when it did not report.

    QEMU ends well even when the job fails: only the job's own report, `told.json`, counts.
    """
    command: list[str | Path] = [
        *("qemu-system-x86_64", "-M", "q35", "-accel", "tcg", "-cpu", "Nehalem", "-m", "512"),
        *("-nographic", "-no-reboot", "-kernel", work / "vmlinuz", "-initrd", work / "initramfs.cpio.gz"),
        # Mitigations guard against neighbours that this machine has not, and are slow to emulate.
        *("-append", "console=ttyS0 quiet panic=-1 mitigations=off audit=0"),
        *_shared("host", Path("/"), ",readonly=on,multidevs=remap"),
        *_shared("job", job, ""),
        *("-netdev", "user,id=net", "-device", "virtio-net-pci,netdev=net"),
    ]
    with (job / "console.txt").open("wb") as console, _timed(deeds):
        machine = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=console, stderr=console, timeout=PATIENCE_S, check=False
        )
    if machine.returncode or not (job / "told.json").exists():
        said = "".join(path.read_text()[-TAIL:] for name in ("console.txt", "out.txt") if (path := job / name).exists())
        raise MachineError(
            f"the emulated machine did not report (status {machine.returncode}); its last words:\n{said}"
        )


@contextmanager
def _timed(deeds: tuple[Deed, ...]) -> Iterator[None]:
    timers = [Timer(deed.after_s, deed.do) for deed in deeds]
    for timer in timers:
        timer.start()
    try:
        yield
    finally:
        for timer in timers:
            timer.cancel()


def _shared(tag: str, folder: Path, more: str) -> list[str]:
    device = f"virtio-9p-pci,fsdev={tag},mount_tag={tag}"
    return ["-fsdev", f"local,id={tag},path={folder},security_model=none{more}", "-device", device]
