"""The gateway on the demonstration's clock: `paced_gateway.py STATE LOCAL_PORT PORT PACE BEGAN_NS START_MS`.

The clock is told when it began, so that a gateway which is killed and started again goes on in the same time.
"""

import sys
import time
from pathlib import Path

from thirdring_gateway.app import Gateway, ended_by_signals
from thirdring_gateway.broker.configuration import Listeners
from thirdring_gateway.clock import PacedClock
from thirdring_gateway.config import Config
from thirdring_gateway.demo.desks import BRANCH
from thirdring_gateway.domain.settings import BranchSettings
from thirdring_gateway.logs import log_plainly

NS_PER_MS = 1_000_000


def main(state: str, local_port: int, port: int, pace: int, began_ns: int, start_ms: int) -> int:
    log_plainly()
    config = Config(BranchSettings(BRANCH), Listeners(local_port, "127.0.0.1", port, password_port=0))
    clock = PacedClock(start_ms + (time.time_ns() - began_ns) * pace // NS_PER_MS, pace)
    with ended_by_signals() as stopping, Gateway(config, Path(state), stopping, clock) as gateway:
        stopping.wait()
    return int(gateway.failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], *map(int, sys.argv[2:])))
