"""The pages in a real browser: from the first link to one call and its file, in both languages and at three widths."""

import json
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.web.browser import PASSWORD, SIZES, Site, Watched, chromium, set_up, sign_in, site, window
from tests.web.screens import PAGES

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]
LANGUAGES = ("en", "zh-CN")
SERIOUS = {"serious", "critical"}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site(tmp_path_factory.mktemp("site")) as started:
        yield started


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def manager(browser: Browser, running: Site) -> str:
    """The first manager's session, made by the one-time link, as the state of a browser profile."""
    profile = window(browser, "en", 1366)
    set_up(profile.new_page(), running)
    return json.dumps(profile.storage_state())


@pytest.fixture
def watched() -> Iterator[Watched]:
    """What the browser said and asked: nothing was wrong, and nothing left this machine."""
    watching = Watched()
    yield watching
    assert not watching.complaints
    assert not watching.strangers


def opened(browser: Browser, manager: str, language: str, width: int) -> Page:
    profile = browser.new_context(
        viewport={"width": width, "height": SIZES[width]}, locale=language, storage_state=json.loads(manager)
    )
    return profile.new_page()


@pytest.mark.parametrize("language", LANGUAGES)
def test_from_signing_in_to_a_call_and_its_file(
    browser: Browser, running: Site, manager: str, watched: Watched, language: str
) -> None:
    assert manager
    page = window(browser, language, 1366).new_page()
    watched.watch(page, running.address)
    sign_in(page, running)
    assert page.locator("html").get_attribute("lang") == language
    expect(page.locator("#vip .big")).to_have_text("2")
    page.click("nav a[href='/summary']")
    rate = page.locator("article:has(a[href='/help#timely_answer'])")
    timely = rate.locator(".kn a").first.inner_text()
    rate.locator(".kn a").first.click()
    assert page.locator("h1 .number").inner_text() == timely
    with page.expect_download() as file:
        page.click("a[href*='format=csv']")
    lines = file.value.path().read_bytes()
    assert lines.startswith(b"\xef\xbb\xbf")
    assert len(lines.decode("utf-8-sig").splitlines()) == int(timely) + 1
    page.click("tbody th a >> nth=0")
    expect(page.locator("svg.chart")).to_be_visible()


def test_a_report_is_chosen_and_taken_as_a_file_in_another_language(
    browser: Browser, running: Site, manager: str, watched: Watched
) -> None:
    page = opened(browser, manager, "en", 390)
    watched.watch(page, running.address)
    page.goto(running.address + "/reports")
    page.select_option("#kind", "day")
    page.fill("#day", "2026-11-20")
    page.select_option("#language", "zh-hans")
    with page.expect_download() as file:
        page.get_by_role("button", name="PDF").click()
    assert file.value.suggested_filename == "thirdring-b12-2026-11-20-zh.pdf"
    assert file.value.path().read_bytes().startswith(b"%PDF-")


def test_a_manager_plans_a_report_and_sees_when_it_comes(
    browser: Browser, running: Site, manager: str, watched: Watched
) -> None:
    page = opened(browser, manager, "en", 1366)
    watched.watch(page, running.address)
    page.goto(running.address + "/settings/reports")
    page.check("#id_week_on")
    page.fill("#id_week_at", "06:45")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_be_visible()
    expect(page.get_by_text("Next: Mon 30 Nov 2026 06:45:00")).to_be_visible()


@pytest.mark.parametrize("width", SIZES)
def test_every_page_fits_a_phone_a_desk_and_a_wall(
    browser: Browser, running: Site, manager: str, watched: Watched, width: int
) -> None:
    page = opened(browser, manager, "zh-CN", width)
    watched.watch(page, running.address)
    for path in PAGES.values():
        page.goto(running.address + path)
        beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert beyond <= 0, path


EVERY = (*PAGES.values(), "/calls/desk-01/4/1")
SOME = ("/today", "/live", "/summary", "/callbacks", "/calls/desk-01/4/1")
"""Of each kind of page one, for the languages and widths in which not every page is looked at."""


