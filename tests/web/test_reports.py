"""Reports as files: every format says what the report says, Chinese arrives intact, and nothing is left to guess."""

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from math import nan
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from fontTools.ttLib import TTFont
from pypdf import PageObject, PdfReader
from thirdring_gateway import reports
from thirdring_gateway.branch import store
from thirdring_gateway.domain.kpis import KPIS
from thirdring_gateway.trouble import Trouble
from thirdring_gateway.web import numbers
from thirdring_gateway.web.files import sheets
from thirdring_gateway.web.files.book import look_at
from thirdring_gateway.web.files.formats import BRIEF, FORMATS, LOG, REPORT
from thirdring_gateway.web.files.report import PeriodReport, period_report
from thirdring_gateway.web.period import CUSTOM, Period, around

from tests.web import made_up
from tests.web.conftest import SignedIn

MONTH = Period(CUSTOM, date(2026, 10, 25), date(2026, 11, 23), made_up.ZONE)
QUERY = "period=month"  # the same days, by the pages' name for them
UNITS = ("desk-01", "desk-02", "desk-03", "desk-04")
NOT_A_CHARACTER = "\uffff"  # what the glyph that stands for all that is missing says it is
SHARES, SPANS = ("rate", "low", "high"), ("mean_ms", "median_ms", "p90_ms", "max_ms", "total_ms")


@pytest.fixture
def month(branch: None) -> PeriodReport:  # noqa: ARG001 -- it is read
    return period_report(numbers.settings(), MONTH, UNITS, made_up.NOW_MS)


def rows_of(written: bytes) -> list[dict[str, str]]:
    """Return the rows of a CSV report by the titles of their columns."""
    return list(csv.DictReader(io.StringIO(written.decode("utf-8-sig"))))


def expected(made: Any, titles: dict[str, str]) -> Iterator[tuple[str, dict[str, float | None]]]:
    """Yield the desk and the numbers of each row that a table must have, as the report in JSON has them."""
    parts = {"All desks": made["kpis"]} | {titles.get(unit, unit): kpis for unit, kpis in made["desks"].items()}
    for desk, kpis in parts.items():
        for kpi in KPIS:
            figure = kpis[kpi.key]
            spans = {name: None if figure.get(name) is None else figure[name] / 1000 for name in SPANS}
            yield desk, {name: figure.get(name) for name in ("k", "n", *SHARES, "target_percent", "count")} | spans


# ---- one computation, many formats


def test_a_report_from_a_page_is_byte_for_byte_that_of_the_command_line(signed_in: SignedIn) -> None:
    answer = signed_in("manager").get(f"/reports?{QUERY}&format=json")
    made = reports.make(numbers.settings(), MONTH.from_ms, MONTH.to_ms, made_up.NOW_MS, UNITS)
    assert answer.content == reports.as_json(made).encode()
    assert 'filename="thirdring-b12-2026-10-25..2026-11-23.json"' in answer.headers["Content-Disposition"]


def test_the_csv_file_has_the_numbers_of_the_report_and_says_in_each_row_what_they_were_made_of(
    signed_in: SignedIn,
) -> None:
    store.save(store.TARGETS, {"timely_answer": 90})
    browser = signed_in("manager")
    written = browser.get(f"/reports?{QUERY}&format=csv").content
    told = json.loads(browser.get(f"/reports?{QUERY}&format=json").content)
    assert written.startswith(b"\xef\xbb\xbf")
    found = rows_of(written)
    for row, (desk, figures) in zip(found, expected(told, {}), strict=True):
        cells = list(row.values())
        assert cells[0] == desk
        assert [float(cell) if cell else None for cell in cells[3:15]] == list(figures.values()), cells[:3]
        assert row["Digest of the data"] == told["digest"]
        assert (row["Definitions, version"], row["From"], row["Branch"]) == (told["definitions"], told["from"], "b12")


def test_no_cell_of_a_csv_file_is_a_formula(signed_in: SignedIn) -> None:
    for start in ("=1+1", "+1", "-1", "@x", "\tx"):
        store.name_desk("desk-03", f'{start}|" calc')
        written = signed_in("manager").get(f"/reports?{QUERY}&format=csv").content
        cells = [cell for row in csv.reader(io.StringIO(written.decode("utf-8-sig"))) for cell in row]
        assert f"'{start}|\" calc" in cells
        assert not [cell for cell in cells if cell[:1] in "=+@\t\r" and cell]


def test_a_workbook_is_the_same_to_the_byte_whenever_it_is_made_and_holds_no_formula(month: PeriodReport) -> None:
    store.name_desk("desk-03", "=1+1")
    again = period_report(numbers.settings(), MONTH, UNITS, made_up.NOW_MS)
    one, two = (FORMATS["xlsx"].write(each) for each in (again, again))
    assert one == two
    with zipfile.ZipFile(io.BytesIO(one)) as book:
        sheets = "".join(book.read(name).decode() for name in book.namelist() if "worksheets/sheet" in name)
        strings = book.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in sheets
    assert "=1+1" in strings
    assert month.made["digest"] in strings


