"""The numbers agree: a rate, the calls behind it, the charts and the files."""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from thirdring_gateway import reports
from thirdring_gateway.accounts.roles import Sight
from thirdring_gateway.domain.calls import WAITING
from thirdring_gateway.domain.figures import Rate, Spread
from thirdring_gateway.domain.kpis import KPIS
from thirdring_gateway.domain.settings import BranchSettings
from thirdring_gateway.web import numbers, rows
from thirdring_gateway.web.asked import Asked
from thirdring_gateway.web.cards import GOOD, NEAR, OFF, OVER, judged
from thirdring_gateway.web.downloads import harmless
from thirdring_gateway.web.kinds import KINDS
from thirdring_gateway.web.numbers import Material
from thirdring_gateway.web.paging import paged
from thirdring_gateway.web.period import CUSTOM, Period, PeriodError, period_of
from thirdring_gateway.web.selections import BEHIND, CALLS, CALLS_BEHIND, VISITS, Which
from thirdring_gateway.web.series import by_day, by_desk, by_hour, hold_lengths

from tests.web import made_up
from tests.web.conftest import SignedIn

MONTH = Period(CUSTOM, date(2026, 10, 25), date(2026, 11, 23), made_up.ZONE)  # the last 30 days
ALL = Sight(None)


@pytest.fixture
def month(branch: None) -> Material:  # noqa: ARG001 -- it is read
    return numbers.material(replace(numbers.settings(), coverage_percent=0), MONTH, ALL)


def listed(month: Material, which: Which) -> int:
    question = Asked(month.settings, MONTH, ALL, (), "")
    return KINDS[which.kind].found(question).counts()[which.name]


@pytest.mark.parametrize("key", [kpi.key for kpi in KPIS if kpi.is_rate and kpi.key in BEHIND])
def test_a_rate_counts_exactly_what_its_links_open(month: Material, key: str) -> None:
    figure, behind = month.figures[key], BEHIND[key]
    assert isinstance(figure, Rate)
    assert behind.k
    assert figure.n > 0, "the made-up branch has nothing of it: the test proves nothing"
    assert (listed(month, behind.k), listed(month, behind.n)) == (figure.k, figure.n)


@pytest.mark.parametrize("key", [kpi.key for kpi in KPIS if not kpi.is_rate])
def test_a_duration_is_of_what_its_link_opens_but_for_those_not_known(month: Material, key: str) -> None:
    figure = month.figures[key]
    assert isinstance(figure, Spread)
    assert len(figure.values_ms) > 0
    assert listed(month, BEHIND[key].n) == len(figure.values_ms) + (figure.beside.get("unknown") or 0)


def test_every_indicator_but_the_one_of_minutes_opens_a_list() -> None:
    assert {kpi.key for kpi in KPIS} - set(BEHIND) == {"coverage"}


@pytest.mark.parametrize("key", CALLS_BEHIND)
def test_days_desks_and_hours_add_up_to_the_whole(month: Material, key: str) -> None:
    figure = month.figures[key]
    assert isinstance(figure, Rate)
    for points in (by_day(key, month), by_desk(key, month, {})):
        assert (sum(point.k for point in points), sum(point.n for point in points)) == (figure.k, figure.n)
    cells = by_hour(key, month).values()
    assert (sum(k for k, _ in cells), sum(n for _, n in cells)) == (figure.k, figure.n)


def test_the_bars_of_the_holds_beyond_the_limit_are_the_calls_held_over_it(month: Material) -> None:
    over = sum(bar.calls for bar in hold_lengths(month) if bar.is_over)
    assert over == rows.count(month, CALLS["held-over"]) > 0


def test_a_hold_of_exactly_the_limit_is_in_a_bar_that_passes(month: Material) -> None:
    bars = {bar.label: bar.is_over for bar in hold_lengths(month)}
    assert bars["≤ 1:00"] is False
    assert bars["≤ 1:30"] is True


def test_whoever_waits_now_is_listed_as_waiting(month: Material) -> None:
    assert {row.state for row in rows.visit_rows(month, VISITS["waiting"])} == {WAITING}
    assert rows.count(month, VISITS["waiting"]) == 2


def test_lists_come_newest_first_and_page_by_page_without_gap_or_repetition(month: Material) -> None:
    whole = [row.call for row in rows.call_rows(month, CALLS["all"])]
    assert len(whole) > 60
    pages = [row.call for first in range(0, len(whole), 25) for row in rows.call_rows(month, CALLS["all"], first, 25)]
    assert pages == whole == list(dict.fromkeys(whole))
    starts = [row.start_ms for row in rows.call_rows(month, CALLS["all"])]
    assert starts == sorted(starts, reverse=True)