@pytest.mark.parametrize(
    ("language", "width", "paths"),
    [
        ("en", 1366, EVERY),
        ("zh-CN", 390, EVERY),
        ("en", 390, SOME),
        ("en", 3840, SOME),
        ("zh-CN", 1366, SOME),
        ("zh-CN", 3840, SOME),
    ],
)
def test_no_page_has_a_serious_barrier_for_people_with_disabilities(
    browser: Browser, running: Site, manager: str, language: str, width: int, paths: tuple[str, ...]
) -> None:
    page = opened(browser, manager, language, width)
    for path in paths:
        page.goto(running.address + path)
        found = Axe().run(page).response["violations"]
        serious = {
            each["id"]: [node["html"][:200] for node in each["nodes"]][:3]
            for each in found
            if each["impact"] in SERIOUS
        }
        assert not serious, path


def test_a_record_is_entered_with_the_keyboard_alone(
    browser: Browser, running: Site, manager: str, watched: Watched
) -> None:
    page = opened(browser, manager, "zh-CN", 1366)
    watched.watch(page, running.address)
    page.goto(running.address + "/calls/desk-03/8/1#record")
    expect(page.locator("#id_record-matter_0")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    for text in ("赵女士", "13512340000"):
        page.keyboard.press("Tab")
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type(text)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#record .done")).to_be_visible()
    expect(page.locator("#id_record-name")).to_have_value("赵女士")
    expect(page.locator("#id_record-contact")).to_have_value("13512340000")


def test_the_keyboard_alone_reaches_a_call(browser: Browser, running: Site, manager: str, watched: Watched) -> None:
    page = opened(browser, manager, "en", 1366)
    watched.watch(page, running.address)
    page.goto(running.address + "/today")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    for _ in range(40):
        page.keyboard.press("Tab")
        if (page.evaluate("document.activeElement.getAttribute('href')") or "").startswith("/calls/"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/calls/desk-*/**")


def test_a_page_comes_back_by_itself_and_says_that_it_was_cut_off(
    browser: Browser, running: Site, manager: str
) -> None:
    page = opened(browser, manager, "en", 1366)
    page.goto(running.address + "/live")
    expect(page.locator("#link-lost")).to_be_hidden()
    page.route("**/live/stream", lambda route: route.abort())
    page.reload()
    expect(page.locator("#link-lost")).to_be_visible()
    page.unroute("**/live/stream")
    expect(page.locator("#link-lost")).to_be_hidden()


def test_a_change_of_the_branch_reaches_an_open_page_without_a_click(
    browser: Browser, running: Site, manager: str, watched: Watched
) -> None:
    page, other = (opened(browser, manager, "en", 1366) for _ in range(2))
    watched.watch(page, running.address)
    page.goto(running.address + "/live")
    other.goto(running.address + "/settings/desks")
    other.fill("#title-desk-05", "Counter five")
    other.click("main button.main")
    expect(page.locator("#board")).to_contain_text("Counter five")


def test_signing_out_in_one_window_ends_the_stream_in_the_other(browser: Browser, running: Site, manager: str) -> None:
    assert manager
    profile = window(browser, "en", 1366)
    page, other = profile.new_page(), profile.new_page()
    sign_in(page, running)
    other.goto(running.address + "/live")
    page.get_by_role("button", name="Sign out").click()
    other.wait_for_url("**/sign-in?next=%2Flive")


def test_a_supervisor_is_invited_and_the_stream_shows_no_other_desk(
    browser: Browser, running: Site, manager: str, watched: Watched
) -> None:
    page = opened(browser, manager, "en", 1366)
    page.goto(running.address + "/settings/people/new")
    page.fill("#id_name", "李明")
    page.fill("#id_login", "li")
    page.select_option("#id_role", "supervisor")
    page.check("input[value='desk-04']")
    page.click("main button.main")
    link = page.input_value("#link")
    other = window(browser, "zh-CN", 1366).new_page()
    watched.watch(other, running.address)
    other.goto(link)
    other.fill("#id_password", PASSWORD)
    other.fill("#id_again", PASSWORD)
    other.click("button.main")
    other.wait_for_url(running.address + "/today")
    for stream in ("/today/stream", "/live/stream"):
        told = other.evaluate(
            "(path) => new Promise((done) => { const source = new EventSource(path);"
            " source.onmessage = (event) => { source.close(); done(event.data); }; })",
            stream,
        )
        assert "贵宾窗口" in told
        assert "号窗口" not in told
        assert "desk-0" not in told.replace("desk-04", "")
    other.goto(running.address + "/live")
    assert other.locator("li.desk").count() == 1