def test_a_workbook_says_how_many_calls_it_leaves_out(month: PeriodReport) -> None:
    cut = replace(month, made=month.made | {"left_off": {"missed": 1467}})
    assert ["Missed", "… +1,467"] in [row[:2] for row in look_at(cut)]


def test_libreoffice_reads_the_numbers_of_the_report_from_the_workbook(month: PeriodReport, tmp_path: Path) -> None:
    if shutil.which("soffice") is None:
        pytest.skip("no soffice here: install libreoffice-calc-nogui")
    (tmp_path / "book.xlsx").write_bytes(FORMATS["xlsx"].write(month))
    every_sheet_unrounded = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile"]
    command += ["--convert-to", every_sheet_unrounded, "--outdir", str(tmp_path), str(tmp_path / "book.xlsx")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    whole, desks = (rows_of((tmp_path / f"book-{name}.csv").read_bytes()) for name in ("Whole", "Desks"))
    for row, (desk, figures) in zip([*whole, *desks], expected(month.made, {}), strict=True):
        cells = list(row.values())
        assert cells[0] == desk
        told = [float(cell.rstrip("%") or "nan") / (100 if "%" in cell else 1) for cell in cells[3:15]]
        wanted = [nan if value is None else value for value in figures.values()]
        assert told == pytest.approx(wanted, rel=1e-12, nan_ok=True), cells[:3]
    looked_at = rows_of((tmp_path / "book-To look at.csv").read_bytes())
    kinds = ("late_answers", "missed", "holds_over_limit", "vip_over_limit", "vip_out_of_order")
    keys = [row.get("call", row.get("visit")) for name in kinds for row in month.made["lists"][name]]
    assert [row["Key"] for row in looked_at] == keys


def test_an_html_file_needs_nothing_beside_it_and_leads_nowhere(signed_in: SignedIn) -> None:
    for page in ("reports", "reports/brief", "reports/log"):
        text = signed_in("manager").get(f"/{page}?format=html").content.decode()
        assert re.findall(r'(?:src|href|url)\s*[=(]\s*["\']?([^#"\')>\s][^"\')>]*)', text) == [], page
        assert "<script" not in text
        anchors = set(re.findall(r'href="#([^"]+)"', text))
        assert anchors
        assert anchors <= set(re.findall(r'id="([^"]+)"', text))


# ---- PDF


def written_pdf(report: PeriodReport, paper: str = "report") -> PdfReader:
    kinds = {each.name: each for each in (REPORT, BRIEF, LOG)}
    return PdfReader(io.BytesIO(kinds[paper].formats["pdf"].write(report)))


def drawn_characters(page: PageObject) -> set[str]:
    """Return the characters that a page's embedded fonts can draw: those whose glyph has an outline."""
    drawn = set()
    resources: Any = page["/Resources"]
    for reference in resources["/Font"].values():
        font = reference.get_object()
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        file = TTFont(io.BytesIO(descriptor["/FontFile2"].get_object().get_data()))
        named = re.findall(r"<([0-9a-f]{4})> <([0-9a-f]+)>", font["/ToUnicode"].get_object().get_data().decode())
        for glyph_id, text in named:
            glyph = file["glyf"].glyphs.get(file.getGlyphName(int(glyph_id, 16)))
            if glyph is not None and file["glyf"][file.getGlyphName(int(glyph_id, 16))].numberOfContours:
                drawn |= set(bytes.fromhex(text).decode("utf-16-be"))
    return drawn - {NOT_A_CHARACTER}


def test_a_month_s_pdf_has_its_chinese_intact(signed_in: SignedIn) -> None:
    for unit, title in made_up.TITLES.items():
        store.name_desk(unit, title)
    answer = signed_in("manager").get(f"/reports?{QUERY}&format=pdf&language=zh-hans")
    assert answer.headers["Content-Type"] == "application/pdf"
    pages = PdfReader(io.BytesIO(answer.content)).pages
    text = "".join(page.extract_text() for page in pages)
    for words in ("接听及时率", "各坐席", "贵宾窗口", "讨论事项", "指标说明", "数据摘要", "定义版本"):
        assert words in text, words
    chinese = set(re.findall("[\u4e00-\u9fff]", text))
    assert len(chinese) > 150
    drawn = set().union(*(drawn_characters(page) for page in pages))
    assert not chinese - drawn
    assert not set(re.findall("[A-Za-z0-9%]", text)) - drawn


def test_every_page_of_a_pdf_says_what_it_is_its_number_and_what_its_data_were(month: PeriodReport) -> None:
    pages = written_pdf(month).pages
    assert len(pages) > 1
    for number, page in enumerate(pages, 1):
        text = page.extract_text()
        assert f"{number} / {len(pages)}" in text
        assert "Branch b12" in text
        assert "Sun 25 Oct 2026 – Mon 23 Nov 2026" in text
        assert f"Definitions, version {month.made['definitions']}" in text
        assert month.made["digest"] in text.replace("\n", "")


def test_a_pdf_shows_the_numbers_of_the_report(month: PeriodReport) -> None:
    text = "".join(page.extract_text() for page in written_pdf(month).pages)
    timely = month.made["kpis"]["timely_answer"]
    assert f"{timely['k']}/{timely['n']}" in text
    assert f"{timely['rate'] * 100:.1f}%" in text
    for kpi in KPIS:
        assert " ".join(kpi.en.formula.split()) in " ".join(text.split()), kpi.key


@pytest.mark.usefixtures("branch")
def test_the_morning_brief_is_one_page() -> None:
    friday = around("day", date(2026, 11, 20), made_up.ZONE)
    assert len(written_pdf(period_report(numbers.settings(), friday, UNITS, made_up.NOW_MS), "brief").pages) == 1


def test_of_many_calls_to_talk_about_the_worst_of_each_kind_are_shown(month: PeriodReport) -> None:
    every = sheets.notable(month.material, 1_000)["notable"]
    few = sheets.notable(month.material, 6)
    shown = few["notable"]
    assert few["more"] == len(every) - len(shown) > 0
    assert [row.start_ms for row in shown] == sorted(row.start_ms for row in shown)
    for is_kind in (lambda row: row.verdict == "missed", lambda row: (row.longest_hold_ms or 0) > 60_000):
        assert any(map(is_kind, shown)) == any(map(is_kind, every))
    longest = max(every, key=lambda row: row.longest_hold_ms or 0)
    assert max(row.longest_hold_ms or 0 for row in shown) == longest.longest_hold_ms


@pytest.mark.usefixtures("branch")
def test_a_character_that_no_font_has_is_told_instead_of_dropped() -> None:
    store.name_desk("desk-03", "\U000f1234号窗口")
    with pytest.raises(Trouble, match="no font on this machine can draw \U000f1234; install"):
        written_pdf(period_report(numbers.settings(), MONTH, UNITS, made_up.NOW_MS))


def test_a_page_says_which_font_is_missing(signed_in: SignedIn) -> None:
    store.name_desk("desk-03", "\U000f1234")
    answer = signed_in("manager").get(f"/reports?{QUERY}&format=pdf")
    assert answer.status_code == 503
    assert "fonts-wqy-microhei" in answer.content.decode()


def test_without_a_chinese_font_the_command_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "fonts.conf").write_text("<fontconfig><dir>/usr/share/fonts/truetype/dejavu</dir></fontconfig>")
    (tmp_path / "facts.jsonl").write_text(
        "".join(json.dumps(fact) + "\n" for fact in made_up.boot("desk-01", 1, 0).facts)
    )
    command = [Path(sys.executable).with_name("thirdring-gateway")]
    subprocess.run([*command, "load", "facts.jsonl", "--db", "a.db"], cwd=tmp_path, check=True, capture_output=True)
    asked = ["report", "--from", "2026-11-01", "--to", "2026-12-01", "--db", "a.db", "--language", "zh-CN"]
    done = subprocess.run(
        [*command, *asked, "--format", "pdf", "--out", "a.pdf"], cwd=tmp_path, capture_output=True, text=True,
        env=os.environ | {"FONTCONFIG_FILE": str(tmp_path / "fonts.conf")}, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "fonts-wqy-microhei" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "a.pdf").exists()


