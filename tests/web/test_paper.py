"""The pages for paper: the morning brief and the daily log."""

import re
from datetime import date
from pathlib import Path

import pytest
from thirdring_gateway import reports
from thirdring_gateway.accounts.roles import Sight
from thirdring_gateway.branch import store
from thirdring_gateway.domain.hours import OpeningHours
from thirdring_gateway.domain.kpis import KPIS
from thirdring_gateway.domain.settings import BranchSettings
from thirdring_gateway.web import numbers
from thirdring_gateway.web.files.praise import PRAISE_FROM, praise
from thirdring_gateway.web.period import CUSTOM, Period
from thirdring_gateway.web.views.paper import last_open_day

from tests.web import made_up
from tests.web.conftest import SignedIn
from tests.web.screens import LANGUAGES, PAGES

FRIDAY = date(2026, 11, 20)
WEEK = ((((540, 1050),),) * 5) + ((), ())


def test_on_monday_the_brief_is_about_friday(signed_in: SignedIn) -> None:
    store.save(store.WEEK, [[[540, 1050]]] * 5 + [[], []])
    page = signed_in("manager").get("/reports/brief").content.decode()
    assert "Fri 20 Nov 2026" in page


def test_the_day_before_a_holiday_is_found_and_a_long_closure_falls_back_to_yesterday() -> None:
    holiday = BranchSettings(hours=OpeningHours(week=WEEK, days={FRIDAY: ()}))
    assert last_open_day(holiday, date(2026, 11, 23)) == date(2026, 11, 19)
    closed = BranchSettings(hours=OpeningHours(week=((),) * 7))
    assert last_open_day(closed, date(2026, 11, 23)) == date(2026, 11, 22)


@pytest.mark.usefixtures("branch")
def test_praise_is_for_desks_that_did_all_of_enough_calls_right() -> None:
    period = Period(CUSTOM, FRIDAY, FRIDAY, made_up.ZONE)
    material = numbers.material(numbers.settings(), period, Sight(None))
    found = praise(material, {})
    assert found
    titles = {kpi.en.title: kpi for kpi in KPIS}
    for each in found:
        for desk, n in each.desks:
            said = titles[each.what].compute(material.desks[desk]).as_dict()
            assert said["k"] == said["n"] == n >= PRAISE_FROM


def test_a_log_lists_every_call_of_its_desk_and_day_in_order_and_is_signed_with_the_data(signed_in: SignedIn) -> None:
    page = signed_in("manager").get("/reports/log?desk=desk-03&day=2026-11-20").content.decode()
    period = Period(CUSTOM, FRIDAY, FRIDAY, made_up.ZONE)
    made = reports.make(numbers.settings(), period.from_ms, period.to_ms, made_up.NOW_MS, ["desk-03"])
    assert str(made["digest"]) in page
    links = [part.split('"')[0] for part in page.split('href="/calls/desk-03/')[1:]]
    assert links == sorted(links, key=lambda link: int(link.split("/")[1]))
    assert len(links) > 3
    assert "desk-01/" not in page


def test_what_is_no_day_is_said_and_the_usual_day_is_shown(signed_in: SignedIn) -> None:
    page = signed_in("manager").get("/reports/brief?day=someday").content.decode()
    assert "A date looks like 2026-11-02." in page


def test_every_page_has_its_picture_in_both_languages() -> None:
    docs = Path(__file__).parents[2] / "docs"
    pictures = {path.stem for path in (docs / "screens").glob("*.png")}
    assert {f"{language}-{page}" for language in LANGUAGES for page in (*PAGES, "call")} <= pictures
    linked = set(re.findall(r"screens/([\w-]+)\.png", (docs / "managers.md").read_text()))
    assert linked <= pictures
