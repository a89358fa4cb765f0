"""A gateway with its broker and ledger as a process: `gateway_process.py STATE PORT UNIT...`."""

import sys
from pathlib import Path

from thirdring_gateway.app import Gateway, ended_by_signals, log_plainly
from thirdring_gateway.broker.mosquitto import Address
from thirdring_gateway.config import Config
from thirdring_gateway.domain.settings import BranchSettings


def main(state: str, port: str, *units: str) -> int:
    log_plainly()
    config = Config(BranchSettings("b12"), Address("127.0.0.1", int(port)), units={unit: {} for unit in units})
    with ended_by_signals() as stopping, Gateway(config, Path(state), stopping) as gateway:
        stopping.wait()
    return int(gateway.failed)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
