"""Pictures of every page in both languages, for the documentation: `python screens.py FOLDER [PAGE ...]`."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.web.browser import Site, chromium, set_up, sign_in, site, window

PAGES = {
    "today": "/today",
    "live": "/live",
    "summary": "/summary?period=week",
    "calls-late": "/calls?which=late",
    "visits": "/visits",
    "report": "/reports?kind=day&day=2026-11-20",
    "brief": "/reports/brief",
    "log": "/reports/log?desk=desk-04",
    "sent": "/reports/sent",
    "hours": "/settings",
    "limits": "/settings/limits",
    "desks": "/settings/desks",
    "plans": "/settings/reports",
    "mail": "/settings/mail",
    "people": "/settings/people",
    "person": "/settings/people/new",
    "changes": "/settings/changes",
    "seen": "/settings/seen",
    "callbacks": "/callbacks",
    "records": "/records",
    "record-form": "/records/form",
    "me": "/me",
    "help": "/help",
    "api": "/help/api",
}
LONG = ("api",)
"""Pages of which the beginning says enough."""
LANGUAGES = {"en": "en", "zh": "zh-CN"}
OTHER_SIZES = {390: ("today", "summary"), 3840: ("live", "today")}


def picture(page: Page, folder: Path, name: str, *, is_whole: bool = True) -> None:
    page.screenshot(path=folder / f"{name}.png", full_page=is_whole)


def one_language(page: Page, running: Site, folder: Path, short: str, only: list[str]) -> None:
    for name in only or PAGES:
        page.goto(running.address + PAGES[name])
        picture(page, folder, f"{short}-{name}", is_whole=name not in LONG)
    if only:
        return
    page.goto(running.address + "/calls?which=held-over")
    page.click("tbody th a >> nth=0")
    picture(page, folder, f"{short}-call")


def main(folder: Path, only: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as state, site(Path(state)) as running, chromium() as browser:
        for place, (short, language) in enumerate(LANGUAGES.items()):
            page = window(browser, language, 1366).new_page()
            page.goto(running.address + ("/sign-in" if place else running.link))
            if not only:
                picture(page, folder, f"{short}-{'sign-in' if place else 'welcome'}", is_whole=False)
            (sign_in if place else set_up)(page, running)
            page.goto(running.address + "/settings/limits")
            page.fill("#id_near_percent", str(75 + place))
            page.click("main button.main")
            one_language(page, running, folder, short, only)
            for width, names in ({} if only else OTHER_SIZES).items():
                other = window(browser, language, width).new_page()
                sign_in(other, running)
                for name in names:
                    other.goto(running.address + PAGES[name])
                    picture(other, folder, f"{short}-{name}-{width}", is_whole=width == min(OTHER_SIZES))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
