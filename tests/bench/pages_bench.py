"""How long the server works on a page: 50 desks, a year, two million calls in SQLite.

Prints one row for Today, for the summary of a month and for the summary of a year: processor time, the best of seven,
so that other work on the machine does not count.
"""

import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import thirdring_gateway.ledger.tables  # noqa: F401 -- sets Django up, before any model is imported
from django.conf import settings
from django.db import transaction
from django.test import Client
from thirdring_gateway.accounts.models import Person
from thirdring_gateway.clock import RealClock
from thirdring_gateway.domain.hours import HOUR_MS, hour_start_ms
from thirdring_gateway.domain.settings import BranchSettings
from thirdring_gateway.domain.sums import CALL, MARK, VERDICTS, VISIT, VOICE
from thirdring_gateway.ledger import tables
from thirdring_gateway.ledger.database import open_database
from thirdring_gateway.web import site

DESKS, DAYS, OPEN_HOURS, CALLS_AN_HOUR = 50, 365, 10, 11
BRANCH, ZONE, DAY_MS = "b12", "Asia/Shanghai", 24 * HOUR_MS
TRIES = 7
BUDGETS_MS = {"/today": 150, "/summary?period=month": 300, "/summary?period=custom&from={first}&to={last}": 1000}


def hour_of_calls(start_ms: int, boot: int, first: int, random: np.random.Generator) -> bytes:
    """Return the calls of one hour of one desk as the ledger keeps them."""
    calls = np.zeros(CALLS_AN_HOUR, CALL)
    calls["start_ms"] = start_ms + np.sort(random.integers(0, HOUR_MS, CALLS_AN_HOUR))
    calls["boot"], calls["number"] = boot, np.arange(first, first + CALLS_AN_HOUR)
    calls["verdict"] = random.choice(
        [VERDICTS.index("answered"), VERDICTS.index("missed")], CALLS_AN_HOUR, p=[0.95, 0.05]
    )
    calls["rings"] = random.integers(1, 6, CALLS_AN_HOUR)
    calls["wait_ms"] = calls["rings"].astype(int) * 5000 - 2600
    calls["longest_hold_ms"] = np.where(
        random.random(CALLS_AN_HOUR) < 0.1, random.integers(1000, 90_000, CALLS_AN_HOUR), -1
    )
    calls["held_ms"] = np.maximum(calls["longest_hold_ms"], 0)
    calls["holds"] = calls["longest_hold_ms"] > 0
    calls["talk_ms"], calls["by"] = (
        random.integers(10_000, 300_000, CALLS_AN_HOUR),
        random.integers(0, 4, CALLS_AN_HOUR),
    )
    return calls.tobytes()


def fill(now_ms: int) -> int:
    """Write a year of sums; return how many calls they hold."""
    random = np.random.default_rng(4)
    midnight_ms = hour_start_ms(now_ms, ZONE) - (now_ms + 8 * HOUR_MS) % DAY_MS // HOUR_MS * HOUR_MS
    nothing = {"voices": np.zeros(0, VOICE).tobytes(), "visits": np.zeros(0, VISIT).tobytes()}
    nothing["marks"] = np.zeros(0, MARK).tobytes()
    total = 0
    for place in range(DESKS):
        unit = tables.Unit.objects.create(branch=BRANCH, name=f"desk-{place:02}")
        rows = []
        for day in range(DAYS):
            opens_ms = midnight_ms - (DAYS - 1 - day) * DAY_MS + 9 * HOUR_MS
            boot = tables.Boot(unit=unit, number=day + 1, first_up_ms=0, last_up_ms=OPEN_HOURS * HOUR_MS)
            boot.anchors = [[0, opens_ms]]
            boot.save()
            calls = b"".join(
                hour_of_calls(opens_ms + hour * HOUR_MS, day + 1, hour * CALLS_AN_HOUR + 1, random)
                for hour in range(OPEN_HOURS)
            )
            rows.append(tables.DaySums(unit=unit, day_ms=opens_ms - 9 * HOUR_MS, calls=calls, **nothing))
            total += CALLS_AN_HOUR * OPEN_HOURS
        tables.DaySums.objects.bulk_create(rows, batch_size=500)
    return total


def main() -> int:
    """Print the rows; return 1 when a budget is not kept."""
    settings.SECRET_KEY, settings.ALLOWED_HOSTS = "only for a measurement on this machine", ["testserver"]
    with tempfile.TemporaryDirectory() as folder:
        open_database(str(Path(folder) / "ledger.sqlite3"))
        clock = RealClock()
        site.composed = site.Composed(BranchSettings(branch=BRANCH), clock)
        with transaction.atomic():
            total = fill(clock.now_ms())
        person = Person(login="bench", name="bench", role="manager")
        person.save()
        browser = Client()
        browser.force_login(person)
        session = browser.session
        session["used_ms"] = clock.now_ms()
        session.save()
        last = time.strftime("%Y-%m-%d")
        first = time.strftime("%Y-%m-%d", time.gmtime(time.time() - 364 * 86_400))
        print(f"{DESKS} desks, {total} calls")
        slow = 0
        for path, budget_ms in BUDGETS_MS.items():
            took_ms = []
            for _ in range(TRIES):
                began = time.process_time()
                answer = browser.get(path.format(first=first, last=last))
                took_ms.append(1000 * (time.process_time() - began))
                assert answer.status_code == 200, answer.status_code
            print(f"{path.split('&')[0]:32} {min(took_ms):7.0f} ms of {budget_ms}")
            slow |= min(took_ms) > budget_ms
        return slow


if __name__ == "__main__":
    sys.exit(main())
