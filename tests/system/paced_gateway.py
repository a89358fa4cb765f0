"""The gateway as a process on the demonstration's clock: `paced_gateway.py STATE PORT PACE BEGAN_NS START_MS`.

The clock is told when it began, so that a gateway which is killed and started again goes on in the same time.
"""

import sys
import time
from pathlib import Path

from thirdring_gateway.app import Gateway, ended_by_signals, log_plainly
from thirdring_gateway.broker.mosquitto import Address
from thirdring_gateway.clock import PacedClock
from thirdring_gateway.config import Config
from thirdring_gateway.demo.desks import BRANCH
from thirdring_gateway.domain.settings import BranchSettings
from thirdring_unit.sim import scenario

NS_PER_MS = 1_000_000


def main(state: str, port: int, pace: int, began_ns: int, start_ms: int) -> int:
    log_plainly()
    units: dict[str, dict[str, object]] = {each.desk: {} for each in scenario.shipped()}
    config = Config(BranchSettings(BRANCH), Address("127.0.0.1", port), units=units)
    clock = PacedClock(start_ms + (time.time_ns() - began_ns) * pace // NS_PER_MS, pace)
    with ended_by_signals() as stopping, Gateway(config, Path(state), stopping, clock) as gateway:
        stopping.wait()
    return int(gateway.failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], *map(int, sys.argv[2:])))
