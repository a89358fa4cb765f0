"""A gateway with its broker and ledger as a process: `gateway_process.py STATE LOCAL_PORT PORT PASSWORD_PORT`."""

import sys
from pathlib import Path

from thirdring_gateway.app import Gateway, ended_by_signals
from thirdring_gateway.broker import mosquitto
from thirdring_gateway.broker.configuration import Listeners
from thirdring_gateway.config import Config
from thirdring_gateway.domain.settings import BranchSettings
from thirdring_gateway.logs import log_plainly


def main(state: str, local_port: int, port: int, password_port: int) -> int:
    log_plainly()
    mosquitto.PAUSE_S_MAX = 0.5  # a broker that is killed all the time is not left dead most of the time
    config = Config(BranchSettings("b12"), Listeners(local_port, "127.0.0.1", port, password_port))
    with ended_by_signals() as stopping, Gateway(config, Path(state), stopping) as gateway:
        stopping.wait()
    return int(gateway.failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], *map(int, sys.argv[2:])))