# ---- choosing


@pytest.mark.parametrize(("asked", "first", "last"), [
    ("kind=day", "2026-11-22", "2026-11-22"),
    ("", "2026-11-16", "2026-11-22"),
    ("kind=month", "2026-10-01", "2026-10-31"),
    ("kind=month&day=2028-02-29", "2028-02-01", "2028-02-29"),
    ("kind=week&day=2026-11-23", "2026-11-23", "2026-11-29"),
    ("kind=year", "2026-11-16", "2026-11-22"),
    ("period=custom&from=2026-11-03&to=2026-11-05", "2026-11-03", "2026-11-05"),
])  # fmt: skip
def test_a_report_is_of_the_last_period_that_is_over_or_of_the_one_around_a_day(
    signed_in: SignedIn, asked: str, first: str, last: str
) -> None:
    told = signed_in("manager").get(f"/reports?{asked}&format=json").headers["Content-Disposition"]
    assert f"b12-{first if first == last else f'{first}..{last}'}.json" in unquote(told)


def test_a_supervisor_s_report_is_of_the_own_desk_alone(signed_in: SignedIn) -> None:
    told = json.loads(signed_in("supervisor").get(f"/reports?{QUERY}&format=json").content)
    assert list(told["desks"]) == ["desk-02"]
    assert told["kpis"] == told["desks"]["desk-02"]


def test_a_file_speaks_the_language_that_was_asked_for_and_the_page_keeps_its_own(signed_in: SignedIn) -> None:
    browser = signed_in("manager")
    answer = browser.get("/reports?format=html&language=zh-hans")
    assert 'lang="zh-CN"' in answer.content.decode()
    assert "接听及时率" in answer.content.decode()
    assert "-zh.html" in answer.headers["Content-Disposition"]
    assert 'lang="en"' in browser.get("/reports?language=zh-hans").content.decode()
