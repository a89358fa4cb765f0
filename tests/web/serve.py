"""The pages over a made-up branch, on a free port of this machine, for a browser: `python serve.py FOLDER`.

Prints one JSON line with the address and the first manager's link, and ends when its standard input closes.
"""

import json
import sys
import threading
from pathlib import Path

import uvicorn

sys.path.insert(0, str(Path(__file__).parents[2]))

from thirdring_gateway.accounts.invitations import first_link
from thirdring_gateway.branch import store
from thirdring_gateway.domain.settings import BranchSettings
from thirdring_gateway.ledger.database import open_database
from thirdring_gateway.web.asking import now_ms
from thirdring_gateway.web.process import SERVER
from thirdring_gateway.web.site import Composed, site

from tests.web import made_up

OPEN = [[540, 720], [810, 1050]]
DESKS, DAYS, CALLS = 6, 8, 9


class StandingClock:
    """A clock that stands still, so that every picture of a page is the same."""

    def now_ms(self) -> int:
        return made_up.NOW_MS

    def wait_s(self, moment_ms: int) -> float:
        return max(0, moment_ms - made_up.NOW_MS) / 1000


def main(folder: Path) -> None:
    open_database(str(folder / "ledger.sqlite3"))
    units = list(made_up.branch(DESKS, DAYS, CALLS))
    made_up.present([unit for unit in units if unit.began_ms > made_up.MIDNIGHT_MS])
    made_up.store(units)
    store.save(store.WEEK, [OPEN] * 5 + [[], []])
    store.save(store.TARGETS, {"timely_answer": 90, "hold_over_limit": 5, "satisfaction": 85})
    for unit, title in made_up.TITLES.items():
        store.name_desk(unit, title)
    server = uvicorn.Server(uvicorn.Config("", port=0, **SERVER))
    given = Composed(
        BranchSettings(branch=made_up.BRANCH), StandingClock(), pace=0, is_closing=lambda: server.should_exit
    )
    server.config.app = site(given, folder / "key", ["127.0.0.1"])
    link = first_link(now_ms())

    def announce() -> None:
        while not server.started:
            threading.Event().wait(0.02)
        port = server.servers[0].sockets[0].getsockname()[1]
        print(json.dumps({"address": f"http://127.0.0.1:{port}", "link": link}), flush=True)  # noqa: T201 -- the answer
        sys.stdin.read()
        server.should_exit = True

    threading.Thread(target=announce, daemon=True).start()
    server.run()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