@pytest.mark.parametrize("name", KINDS)
def test_the_page_the_csv_and_the_json_hold_the_same_rows(signed_in: SignedIn, name: str) -> None:
    browser = signed_in("manager")
    ask = f"/{name}?period=month"
    page = browser.get(ask).content.decode()
    written = b"".join(browser.get(ask + "&format=csv")).decode()
    assert written.startswith("\ufeff")
    table = list(csv.reader(io.StringIO(written.removeprefix("\ufeff"))))
    told = json.loads(browser.get(ask + "&format=json").content)
    count = re.search(r'<h1>.*?class="soft number">([\d,]+)<', page)
    assert count
    assert int(count[1].replace(",", "")) == len(told) == len(table) - 1
    assert told
    fields = list(KINDS[name].titles)
    assert [row[1] for row in table[1:]] == [row["start"] for row in told]
    assert [row[2] for row in table[1:]] == [str(row[fields[2]]) for row in told]


@given(st.text())
def test_no_cell_is_taken_for_a_formula(text: str) -> None:
    assert not harmless(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert harmless(text).removeprefix("'") in (text, text.removeprefix("'"))


@pytest.mark.parametrize(
    ("k", "n", "state"), [(95, 100, GOOD), (90, 100, GOOD), (88, 100, NEAR), (50, 100, OVER), (0, 0, OFF)]
)
def test_a_miss_that_may_be_chance_is_a_warning_and_not_a_verdict(k: int, n: int, state: str) -> None:
    branch = BranchSettings(targets_percent={"timely_answer": 90})
    assert judged("timely_answer", Rate(k, n), branch)[0] == state


@pytest.mark.parametrize(("k", "state"), [(5, GOOD), (8, NEAR), (30, OVER)])
def test_of_what_should_be_rare_the_target_is_an_upper_bound(k: int, state: str) -> None:
    branch = BranchSettings(targets_percent={"hold_over_limit": 5})
    assert judged("hold_over_limit", Rate(k, 100), branch)[0] == state


def test_without_a_target_nothing_is_judged() -> None:
    assert judged("timely_answer", Rate(1, 100), BranchSettings())[0] == OFF


@pytest.mark.parametrize("ask", [
    {"period": "custom", "from": "yesterday", "to": "2026-11-02"},
    {"period": "custom", "from": "2026-11-02", "to": "2026-11-01"},
    {"period": "custom", "from": "2020-01-01", "to": "2026-11-01"},
    {"period": "custom", "from": "0001-01-01", "to": "0001-01-02"},
])  # fmt: skip
def test_dates_that_make_no_period_are_refused_in_words(ask: dict[str, str]) -> None:
    with pytest.raises(PeriodError):
        period_of(ask, made_up.NOW_MS, made_up.ZONE)


def test_a_refused_period_is_said_on_the_page_and_the_usual_one_is_shown(signed_in: SignedIn) -> None:
    page = signed_in("manager").get("/summary?period=custom&from=2026-11-09&to=2026-11-01").content.decode()
    assert 'role="alert"' in page
    assert "17 Nov 2026" in page


@pytest.mark.parametrize(("name", "first", "last"), [
    ("today", "2026-11-23", "2026-11-23"),
    ("yesterday", "2026-11-22", "2026-11-22"),
    ("week", "2026-11-17", "2026-11-23"),
    ("this-month", "2026-11-01", "2026-11-23"),
    ("last-month", "2026-10-01", "2026-10-31"),
    ("nonsense", "2026-11-17", "2026-11-23"),
])  # fmt: skip
def test_a_named_period_is_whole_days_of_the_branch(name: str, first: str, last: str) -> None:
    period = period_of({"period": name}, made_up.NOW_MS, made_up.ZONE)
    assert (period.first.isoformat(), period.last.isoformat()) == (first, last)
    assert period.before.last.toordinal() == period.first.toordinal() - 1
    assert len(period.before.days) == len(period.days)


@given(st.text(), st.integers(0, 10_000))
def test_any_page_number_leads_to_a_page_that_exists(asked: str, count: int) -> None:
    window = paged(asked, count)
    assert 1 <= window.page <= window.pages
    assert 0 <= window.first <= max(0, count)


def test_the_page_and_the_command_line_s_report_say_the_same(month: Material) -> None:
    made: Any = reports.make(month.settings, MONTH.from_ms, MONTH.to_ms, made_up.NOW_MS, list(month.desks))
    for kpi in KPIS:
        said = month.figures[kpi.key].as_dict()
        assert said.items() <= made["kpis"][kpi.key].items(), kpi.key
        for unit, scope in month.desks.items():
            assert kpi.compute(scope).as_dict().items() <= made["desks"][unit][kpi.key].items(), (unit, kpi.key)
