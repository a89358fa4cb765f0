"""What goes wrong around a Pi unit in years: it goes on, says so in one line and as a fact, loses nothing."""

import re
import resource
import signal
from pathlib import Path

import pytest
from thirdring_unit.pi.wallclock import Reading, WallClock

from tests.unit.pi_desk import running, settings
from tests.unit.real_broker import Broker, Gateway

pytestmark = [pytest.mark.system, pytest.mark.xdist_group("pi faults")]
DAY_MS = 86_400_000


def lines_with(log: str, words: str) -> int:
    return sum(words in line for line in log.splitlines())


def test_facts_of_the_time_without_a_broker_come_once_it_is_back(
    tmp_path: Path, broker: Broker, gateway: Gateway
) -> None:
    with running(tmp_path, settings(tmp_path, broker.port)) as desk:
        gateway.wait_for("boot", boot=1)
        broker.stop()
        desk.press("serve")
        desk.press("serve")
        broker.start()
        gateway.wait_until(lambda: len(gateway.of_kind("service")) == 2)
        log = desk.end()
    assert [fact["began"] for fact in gateway.of_kind("service")] == [True, False]
    assert lines_with(log, "link up") == 2


def test_a_full_disk_is_told_and_counted_and_facts_are_kept_again_once_there_is_room(
    tmp_path: Path, broker: Broker, gateway: Gateway
) -> None:
    with running(tmp_path, settings(tmp_path, broker.port)) as desk:
        gateway.wait_for("boot", boot=1)
        unlimited = resource.prlimit(desk.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(desk.process.pid, resource.RLIMIT_FSIZE, (0, unlimited[1]))
        desk.press("serve")
        desk.press("serve")
        for _ in range(4):  # two facts, and twice who is served
            desk.wait_for_line("the disk refuses a write")
        resource.prlimit(desk.process.pid, resource.RLIMIT_FSIZE, unlimited)
        gateway.wait_for("fault", boot=1)
        desk.press("serve")
        gateway.wait_for("service", boot=1)
        desk.end()
    (fault,) = gateway.of_kind("fault")
    assert (fault["what"], fault["on"]) == ("storage", False)
    (dropped,) = gateway.of_kind("dropped")
    assert dropped["n"] == 2
    numbers = [key[1] for key in gateway.facts]
    assert max(numbers) == len(numbers) + 1  # the `dropped` fact bears the first of the two missing numbers


def test_a_ring_input_that_is_stuck_is_told_and_counts_no_call(
    tmp_path: Path, broker: Broker, gateway: Gateway
) -> None:
    config = settings(tmp_path, broker.port)
    config.write_text(config.read_text().replace("[line]\n", "[line]\nring_stuck_ms = 5000\n"))
    with running(tmp_path, config) as desk:
        gateway.wait_for("boot", boot=1)
        desk.move("ring 1")
        gateway.wait_for("fault", boot=1)
        desk.press("serve")
        gateway.wait_for("service", boot=1)
        desk.end()
    (fault,) = gateway.of_kind("fault")
    assert (fault["what"], fault["input"]) == ("stuck", "ring")


def test_a_settings_file_that_went_bad_is_told_and_the_last_right_one_is_used(
    tmp_path: Path, broker: Broker, gateway: Gateway
) -> None:
    config = settings(tmp_path, broker.port)
    with running(tmp_path, config) as desk:
        gateway.wait_for("boot", boot=1)
        desk.end()
    config.write_bytes(config.read_bytes()[:40] + b"\xff\x00\xfe")
    with running(tmp_path, config) as desk:
        gateway.wait_for("fault", boot=2)
        log = desk.end()
    (fault,) = gateway.of_kind("fault")
    assert fault["what"] == "settings"
    assert str(config) in fault["why"]
    assert lines_with(log, "the settings file is wrong") == 1


def test_a_settings_file_that_was_never_right_is_refused_in_one_line(tmp_path: Path, broker: Broker) -> None:
    config = settings(tmp_path, broker.port, "[sounds]\n")
    with running(tmp_path, config) as desk:
        _, log = desk.process.communicate(timeout=30)
    assert desk.process.returncode == 2
    assert log == f"thirdring-unit: {config}: unknown section [sounds]; did you mean [sound]?\n"


def test_a_damaged_page_of_the_journal_costs_only_what_stood_on_it(
    tmp_path: Path, broker: Broker, gateway: Gateway
) -> None:
    config = settings(tmp_path, broker.port)
    broker.stop()
    with running(tmp_path, config) as desk:
        desk.wait_for_line("desk starts")
        for _ in range(4):
            desk.press("serve")
        segment = desk.wait_for_journal(rb'(.*"kind":"service".*\n){4}')
        desk.process.send_signal(signal.SIGKILL)
        desk.process.communicate()
    page = bytearray(segment.read_bytes())
    second = [match.start() for match in re.finditer(rb'"kind":"service"', page)][1]
    page[second - 20 : second + 20] = bytes(40)
    segment.write_bytes(page)
    broker.start()
    with running(tmp_path, config) as desk:
        gateway.wait_until(lambda: len(gateway.of_kind("fault")) == 1 and len(gateway.of_kind("boot")) == 2)
        log = desk.end()
    assert gateway.kinds(1) == ["boot", "service", "dropped", "service", "service"]
    (dropped,) = gateway.of_kind("dropped")
    assert (dropped["n"], dropped["first"], dropped["last"]) == (1, 3, 3)
    (fault,) = gateway.of_kind("fault")
    assert (fault["what"], fault["boot"]) == ("journal", 2)
    assert lines_with(log, "records of the journal are damaged") == 1
    assert gateway.of_kind("boot")[1]["reason"] == "crash"


class Told:
    """A unit that remembers what time it was told."""

    def __init__(self) -> None:
        self.times: list[tuple[int, int, str]] = []

    def clock(self, up_ms: int, epoch_ms: int, source: str) -> None:
        self.times.append((up_ms, epoch_ms, source))


@pytest.mark.parametrize("step_ms", [DAY_MS, -DAY_MS])
def test_a_clock_that_is_set_by_a_day_is_told_anew_once_it_is_known_to_be_right(step_ms: int) -> None:
    now_ms = 1_800_000_000_000
    readings = {
        0: Reading(now_ms, "ntp"),
        10_000: Reading(now_ms + 10_000, "ntp"),
        20_000: Reading(now_ms + 20_000 + step_ms, None),  # somebody sets it: the kernel calls it undisciplined
        30_000: Reading(now_ms + 30_000 + step_ms, "ntp"),
        40_000: Reading(now_ms + 40_000, "ntp"),
    }
    unit, clock = Told(), WallClock(iter(readings.values()).__next__)
    for up_ms in readings:
        clock.look(unit, up_ms)  # type: ignore[arg-type] # all of a unit that it uses
    assert unit.times == [
        (0, now_ms, "ntp"),
        (30_000, now_ms + 30_000 + step_ms, "ntp"),
        (40_000, now_ms + 40_000, "ntp"),
    ]


def test_nothing_of_a_unit_but_its_wall_clock_reads_the_time_of_day() -> None:
    firmware = Path(__file__).parents[2] / "firmware/thirdring_unit"
    readers = [
        path.name
        for path in firmware.rglob("*.py")
        if re.search(r"time\.time|datetime\.now|utcnow|localtime|strftime", path.read_text(encoding="utf-8"))
    ]
    assert readers == ["wallclock.py"]
