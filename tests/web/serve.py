"""The pages over a made-up branch, on a free port of this machine, for a browser: `python serve.py FOLDER`.

Prints one JSON line with the address and the first manager's link, and ends when its standard input closes.
"""

import json
import sys
import threading
from datetime import date, timedelta
from pathlib import Path

import uvicorn

sys.path.insert(0, str(Path(__file__).parents[2]))

from thirdring_gateway.accounts.invitations import first_link
from thirdring_gateway.accounts.models import Person
from thirdring_gateway.accounts.roles import Role
from thirdring_gateway.branch import store
from thirdring_gateway.domain.settings import BranchSettings
from thirdring_gateway.ledger.database import open_database
from thirdring_gateway.sending import store as sending
from thirdring_gateway.sending.models import Delivery
from thirdring_gateway.sending.plan import Plan
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


def report_by_themselves() -> None:
    """Let a daily and a monthly report be planned, and say of some days what became of them."""
    daily = Plan("day", made_up.NOW_MS - made_up.DAY_MS * 5, 450, ["pdf", "xlsx"], ["zh-hans"], ["boss@b12.example"])
    monthly = Plan("month", daily.since_ms, formats=["pdf", "csv"], languages=["zh-hans", "en"])
    store.save(sending.PLANS, {plan.kind: plan.as_dict() for plan in (daily, monthly)})
    store.save(
        sending.SERVER, sending.Server("smtp.b12.example", sender="gateway@b12.example", user="gateway").as_dict()
    )
    for back, failure in ((5, ""), (4, ""), (3, "sign-in refused")):
        day = date(2026, 11, 23) - timedelta(days=back)
        due_ms = made_up.MIDNIGHT_MS - (back - 1) * made_up.DAY_MS + daily.minute * made_up.MINUTE_MS
        files = [f"thirdring-b12-{day}-zh.{form}" for form in daily.formats]
        told = {"made_ms": due_ms, "files": files, "recipients": daily.recipients}
        if failure:
            told |= {
                "failure": failure,
                "detail": "535 authentication failed",
                "next_ms": made_up.NOW_MS,
                "attempts": 7,
            }
        else:
            told |= {"done_ms": due_ms + made_up.MINUTE_MS, "mailed_to": daily.recipients}
        Delivery.objects.create(kind="day", first=day, last=day, due_ms=due_ms, **told)


def main(folder: Path) -> None:
    open_database(str(folder / "ledger.sqlite3"))
    units = list(made_up.branch(DESKS, DAYS, CALLS))
    made_up.present([unit for unit in units if unit.began_ms > made_up.MIDNIGHT_MS])
    made_up.store(units)
    staff = Person.objects.create(login="zhao", name="赵敏", role=Role.SUPERVISOR, desks=list(made_up.TITLES))
    made_up.enter([unit for unit in units if unit.began_ms > made_up.MIDNIGHT_MS - made_up.DAY_MS], staff)
    store.save(store.WEEK, [OPEN] * 5 + [[], []])
    store.save(store.TARGETS, {"timely_answer": 90, "hold_over_limit": 5, "satisfaction": 85})
    for unit, title in made_up.TITLES.items():
        store.name_desk(unit, title)
    report_by_themselves()
    server = uvicorn.Server(uvicorn.Config("", port=0, **SERVER))
    given = Composed(
        BranchSettings(branch=made_up.BRANCH),
        StandingClock(),
        pace=0,
        is_closing=lambda: server.should_exit,
        state_dir=folder,
        folder=Path("/var/lib/thirdring/reports"),
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
